package io.millrace.jmh.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Many receivers that wait in long polls, and one sender, in one thread: how long from a send to
 * the answer of the receiver it wakes.
 *
 * <p>Each message carries its number, so an answer is matched with its own send. A send starts
 * where it was handed to the socket; when the sender still waited for the answer to the one before,
 * it starts at its place in the schedule, so that a slow server is not asked more gently.
 *
 * <p>A receiver whose poll ends asks again at once, so the crowd stays whole.
 */
final class PollingCrowd implements AutoCloseable {

  private static final String NUMBER = "0000000000";
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final int STATUS_OK = 200;

  private final Selector selector;
  private final List<HttpConnection> receivers = new ArrayList<>();
  private final Consumer<SelectionKey> ready = this::ready;
  private final ByteBuffer sendBytes;
  private final int numberAt;
  private final HttpConnection sender;

  // Of the run under way.
  private final Histogram wakeNanos = new Histogram(LATENCY_NANOS_MAX, 3);
  private long[] startedNanos = {};
  private int received;
  private long lastWakeNanos;

  private PollingCrowd(
      Selector selector, ByteBuffer sendBytes, int numberAt, HttpConnection sender) {
    this.selector = selector;
    this.sendBytes = sendBytes;
    this.numberAt = numberAt;
    this.sender = sender;
  }

  /**
   * Connects the sender; the crowd is called by {@link #gather}.
   *
   * @param queue the sender's
   * @param bodyBytes of a message, at least ten
   */
  static PollingCrowd open(InetSocketAddress server, String queue, int bodyBytes)
      throws IOException {
    byte[] send = SqsRequests.to(server).send(queue, bodyBytes, 1);
    int numberAt = new String(send, StandardCharsets.US_ASCII).indexOf("\"MessageBody\":\"") + 15;
    ByteBuffer bytes = ByteBuffer.allocateDirect(send.length).put(send).flip();
    Selector selector = Selector.open();
    try {
      return new PollingCrowd(
          selector, bytes, numberAt, HttpConnection.open(server, selector, bytes, false));
    } catch (IOException | RuntimeException e) {
      selector.close();
      throw e;
    }
  }

  /** Connects so many receivers, and lets each ask. */
  void gather(InetSocketAddress server, String queue, int count, int waitSeconds)
      throws IOException {
    byte[] receive = SqsRequests.to(server).receive(queue, waitSeconds);
    ByteBuffer bytes = ByteBuffer.allocateDirect(receive.length).put(receive).flip();
    for (int i = 0; i < count; i++) {
      HttpConnection receiver = HttpConnection.open(server, selector, bytes, true);
      receivers.add(receiver);
      receiver.ask();
    }
  }

  /** Serves the sockets until something is so. */
  void runUntil(BooleanSupplier done) throws IOException {
    while (!done.getAsBoolean()) {
      select(1);
    }
  }

  /**
   * Sends at fixed intervals and waits until each message was received.
   *
   * @param sends how many
   * @param intervalNanos between two
   * @return nanoseconds from each send to its receiver's answer
   */
  Histogram run(int sends, long intervalNanos) throws IOException {
    wakeNanos.reset();
    startedNanos = new long[sends];
    received = 0;
    int sent = 0;
    long begin = System.nanoTime();
    lastWakeNanos = begin;
    boolean late = false;
    while (received < sends) {
      long now = System.nanoTime();
      long dueNanos = begin + sent * intervalNanos;
      boolean due = sent < sends && now >= dueNanos;
      if (due && !sender.underWay()) {
        number(sent);
        startedNanos[sent] = late ? dueNanos : now;
        sender.ask();
        sent++;
        late = false;
      } else {
        late |= due;
      }
      select(1);
      if (now - lastWakeNanos > SILENCE_MAX_NANOS) {
        throw new SocketTimeoutException((sent - received) + " messages were not received");
      }
    }
    return wakeNanos.copy();
  }

  private void select(int ms) throws IOException {
    try {
      selector.select(ready, ms);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void ready(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (!connection.advance()) {
        return;
      }
      if (connection.status() != STATUS_OK) {
        throw new IOException("an answer " + connection.status() + " " + connection.body());
      }
      if (connection != sender) {
        woken(connection.body());
        connection.ask();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void woken(String answer) {
    int at = answer.indexOf("\"Body\":\"");
    if (at < 0) {
      return; // its wait was over
    }
    int number = Integer.parseInt(answer.substring(at + 8, at + 8 + NUMBER.length()));
    if (number < startedNanos.length) {
      lastWakeNanos = System.nanoTime();
      wakeNanos.recordValue(Math.min(lastWakeNanos - startedNanos[number], LATENCY_NANOS_MAX));
      received++;
    }
  }

  /** Writes the next message's number over the last one's; the sender holds a slice of it. */
  private void number(int number) {
    String digits = Integer.toString(number);
    String text = NUMBER.substring(digits.length()) + digits;
    for (int i = 0; i < NUMBER.length(); i++) {
      sendBytes.put(numberAt + i, (byte) text.charAt(i));
    }
  }

  @Override
  public void close() throws IOException {
    sender.close();
    for (HttpConnection receiver : receivers) {
      receiver.close();
    }
    selector.close();
  }
}
