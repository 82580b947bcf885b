package io.millrace.chaos.disk;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients knew when the power went: answers they had by then stand, what they had asked for
 * and not heard of is unknown, and what they asked later never was.
 */
final class PartialHistory {

  private static final String NO_POWER = "PowerCut";

  private PartialHistory() {}

  /** The history of a life up to a cut. */
  static List<Entry> until(Capture cut, List<Entry> whole) {
    List<Entry> known = new ArrayList<>();
    for (Entry entry : whole) {
      if (entry.returnedNs() < cut.fromNs()) {
        known.add(entry);
      } else if (entry.invokedNs() <= cut.toNs()) {
        known.add(unknown(entry, cut.toNs()));
      }
    }
    return known;
  }

  private static Entry unknown(Entry entry, long atNs) {
    if (entry instanceof Entry.Send send) {
      return new Entry.Send(
          send.session(),
          send.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          send.attempt(),
          send.order(),
          send.intendedNs(),
          send.delayMs(),
          Fingerprint.NONE,
          true,
          send.queue(),
          send.batch());
    } else if (entry instanceof Entry.Receive poll) {
      return new Entry.Receive(
          poll.session(),
          poll.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          poll.waitMs(),
          poll.visibilityMs(),
          poll.max(),
          List.of(),
          poll.queue());
    } else if (entry instanceof Entry.Delete delete) {
      return new Entry.Delete(
          delete.session(),
          delete.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          delete.attempt(),
          delete.handle(),
          delete.batch(),
          delete.queue());
    } else if (entry instanceof Entry.Visibility change) {
      return new Entry.Visibility(
          change.session(),
          change.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          change.attempt(),
          change.handle(),
          change.visibilityMs(),
          change.batch(),
          change.queue());
    } else if (entry instanceof Entry.Batch batch) {
      return new Entry.Batch(
          batch.session(),
          batch.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          batch.queue(),
          batch.batch(),
          batch.size(),
          batch.distinctIds(),
          0,
          0,
          0);
    } else if (entry instanceof Entry.Purge purge) {
      return new Entry.Purge(
          purge.session(), purge.invokedNs(), atNs, Ending.INFO, NO_POWER, purge.queue());
    } else if (entry instanceof Entry.Counts counts) {
      return new Entry.Counts(
          counts.session(),
          counts.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          counts.queue(),
          0,
          0,
          0);
    } else if (entry instanceof Entry.Queue change) {
      return new Entry.Queue(
          change.session(),
          change.invokedNs(),
          atNs,
          Ending.INFO,
          NO_POWER,
          change.change(),
          change.queue(),
          change.name(),
          change.settings());
    }
    return entry;
  }
}
