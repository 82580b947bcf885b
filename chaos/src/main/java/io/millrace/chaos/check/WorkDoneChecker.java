package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * WORK DONE: messages were sent, received and deleted, every planned fault fired or is known to be
 * impossible here, and each kill caught a send or a delete in flight, which shows by its outcome
 * being unknown. A kill between two requests tests little and proves nothing.
 */
final class WorkDoneChecker implements Checker {

  /** A change that was under way at some instant and whose outcome nobody knows. */
  private record Torn(long invokedNs, long returnedNs) {}

  /** The latest of them, for a kill that is told of after what it tore. */
  private static final int TORN_MAX = 10_000;

  /** Planned faults told apart; a plan with more is not followed further. */
  private static final int FAULTS_MAX = 1 << 20;

  private final ArrayDeque<Torn> torn = new ArrayDeque<>();

  /** When kills came that tore nothing so far, and how many at that instant. */
  private final TreeMap<Long, Integer> unfelt = new TreeMap<>();

  private final BitSet planned = new BitSet();
  private final BitSet settled = new BitSet();
  private final Map<Integer, String> waiting = new TreeMap<>();
  private final Map<FaultKind, Long> fired = new EnumMap<>(FaultKind.class);
  private long skipped;
  private long killsPlanned;
  private long killsFired;
  private long killsFelt;
  private long sent;
  private long received;
  private long deleted;
  private long others;

  @Override
  public Invariant invariant() {
    return Invariant.WORK_DONE;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK) {
      sent++;
    }
    noteTorn(send);
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    received++;
  }

  @Override
  public void onDelete(Entry.Delete delete, Timeline before) {
    if (delete.ending() == Ending.OK) {
      deleted++;
    }
    noteTorn(delete);
  }

  @Override
  public void onVisibility(Entry.Visibility change, Timeline before) {
    noteTorn(change);
  }

  @Override
  public void onOther(Entry entry) {
    if (entry instanceof Entry.Event event) {
      if (event.kind() == EventKind.KILL_PLANNED) {
        killsPlanned++;
      } else if (event.kind() == EventKind.KILL) {
        note(event);
      }
    } else if (entry instanceof Entry.Fault fault) {
      note(fault);
    } else {
      others++;
      noteTorn(entry);
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("killsPlanned", killsPlanned);
    counts.put("killsFired", killsFired);
    counts.put("killsFelt", killsFelt);
    if (planned.cardinality() > 0) {
      counts.put("faultsPlanned", (long) planned.cardinality());
      counts.put("faultsNeverFired", (long) waiting.size());
      counts.put("faultsSkipped", skipped);
    }
    fired.forEach((kind, count) -> counts.put("fired." + kind.label(), count));
    return new InvariantVerdict(
        invariant(), judge(), sent + received + deleted + others, 0, new TreeMap<>(counts));
  }

  private Verdict judge() {
    if (sent == 0 || received == 0 || deleted == 0) {
      return new Verdict.Unknown(
          "sent %d, received %d, deleted %d: something was never exercised"
              .formatted(sent, received, deleted));
    }
    if (killsFired < killsPlanned) {
      return new Verdict.Unknown(
          "%d kills were planned, %d fired".formatted(killsPlanned, killsFired));
    }
    if (killsPlanned > 0 && killsFelt < killsFired) {
      return new Verdict.Unknown(
          "%d of %d kills caught no send and no delete in flight"
              .formatted(killsFired - killsFelt, killsFired));
    }
    if (!waiting.isEmpty()) {
      Map.Entry<Integer, String> first = waiting.entrySet().iterator().next();
      return new Verdict.Unknown(
          "%d of %d planned faults never fired, the first is number %d, %s"
              .formatted(waiting.size(), planned.cardinality(), first.getKey(), first.getValue()));
    }
    return Verdict.valid();
  }

  private void note(Entry.Fault fault) {
    if (fault.phase() == FaultPhase.FIRED) {
      fired.merge(fault.kind(), 1L, Long::sum);
    }
    if (fault.id() < 0 || fault.id() >= FAULTS_MAX) {
      return;
    }
    if (fault.phase() == FaultPhase.PLANNED) {
      planned.set(fault.id());
      if (!settled.get(fault.id())) {
        waiting.put(fault.id(), fault.kind().label());
      }
    } else if (fault.phase() == FaultPhase.FIRED || fault.phase() == FaultPhase.SKIPPED) {
      if (fault.phase() == FaultPhase.SKIPPED && !settled.get(fault.id())) {
        skipped++;
      }
      settled.set(fault.id());
      waiting.remove(fault.id());
    }
  }

  private void note(Entry.Event kill) {
    killsFired++;
    long atNs = kill.invokedNs();
    if (torn.stream().anyMatch(each -> each.invokedNs() <= atNs && atNs <= each.returnedNs())) {
      killsFelt++;
    } else {
      unfelt.merge(atNs, 1, Integer::sum);
    }
  }

  private void noteTorn(Entry entry) {
    if (entry.ending() != Ending.INFO) {
      return;
    }
    if (torn.size() == TORN_MAX) {
      torn.remove();
    }
    torn.add(new Torn(entry.invokedNs(), entry.returnedNs()));
    Map<Long, Integer> felt = unfelt.subMap(entry.invokedNs(), true, entry.returnedNs(), true);
    killsFelt += felt.values().stream().mapToInt(Integer::intValue).sum();
    felt.clear();
  }
}
