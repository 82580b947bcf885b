package io.millrace.jmh.load;

import io.millrace.jmh.http.HttpConnection;
import io.millrace.jmh.http.Received;
import io.millrace.jmh.http.SqsRequests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Traffic over raw sockets: many requests under way, two threads. The pacer sleeps until a message
 * is due and writes its request itself, so no other thread must wake before it leaves, and asks the
 * kernel to run it as soon as it wakes itself; the reader serves every socket's answers and is the
 * consumers as well.
 *
 * <p>It is lean because it shares the machine's cores with the server under load: requests are
 * encoded once and only their number is written anew, answers are searched and not parsed.
 * Connections for sends are used in turn, so that none idles until the server gives it up just when
 * a stall makes it needed. One that is closed while nothing was asked of it is opened again; one
 * that breaks during a request is an error of that request.
 */
final class LeanTraffic implements Traffic {

  private static final int MAX_MESSAGES = 10;
  private static final int STATUS_OK = 200;
  private static final int SELECT_MS_MAX = 50;
  private static final long JOIN_MS = 10_000;
  private static final int IDLE = -1;

  private final InetSocketAddress server;
  private final SqsRequests requests;
  private final List<String> queues;
  private final Workload workload;
  private final Workload.Step step;
  private final Pace pace;
  private final Samples samples;
  private final Selector selector;
  private final List<Thread> threads = new ArrayList<>();
  private final BlockingDeque<Sender> idle = new LinkedBlockingDeque<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /** Written by the pacer before its first message, read by any thread. */
  private volatile Standing standing = Standing.ORDINARY;

  // The reader's own.
  private final PriorityQueue<Consumer> working =
      new PriorityQueue<>(Comparator.comparingLong(consumer -> consumer.doneNs));

  LeanTraffic(
      InetSocketAddress server,
      List<String> queues,
      Workload workload,
      Workload.Step step,
      Pace pace,
      Samples samples)
      throws IOException {
    this.server = server;
    this.requests = SqsRequests.to(server);
    this.queues = queues;
    this.workload = workload;
    this.step = step;
    this.pace = pace;
    this.samples = samples;
    this.selector = Selector.open();
  }

  /** Whatever owns a connection. */
  private abstract static class Party {
    HttpConnection connection;

    Party(HttpConnection connection) {
      this.connection = connection;
    }
  }

  /** A connection for sends, with the requests to each queue, in which only the number changes. */
  private static final class Sender extends Party {
    final ByteBuffer[] sends;
    final int[] numberAt;

    /** Written by the pacer while a request is made, by the reader when it has ended. */
    volatile int number = IDLE;

    Sender(HttpConnection connection, ByteBuffer[] sends, int[] numberAt) {
      super(connection);
      this.sends = sends;
      this.numberAt = numberAt;
    }
  }

  /** A connection that polls one queue and deletes what came. */
  private static final class Consumer extends Party {
    final String queue;
    final ByteBuffer receive;
    long polledNs;
    long doneNs;
    List<String> handles = List.of();
    boolean deleting;

    Consumer(HttpConnection connection, String queue, ByteBuffer receive) {
      super(connection);
      this.queue = queue;
      this.receive = receive;
    }
  }

  @Override
  public void startReceiving() throws IOException {
    for (int i = 0; i < step.consumers(); i++) {
      String queue = queues.get(i % queues.size());
      ByteBuffer receive = direct(requests.receive(queue, MAX_MESSAGES, workload.waitSeconds()));
      Consumer consumer =
          new Consumer(HttpConnection.open(server, selector, receive, true), queue, receive);
      consumer.connection.attach(consumer);
      poll(consumer);
    }
    start("load-reader", this::read);
  }

  @Override
  public void startSending() throws IOException {
    for (int i = 0; i < Math.min(workload.sendsMax(), samples.scheduled()); i++) {
      ByteBuffer[] sends = new ByteBuffer[queues.size()];
      int[] numberAt = new int[queues.size()];
      for (int queue = 0; queue < sends.length; queue++) {
        String body = Numbered.body(0, workload.messageBytes());
        byte[] request = requests.send(queues.get(queue), body);
        numberAt[queue] = new String(request, StandardCharsets.US_ASCII).indexOf(body);
        sends[queue] = direct(request);
      }
      Sender sender =
          new Sender(HttpConnection.open(server, selector, sends[0], false), sends, numberAt);
      sender.connection.attach(sender);
      idle.add(sender);
    }
    selector.wakeup();
    start("load-pacer", this::pace);
  }

  @Override
  public Standing standing() {
    return standing;
  }

  @Override
  public boolean sentAll() {
    return answered.get() >= pace.end();
  }

  @Override
  public void check() throws IOException {
    Throwable reason = failure.get();
    if (reason != null) {
      throw new IOException("the load client died: " + reason, reason);
    }
  }

  private void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  // --- the pacer ---

