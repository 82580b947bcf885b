package io.millrace.jmh.micro;

import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.HeapBacklog;
import io.millrace.engine.queue.QueueMachine;
import io.millrace.engine.queue.Selection;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptHandle;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The queue's state machine alone, without journal, thread or wire: what deciding and applying
 * costs, and what the end of {@value #IN_FLIGHT} leases at once costs.
 *
 * <p>Measured: nanoseconds a message's life (send, receive, delete, each decided and applied), and
 * nanoseconds a lease that ends; its slots lie on the heap here, in a mapped file in the server.
 *
 * <p>What would fool it: events nobody looks at (conservation and the counts are checked after each
 * iteration); a queue that is never more than one message long (1,000 others wait all the while).
 *
 * <p>The controls: {@code plainLife}, a queue and a map of leases, the least that could do it;
 * {@code plainEnds}, a heap of deadlines.
 *
 * <p>Run: {@code ./millrace bench jmh MachineBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(1)
public class MachineBenchmark {

  static final int LIVES = 50_000;
  static final int IN_FLIGHT = 100_000;

  private static final int WAITING = 1_000;
  private static final int START = 1;
  private static final int RECORD_BYTES = 1_148;
  private static final int VISIBILITY_SECONDS = 30;
  private static final long BEGIN_MS = 1_800_000_000_000L;

  /** A queue in which some messages wait. */
  @State(Scope.Thread)
  public static class Living {

    private final Selection selection = new Selection();
    private final ArrayDeque<Long> plainWaiting = new ArrayDeque<>();
    private final Map<Long, Long> plainLeases = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
    private QueueMachine machine;

    private long position;
    private long nowMs = BEGIN_MS;

    @Setup(Level.Iteration)
    public void fill() {
      machine = machine();
      position = 0;
      nowMs = BEGIN_MS;
      plainWaiting.clear();
      plainLeases.clear();
      for (int i = 0; i < WAITING; i++) {
        send();
        plainWaiting.add((long) i);
      }
    }

    private void send() {
      machine.apply(machine.decideSend(1, position, 0), nowMs, position++, RECORD_BYTES);
    }

    private Event.Received receive(int max) {
      selection.clear();
      machine.decideReceive(selection, max, Long.MAX_VALUE, false);
      Event.Received received = machine.decideReceived(selection, START, VISIBILITY_SECONDS);
      machine.apply(received, nowMs, position++, RECORD_BYTES);
      return received;
    }
  }

  /** A queue with many messages in flight whose leases end together. */
  @State(Scope.Thread)
  public static class Leased {

    private final PriorityQueue<Long> plainDeadlines = new PriorityQueue<>(IN_FLIGHT);

    @SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
    private Living living;

    @Setup(Level.Iteration)
    public void fill() {
      living = new Living();
      living.fill();
      for (int i = WAITING; i < IN_FLIGHT; i++) {
        living.send();
      }
      plainDeadlines.clear();
      for (int i = 0; i < IN_FLIGHT; i += Limits.RECEIVE_MESSAGES_MAX) {
        living.nowMs += i % 100 == 0 ? 1 : 0;
        living.receive(Limits.RECEIVE_MESSAGES_MAX);
      }
      for (long i = 0; i < IN_FLIGHT; i++) {
        plainDeadlines.add(living.nowMs + i * 7_919 % IN_FLIGHT);
      }
      if (living.machine.inFlight() != IN_FLIGHT) {
        throw new AssertionError(living.machine.inFlight() + " in flight");
      }
    }
  }

  private static QueueMachine machine() {
    return new QueueMachine(
        1,
        new QueueName("bench"),
        QueueAttributes.defaults(Limits.CURRENT),
        BEGIN_MS,
        Limits.CURRENT.inFlightMax(),
        new HeapBacklog());
  }

  /** Send, receive and delete, decided and applied. */
  @Benchmark
  @OperationsPerInvocation(LIVES)
  public void life(Living living) {
    for (int i = 0; i < LIVES; i++) {
      living.nowMs += i % 16 == 0 ? 1 : 0;
      living.send();
      Event.Received received = living.receive(1);
      ReceiptHandle receipt =
          new ReceiptHandle(1, received.numbers()[0], START, received.receiveCounts()[0]);
      long number = living.machine.decideDelete(receipt);
      living.machine.apply(
          new Event.Deleted(1, new long[] {number}), living.nowMs, living.position++, RECORD_BYTES);
    }
    living.machine.checkConservation();
    if (living.machine.visible() != WAITING || living.machine.inFlight() != 0) {
      throw new AssertionError(living.machine.visible() + " wait");
    }
  }

  /** The control: a queue of numbers and a map of leases. */
  @Benchmark
  @OperationsPerInvocation(LIVES)
  public void plainLife(Living living) {
    for (int i = 0; i < LIVES; i++) {
      living.plainWaiting.add((long) WAITING + i);
      Long number = living.plainWaiting.remove();
      living.plainLeases.put(number, living.nowMs);
      living.plainLeases.remove(number);
    }
    if (living.plainWaiting.size() != WAITING) {
      throw new AssertionError(living.plainWaiting.size() + " wait");
    }
  }

  /** All leases end. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public void leasesEnd(Leased leased) {
    QueueMachine machine = leased.living.machine;
    machine.advance(leased.living.nowMs + VISIBILITY_SECONDS * 1_000L);
    if (machine.inFlight() != 0 || machine.visible() != IN_FLIGHT) {
      throw new AssertionError(machine.inFlight() + " in flight");
    }
  }

  /** The control: as many deadlines leave a heap. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public long plainEnds(Leased leased) {
    long last = 0;
    for (Long at = leased.plainDeadlines.poll(); at != null; at = leased.plainDeadlines.poll()) {
      last = at;
    }
    return last;
  }
}
