package io.millrace.chaos.check;

import io.millrace.chaos.history.Damage;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A tiny history told in milliseconds; every operation takes one, and the visibility timeout is
 * five seconds.
 */
final class Story {

  static final int VISIBILITY_MS = 5_000;
  private static final long MS = 1_000_000;

  private final List<Entry> entries = new ArrayList<>();

  /**
   * A story whose work is done, so that what is added decides the verdict: one whole message, a
   * felt kill, a drain.
   */
  static Story ofAWholeRun() {
    return new Story()
        .event(0, EventKind.KILL_PLANNED)
        .send(0, 1_000)
        .send(1_005, 1_006, 1_001, Ending.OK)
        .receive(1_001, 1_010, 1_011, "first", 1)
        .delete(1_001, 1_012, 1_013, "first", Ending.OK)
        .receive(1_000, 20, 21, "zeroth", 1)
        .delete(1_000, 22, 23, "zeroth", Ending.OK)
        .send(9_999, 10_001, 1_002, Ending.INFO)
        .kill(10_000, 10_005)
        .event(90_000, EventKind.DRAINED);
  }

  Story send(long atMs, long attempt) {
    return send(atMs, atMs + 1, attempt, Ending.OK);
  }

  Story send(long fromMs, long toMs, long attempt, Ending ending) {
    return add(
        new Entry.Send(
            0,
            fromMs * MS,
            toMs * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            attempt,
            attempt,
            fromMs * MS,
            0,
            ending == Ending.OK ? messageId(attempt) : Fingerprint.NONE,
            true));
  }

  Story receive(long attempt, long fromMs, long toMs, String handle, int count) {
    return receive(attempt, fromMs, toMs, handle, count, Set.of());
  }

  Story receive(
      long attempt, long fromMs, long toMs, String handle, int count, Set<Damage> damage) {
    return receive(fromMs, toMs, delivery(attempt, messageId(attempt), handle, count, damage));
  }

  Story receive(long fromMs, long toMs, Delivery... deliveries) {
    return add(
        new Entry.Receive(
            1,
            fromMs * MS,
            toMs * MS,
            Ending.OK,
            "",
            1_000,
            VISIBILITY_MS,
            10,
            List.of(deliveries)));
  }

  Story delete(long attempt, long fromMs, long toMs, String handle, Ending ending) {
    return add(
        new Entry.Delete(
            1,
            fromMs * MS,
            toMs * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            attempt,
            Fingerprint.of(handle),
            Entry.ALONE));
  }

  Story kill(long fromMs, long toMs) {
    return add(new Entry.Event(2, fromMs * MS, toMs * MS, EventKind.KILL, "exit 137"));
  }

  Story event(long atMs, EventKind kind) {
    return add(new Entry.Event(2, atMs * MS, atMs * MS, kind, "as told"));
  }

  Story add(Entry entry) {
    entries.add(entry);
    return this;
  }

  Story without(EventKind kind) {
    entries.removeIf(entry -> entry instanceof Entry.Event event && event.kind() == kind);
    return this;
  }

  Judgement judged() {
    return judged(Rules.STRICT);
  }

  Judgement judged(Rules rules) {
    return Judge.judge(entries(), rules);
  }

  List<Entry> entries() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::returnedNs));
    return sorted;
  }

  static Delivery delivery(
      long attempt, Fingerprint messageId, String handle, int count, Set<Damage> damage) {
    return new Delivery(attempt, messageId, Fingerprint.of(handle), count, 1_000, 2_000, damage);
  }

  static Fingerprint messageId(long attempt) {
    return new Fingerprint(0x1234, attempt + 1);
  }
}
