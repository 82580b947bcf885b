package io.millrace.chaos.check;

import io.millrace.chaos.history.Damage;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
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

  Story sendTo(int queue, long atMs, long attempt, int delayMs) {
    return add(
        new Entry.Send(
            0,
            atMs * MS,
            (atMs + 1) * MS,
            Ending.OK,
            "",
            attempt,
            attempt,
            atMs * MS,
            delayMs,
            messageId(attempt),
            true,
            queue,
            Entry.ALONE));
  }

  Story delayed(long atMs, long attempt, int delayMs) {
    return sendTo(Entry.FIRST_QUEUE, atMs, attempt, delayMs);
  }

  Story receiveFrom(int queue, long attempt, long fromMs, long toMs, String handle, int count) {
    return poll(
        queue,
        fromMs,
        toMs,
        0,
        List.of(delivery(attempt, messageId(attempt), handle, count, Set.of())));
  }

  /** A poll of a second that came back empty. */
  Story empty(long fromMs, long toMs) {
    return poll(Entry.FIRST_QUEUE, fromMs, toMs, 1_000, List.of());
  }

  Story poll(int queue, long fromMs, long toMs, int waitMs, List<Delivery> deliveries) {
    return add(
        new Entry.Receive(
            1,
            fromMs * MS,
            toMs * MS,
            Ending.OK,
            "",
            waitMs,
            VISIBILITY_MS,
            10,
            deliveries,
            queue));
  }

  Story refusedPoll(long fromMs, long toMs, String code) {
    return add(
        new Entry.Receive(
            1, fromMs * MS, toMs * MS, Ending.FAIL, code, 0, VISIBILITY_MS, 10, List.of()));
  }

  Story change(
      long attempt, long fromMs, long toMs, String handle, int visibilityMs, Ending ending) {
    return add(
        new Entry.Visibility(
            1,
            fromMs * MS,
            toMs * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            attempt,
            Fingerprint.of(handle),
            visibilityMs,
            Entry.ALONE,
            Entry.FIRST_QUEUE));
  }

  Story purge(long fromMs, long toMs, Ending ending) {
    return add(
        new Entry.Purge(
            1,
            fromMs * MS,
            toMs * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            Entry.FIRST_QUEUE));
  }

  Story counts(long fromMs, long toMs, long visible, long inFlight, long delayed) {
    return add(
        new Entry.Counts(
            1,
            fromMs * MS,
            toMs * MS,
            Ending.OK,
            "",
            Entry.FIRST_QUEUE,
            visible,
            inFlight,
            delayed));
  }

  Story queue(int queue, QueueSettings settings) {
    return add(
        new Entry.Queue(
            1, 0, 0, Ending.OK, "", Entry.QueueChange.CREATED, queue, "queue-" + queue, settings));
  }

  Story batch(Ending ending, int size, int distinctIds, int successful, int failed, int stray) {
    return add(
        new Entry.Batch(
            1,
            100 * MS,
            101 * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            Entry.FIRST_QUEUE,
            1,
            size,
            distinctIds,
            successful,
            failed,
            stray));
  }

  Story fault(long atMs, int id, FaultKind kind, FaultPhase phase, Fingerprint message) {
    return add(
        new Entry.Fault(
            2,
            atMs * MS,
            atMs * MS,
            id,
            kind,
            phase,
            Entry.FIRST_QUEUE,
            message,
            "server",
            "as told"));
  }

  Story powerCut(long fromMs, long toMs) {
    return add(new Entry.Event(2, fromMs * MS, toMs * MS, EventKind.POWER_CUT, "as told"));
  }

  Story target(Survival survival) {
    return add(new Entry.Target(2, 0, "a target", survival));
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
    return new Delivery(attempt, messageId, Fingerprint.of(handle), count, 0, 0, damage);
  }

  static Fingerprint messageId(long attempt) {
    return new Fingerprint(0x1234, attempt + 1);
  }
}