  private void pace() throws IOException, InterruptedException {
    standing = Standing.prompt();
    for (int number = 0; !stopped && number < pace.end(); number++) {
      pace.awaitNs(samples.dueNs(number));
      if (number >= pace.end()) {
        return;
      }
      Sender sender = null;
      while (sender == null) {
        if (stopped) {
          return;
        }
        sender = idle.pollFirst(SELECT_MS_MAX, TimeUnit.MILLISECONDS);
      }
      int queue = number % queues.size();
      byte[] digits = Numbered.digits(number).getBytes(StandardCharsets.US_ASCII);
      sender.sends[queue].put(sender.numberAt[queue], digits);
      sender.number = number;
      samples.started(number, pace.nowNs());
      try {
        sender.connection.ask(sender.sends[queue]);
      } catch (IOException e) {
        // The reader sees the same broken connection and counts it against this message.
        selector.wakeup();
      }
    }
  }

  // --- the reader ---

  private void read() throws IOException {
    while (!stopped) {
      selector.select(this::ready, untilNextMs());
      long nowNs = pace.nowNs();
      while (!working.isEmpty() && working.peek().doneNs <= nowNs) {
        delete(working.remove());
      }
    }
  }

  private long untilNextMs() {
    if (working.isEmpty()) {
      return SELECT_MS_MAX;
    }
    long leftNs = working.peek().doneNs - pace.nowNs();
    return Math.max(1, Math.min(SELECT_MS_MAX, (leftNs + 999_999) / 1_000_000));
  }

  private void ready(SelectionKey key) {
    Party party = (Party) key.attachment();
    try {
      if (!party.connection.advance()) {
        return;
      }
    } catch (IOException e) {
      broken(party, e);
      return;
    }
    try {
      answered(party, pace.nowNs());
    } catch (IOException e) {
      broken(party, e);
    }
  }

  private void answered(Party party, long nowNs) throws IOException {
    if (party instanceof Sender sender) {
      if (sender.connection.status() == STATUS_OK) {
        samples.acked(sender.number, nowNs);
      } else {
        samples.failed("send HTTP " + sender.connection.status());
      }
      release(sender);
    } else if (party instanceof Consumer consumer) {
      if (consumer.connection.status() != STATUS_OK) {
        samples.failed(
            (consumer.deleting ? "delete" : "receive") + " HTTP " + consumer.connection.status());
        poll(consumer);
      } else if (consumer.deleting) {
        deleted(consumer);
        poll(consumer);
      } else {
        received(consumer, nowNs);
      }
    }
  }

  private void release(Sender sender) {
    sender.number = IDLE;
    answered.incrementAndGet();
    idle.addLast(sender);
  }

  private void received(Consumer consumer, long nowNs) throws IOException {
    String answer = consumer.connection.body();
    consumer.handles = Received.handles(answer);
    List<String> bodies = Received.bodies(answer);
    if (bodies.size() != consumer.handles.size()) {
      throw new IOException("an answer with other bodies than handles: " + answer);
    }
    for (String body : bodies) {
      samples.received(Numbered.numberOf(body), consumer.polledNs, nowNs);
    }
    if (consumer.handles.isEmpty()) {
      samples.polledInVain();
      poll(consumer);
    } else if (workload.handlerMs() > 0) {
      consumer.doneNs = nowNs + 1_000_000L * workload.handlerMs() * consumer.handles.size();
      working.add(consumer);
    } else {
      delete(consumer);
    }
  }

  private void delete(Consumer consumer) {
    consumer.deleting = true;
    try {
      consumer.connection.ask(
          ByteBuffer.wrap(requests.deleteBatch(consumer.queue, consumer.handles)));
    } catch (IOException e) {
      broken(consumer, e);
    }
  }

  private void deleted(Consumer consumer) {
    if (consumer.connection.body().contains("\"SenderFault\"")) {
      samples.failed("delete refused");
    } else {
      samples.deleted(consumer.handles.size());
    }
  }

  private void poll(Consumer consumer) throws IOException {
    consumer.deleting = false;
    consumer.polledNs = pace.nowNs();
    consumer.connection.ask(consumer.receive);
  }

  /** A connection broke: an error if something was asked of it; and a new one takes its place. */
  private void broken(Party party, IOException reason) {
    if (stopped) {
      return;
    }
    try {
      if (party instanceof Sender sender) {
        boolean asked = sender.number != IDLE;
        if (!asked && !idle.remove(sender)) {
          return; // The pacer has just taken it; its request will fail, and bring us here again.
        }
        party.connection.close();
        sender.connection = HttpConnection.open(server, selector, sender.sends[0], false);
        sender.connection.attach(sender);
        if (asked) {
          samples.failed("send " + reason.getClass().getSimpleName());
          release(sender);
        } else {
          idle.addLast(sender);
        }
      } else if (party instanceof Consumer consumer) {
        samples.failed("receive " + reason.getClass().getSimpleName());
        party.connection.close();
        working.remove(consumer);
        consumer.connection = HttpConnection.open(server, selector, consumer.receive, true);
        consumer.connection.attach(consumer);
        poll(consumer);
      }
    } catch (IOException e) {
      failure.compareAndSet(null, e);
      stopped = true;
    }
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    selector.wakeup();
    try {
      for (Thread thread : threads) {
        thread.join(JOIN_MS);
        if (thread.isAlive()) {
          throw new IOException(thread.getName() + " did not end");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the load ended", e);
    } finally {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    }
  }
}
