package io.millrace.jmh.load;

import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.Sent;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.load.LoadThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Traffic by blocking sessions, a thread for each send that may be under way and each consumer: for
 * the embedded engine and for whatever the lab's clients reach through the AWS SDK.
 *
 * <p>Each sender takes the next number, waits for its instant and sends, so nobody hands work to
 * anybody. When all are held up messages leave late, and lateness counts.
 */
final class SessionTraffic implements Traffic {

  private static final int MAX_MESSAGES = 10;
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(20);

  private final List<Session> queues = new ArrayList<>();
  private final Workload workload;
  private final Workload.Step step;
  private final Pace pace;
  private final Samples samples;
  private final List<LoadThreads> threads = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean stopped;

  SessionTraffic(
      Target target,
      List<String> queueNames,
      Workload workload,
      Workload.Step step,
      Pace pace,
      Samples samples) {
    queueNames.forEach(name -> queues.add(target.session(name)));
    this.workload = workload;
    this.step = step;
    this.pace = pace;
    this.samples = samples;
  }

  @Override
  public void startReceiving() {
    threads.add(
        LoadThreads.start("consumer", numbers(step.consumers()), number -> consume(number)));
  }

  @Override
  public void startSending() {
    int senders = Math.min(workload.sendsMax(), Math.max(1, samples.scheduled()));
    threads.add(LoadThreads.start("sender", numbers(senders), number -> produce()));
  }

  /** A crowd of threads that each do a lot at a time must not come before the service. */
  @Override
  public Standing standing() {
    return Standing.ORDINARY;
  }

  @Override
  public boolean sentAll() {
    return answered.get() >= pace.end();
  }

  @Override
  public void check() throws IOException {
    for (LoadThreads each : threads) {
      each.check();
    }
  }

  private void produce() {
    int number = next.getAndIncrement();
    while (!stopped && number < pace.end()) {
      pace.awaitNs(samples.dueNs(number));
      if (stopped || number >= pace.end()) {
        return;
      }
      send(number);
      answered.incrementAndGet();
      number = next.getAndIncrement();
    }
  }

  private void send(int number) {
    OutgoingMessage message =
        OutgoingMessage.of(Numbered.body(number, workload.messageBytes()), Map.of());
    Session queue = queues.get(number % queues.size());
    samples.started(number, pace.nowNs());
    Outcome<Sent> outcome = queue.send(message);
    long nowNs = pace.nowNs();
    if (outcome instanceof Outcome.Ok) {
      samples.acked(number, nowNs);
    } else {
      samples.failed("send " + outcome.code());
    }
  }

  private void consume(int consumer) {
    Session queue = queues.get(consumer % queues.size());
    while (!stopped) {
      long polledNs = pace.nowNs();
      Outcome<List<IncomingMessage>> outcome =
          queue.receive(
              MAX_MESSAGES, Duration.ofSeconds(workload.waitSeconds()), Session.QUEUE_VISIBILITY);
      long nowNs = pace.nowNs();
      if (outcome instanceof Outcome.Ok<List<IncomingMessage>> ok) {
        List<String> handles = new ArrayList<>();
        for (IncomingMessage message : ok.answer()) {
          samples.received(Numbered.numberOf(message.body()), polledNs, nowNs);
          handles.add(message.receiptHandle());
        }
        finish(queue, handles);
      } else if (!stopped) {
        samples.failed("receive " + outcome.code());
        pace.awaitNs(pace.nowNs() + PAUSE_AFTER_TROUBLE.toNanos());
      }
    }
  }

  private void finish(Session queue, List<String> handles) {
    if (handles.isEmpty()) {
      samples.polledInVain();
      return;
    }
    if (workload.handlerMs() > 0) {
      pace.awaitNs(pace.nowNs() + 1_000_000L * workload.handlerMs() * handles.size());
    }
    BatchOutcome<Done> outcome = queue.deleteBatch(BatchItem.numbered(handles));
    int done = 0;
    for (Outcome<Done> each : outcome.entries()) {
      if (each instanceof Outcome.Ok) {
        done++;
      } else {
        samples.failed("delete " + each.code());
      }
    }
    samples.deleted(done);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    for (LoadThreads each : threads) {
      each.join(JOIN_TIMEOUT);
    }
  }
}
