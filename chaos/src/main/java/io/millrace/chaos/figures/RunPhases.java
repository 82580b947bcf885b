package io.millrace.chaos.figures;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a run was not steady.
 *
 * <p>The outage lasts from the kill to the first answer to a request that was made after it. The
 * catch-up lasts from there until the backlog, orders due and not yet received, is no larger than
 * it was for 99 % of the time before the kill, and stays so for {@value #STAY_MS} ms. That is a
 * generous bound on purpose: what is called catch-up is kept out of the headline.
 *
 * @param kill the kill; empty if there was none
 * @param restart the server's start after it; empty if there was none
 * @param recoveredNs when the first request made after the kill was answered with yes; empty if
 *     none was
 * @param caughtUpNs when the backlog was small again; empty if it never was
 * @param endNs the last return of any operation
 */
public record RunPhases(
    Optional<Entry.Event> kill,
    Optional<Entry.Event> restart,
    OptionalLong recoveredNs,
    OptionalLong caughtUpNs,
    long endNs) {

  private static final long MS = 1_000_000;
  private static final long SAMPLE_MS = 20;
  private static final long STAY_MS = 1_000;
  private static final double USUAL_SHARE = 0.99;

  /** Reads the logs in a directory. */
  public static RunPhases read(Path directory) throws IOException {
    Reading reading = new Reading();
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        reading.take(next.get());
        next = history.next();
      }
    }
    return reading.finish();
  }

  /** The stretches that are not steady, in whole milliseconds since the origin, rounded up. */
  public List<PhaseWindow> windows() {
    if (kill.isEmpty()) {
      return List.of();
    }
    List<PhaseWindow> windows = new ArrayList<>();
    long killedMs = ceilMs(kill.get().invokedNs());
    long recoveredMs = Math.max(killedMs, ceilMs(recoveredNs.orElse(endNs)));
    windows.add(new PhaseWindow(Phase.OUTAGE, killedMs, recoveredMs));
    if (recoveredNs.isPresent()) {
      long caughtUpMs = Math.max(recoveredMs, ceilMs(caughtUpNs.orElse(endNs)));
      windows.add(new PhaseWindow(Phase.CATCH_UP, recoveredMs, caughtUpMs));
    }
    return windows;
  }

  private static long ceilMs(long ns) {
    return (ns + MS - 1) / MS;
  }

  /** One pass over a history. */
  private static final class Reading {

    private final Buckets backlogChanges = new Buckets(SAMPLE_MS * MS);
    private final Passages passages = new Passages(this::count);
    private Optional<Entry.Event> kill = Optional.empty();
    private Optional<Entry.Event> restart = Optional.empty();
    private OptionalLong recoveredNs = OptionalLong.empty();
    private long endNs;

    void take(Entry entry) {
      passages.take(entry);
      endNs = Math.max(endNs, entry.returnedNs());
      if (entry instanceof Entry.Event event) {
        if (event.kind() == EventKind.KILL && kill.isEmpty()) {
          kill = Optional.of(event);
        } else if (event.kind() == EventKind.RESTARTED && restart.isEmpty()) {
          restart = Optional.of(event);
        }
      } else if (kill.isPresent()
          && recoveredNs.isEmpty()
          && isAnswer(entry)
          && entry.invokedNs() > kill.get().returnedNs()) {
        recoveredNs = OptionalLong.of(entry.returnedNs());
      }
    }

    private static boolean isAnswer(Entry entry) {
      boolean asked = !(entry instanceof Entry.Fault || entry instanceof Entry.Target);
      return asked && entry.ending() == Ending.OK;
    }

    RunPhases finish() {
      passages.finish();
      return new RunPhases(kill, restart, recoveredNs, caughtUpNs(), endNs);
    }

    private void count(Passage passage) {
      Entry.Send send = passage.send();
      backlogChanges.add(send.intendedNs(), 1);
      // A message nobody ever received is in nobody's backlog once its send has ended.
      backlogChanges.add(passage.wasReceived() ? passage.receivedNs() : send.returnedNs(), -1);
    }

    private OptionalLong caughtUpNs() {
      if (kill.isEmpty() || recoveredNs.isEmpty()) {
        return OptionalLong.empty();
      }
      long[] backlog = backlogChanges.sums();
      int killed = (int) (kill.get().invokedNs() / MS / SAMPLE_MS);
      int recovered = (int) (recoveredNs.getAsLong() / MS / SAMPLE_MS);
      long[] before = Arrays.copyOf(backlog, Math.min(killed, backlog.length));
      Arrays.sort(before);
      long usual = before.length == 0 ? 0 : before[(int) (before.length * USUAL_SHARE)];
      int small = 0;
      for (int sample = recovered; sample < backlog.length; sample++) {
        small = backlog[sample] <= usual ? small + 1 : 0;
        if (small >= STAY_MS / SAMPLE_MS) {
          long firstSmall = sample - small + 1L;
          return OptionalLong.of(Math.max(recoveredNs.getAsLong(), firstSmall * SAMPLE_MS * MS));
        }
      }
      return OptionalLong.empty();
    }
  }
}
