package io.millrace.engine.queue;

import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A queue on a bench: a machine over a backlog, on the heap unless another is given, a clock moved
 * by hand, and the log of what it decided.
 */
final class QueueBench {

  static final long START_MS = 1_700_000_000_000L;

  /** One entry of the log. */
  record Logged(Event event, long nowMs, long position) {}

  final int number;
  final Backlog backlog;
  final QueueMachine machine;
  final List<Logged> log = new ArrayList<>();
  long nowMs = START_MS;
  int start = 1;
  long position;
  private final Selection selection = new Selection();

  QueueBench(int number, Map<QueueAttribute, String> attributes) {
    this(number, attributes, new HeapBacklog());
  }

  QueueBench(int number, Map<QueueAttribute, String> attributes, Backlog backlog) {
    this.number = number;
    this.backlog = backlog;
    this.machine =
        new QueueMachine(
            number,
            new QueueName("q" + number),
            attributes(attributes),
            nowMs,
            Limits.IN_FLIGHT_MAX,
            backlog);
  }

  QueueBench() {
    this(1, Map.of());
  }

  static QueueAttributes attributes(Map<QueueAttribute, String> changes) {
    QueueAttributes.Change change =
        QueueAttributes.defaults(Limits.CURRENT).with(changes, Limits.CURRENT);
    return ((QueueAttributes.Change.Accepted) change).attributes();
  }

  void pass(long ms) {
    nowMs += ms;
    machine.advance(nowMs);
  }

  long send() {
    return send(-1);
  }

  long send(int delaySeconds) {
    machine.advance(nowMs);
    long number = machine.nextNumber();
    commit(machine.decideSend(7, 1_000 + number, delaySeconds));
    return number;
  }

  /** Receives with the queue's visibility timeout. */
  List<ReceiptHandle> receive(int max) {
    return receive(max, -1);
  }

  List<ReceiptHandle> receive(int max, int visibilitySeconds) {
    return receive(max, visibilitySeconds, Long.MAX_VALUE);
  }

  List<ReceiptHandle> receive(int max, int visibilitySeconds, long durablePosition) {
    machine.advance(nowMs);
    selection.clear();
    machine.decideReceive(selection, max, durablePosition, false);
    if (selection.size() == 0) {
      return List.of();
    }
    Event.Received event = machine.decideReceived(selection, start, visibilitySeconds);
    commit(event);
    List<ReceiptHandle> receipts = new ArrayList<>();
    for (int i = 0; i < event.numbers().length; i++) {
      receipts.add(new ReceiptHandle(number, event.numbers()[i], start, event.receiveCounts()[i]));
    }
    return receipts;
  }

  /** Deletes by receipt; false when nothing was deleted. */
  boolean delete(ReceiptHandle receipt) {
    machine.advance(nowMs);
    long found = machine.decideDelete(receipt);
    if (found == Backlog.NONE) {
      return false;
    }
    commit(new Event.Deleted(number, new long[] {found}));
    return true;
  }

  VisibilityDecision changeVisibility(ReceiptHandle receipt, int seconds) {
    machine.advance(nowMs);
    VisibilityDecision decision = machine.decideVisibility(receipt, "handle", seconds);
    if (decision instanceof VisibilityDecision.Change change) {
      commit(change.event());
    }
    return decision;
  }

  void commit(Event event) {
    position += 100;
    log.add(new Logged(event, nowMs, position));
    apply(machine, new Logged(event, nowMs, position));
    machine.checkConservation();
  }

  static void apply(QueueMachine machine, Logged logged) {
    machine.apply(logged.event(), logged.nowMs(), logged.position(), 100);
  }

  /** A second machine that only reads the log, never looked at in between. */
  QueueMachine replayed(Backlog over) {
    QueueMachine other =
        new QueueMachine(
            number, machine.name(), attributes(Map.of()), START_MS, Limits.IN_FLIGHT_MAX, over);
    for (Logged logged : log) {
      apply(other, logged);
    }
    other.advance(nowMs);
    return other;
  }

  /** Everything a machine knows, as text. */
  static String describe(QueueMachine machine, Backlog backlog) {
    MachineSnapshot snapshot = machine.snapshot();
    StringBuilder text = new StringBuilder();
    text.append(snapshot.nowMs()).append(' ').append(snapshot.nextNumber());
    text.append(' ').append(snapshot.oldestNumber()).append(' ').append(snapshot.returnedTurn());
    text.append(' ').append(snapshot.fresh()).append(snapshot.returned());
    text.append(" delayed ").append(snapshot.delayedCount());
    snapshot
        .lanes()
        .forEach((s, head, tail) -> text.append(" lane ").append(s + ":" + head + "-" + tail));
    List<String> leases = new ArrayList<>();
    snapshot.leased().forEach((n, taken, ends) -> leases.add(n + "@" + taken + "-" + ends));
    leases.sort(null);
    text.append(leases).append('\n');
    for (long n = 1; n < snapshot.nextNumber(); n++) {
      if (backlog.holds(n)) {
        text.append(n)
            .append(' ')
            .append(backlog.place(n))
            .append(' ')
            .append(backlog.position(n))
            .append(' ')
            .append(backlog.sentAtMs(n))
            .append('+')
            .append(backlog.elsewhereSeconds(n))
            .append(' ')
            .append(backlog.receiveCount(n))
            .append(' ')
            .append(backlog.lastStart(n))
            .append(' ')
            .append(backlog.firstReceivedAtMs(n))
            .append(' ');
        if (backlog.place(n) != Backlog.Place.IN_FLIGHT) {
          text.append(backlog.previous(n))
              .append('<')
              .append(n)
              .append('>')
              .append(backlog.next(n));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
