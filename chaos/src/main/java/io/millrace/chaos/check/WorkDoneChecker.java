package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * WORK DONE: messages were sent, received and deleted, every planned kill was carried out, and each
 * kill caught a send or a delete in flight, which shows by its outcome being unknown. A kill
 * between two requests tests little and proves nothing.
 */
final class WorkDoneChecker implements Checker {

  /** A change that was under way at some instant and whose outcome nobody knows. */
  private record Torn(long invokedNs, long returnedNs) {}

  private static final int TORN_MAX = 10_000;

  private final List<Torn> torn = new ArrayList<>();
  private final List<Entry.Event> kills = new ArrayList<>();
  private long planned;
  private long sent;
  private long received;
  private long deleted;

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
  public void onEvent(Entry.Event event) {
    if (event.kind() == EventKind.KILL_PLANNED) {
      planned++;
    } else if (event.kind() == EventKind.KILL) {
      kills.add(event);
    }
  }

  @Override
  public InvariantVerdict verdict() {
    long felt = kills.stream().filter(this::wasFelt).count();
    Map<String, Long> counts = new TreeMap<>();
    counts.put("killsPlanned", planned);
    counts.put("killsFired", (long) kills.size());
    counts.put("killsFelt", felt);
    return new InvariantVerdict(
        invariant(), judge(felt), sent + received + deleted, 0, new TreeMap<>(counts));
  }

  private Verdict judge(long felt) {
    if (sent == 0 || received == 0 || deleted == 0) {
      return new Verdict.Unknown(
          "sent %d, received %d, deleted %d: something was never exercised"
              .formatted(sent, received, deleted));
    }
    if (kills.size() < planned) {
      return new Verdict.Unknown(
          "%d kills were planned, %d fired".formatted(planned, kills.size()));
    }
    if (felt < kills.size()) {
      return new Verdict.Unknown(
          "%d of %d kills caught no send and no delete in flight"
              .formatted(kills.size() - felt, kills.size()));
    }
    return Verdict.valid();
  }

  private boolean wasFelt(Entry.Event kill) {
    return torn.stream()
        .anyMatch(
            each -> each.invokedNs() <= kill.invokedNs() && each.returnedNs() >= kill.invokedNs());
  }

  private void noteTorn(Entry entry) {
    if (entry.ending() == Ending.INFO && torn.size() < TORN_MAX) {
      torn.add(new Torn(entry.invokedNs(), entry.returnedNs()));
    }
  }
}
