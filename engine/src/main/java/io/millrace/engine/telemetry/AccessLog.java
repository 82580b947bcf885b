package io.millrace.engine.telemetry;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.AnsweredRequest;
import io.millrace.engine.wire.RequestObserver;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with a line of JSON for each request that was answered:
 *
 * <pre>
 * {"time":"2026-11-28T20:00:00.123Z","action":"SendMessage","queue":"orders","status":200,"error":"",
 *  "latency_us":812,"request_bytes":153,"answer_bytes":311,"request_id":"…","trace_id":"…"}
 * </pre>
 *
 * <p>On one line, with every field always there. {@code error} is the code the caller got; {@code
 * request_bytes} is the body, {@code answer_bytes} the whole answer; {@code latency_us} of a
 * receive that was held includes the wait; {@code trace_id} is empty where no trace came.
 *
 * <p>The event loops only enter a request into a list; a thread of its own writes. When that thread
 * is {@link #LINES_MAX} lines behind, or the file can no longer be written, lines are left out and
 * counted: a request never waits for its log. The file is opened to append, so that it can be
 * rotated by copying and truncating it.
 *
 * <p>Threads: {@link #answered} any, {@link #open} and {@link #close} the owner's.
 */
public final class AccessLog implements RequestObserver, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** Lines held at most: some seconds of a busy server, about 6 MiB. */
  static final int LINES_MAX = 65_536;

  /** The writer looks this often when it has nothing to do, so that nobody has to wake it. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Writer out;
  private final LongSupplier nowMs;
  private final LongAdder dropped;
  private final ConcurrentLinkedQueue<Line> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Thread thread = new Thread(this::write, "millrace-access-log");
  private volatile boolean closing;

  /** Written by the log's thread, which has told of it then; read by {@link #close} too. */
  private volatile boolean failed;

  /** What a line tells, taken while the request is there to be asked. */
  private record Line(
      long atMs,
      Action action,
      String queue,
      int status,
      String error,
      long nanos,
      int requestBytes,
      int answerBytes,
      UUID requestId,
      String trace) {}

  private AccessLog(Writer out, LongSupplier nowMs, LongAdder dropped) {
    this.out = out;
    this.nowMs = nowMs;
    this.dropped = dropped;
  }

  /**
   * Opens the file and starts the thread.
   *
   * @param dropped counts the lines that were left out
   * @throws IOException if the file cannot be written
   */
  static AccessLog open(Path file, LongSupplier nowMs, LongAdder dropped) throws IOException {
    Writer out;
    try {
      out =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IOException("cannot write the access log " + file, e);
    }
    return start(out, nowMs, dropped);
  }

  /** The same onto what the caller opened; it is closed with the log. */
  static AccessLog start(Writer out, LongSupplier nowMs, LongAdder dropped) {
    AccessLog log = new AccessLog(out, nowMs, dropped);
    log.thread.setDaemon(true);
    log.thread.start();
    return log;
  }

  @Override
  public void answered(AnsweredRequest request, long nanos, int answerBytes) {
    if (waiting.incrementAndGet() > LINES_MAX) {
      waiting.decrementAndGet();
      dropped.increment();
      return;
    }
    lines.add(
        new Line(
            nowMs.getAsLong(),
            request.action(),
            request.queue(),
            request.status(),
            request.errorText(),
            nanos,
            request.requestBytes(),
            answerBytes,
            new UUID(request.requestIdHigh(), request.requestIdLow()),
            request.trace()));
  }

  /** The outcome alone makes no line. */
  @Override
  public void observed(Action action, Optional<ErrorCode> error, long nanos, boolean waitedPoll) {}

  private void write() {
    StringBuilder text = new StringBuilder(512);
    while (true) {
      // Read first: what was entered before the end was asked for is then still in the list.
      boolean last = closing;
      while (!lines.isEmpty()) {
        writeWaiting(text);
      }
      if (last) {
        return;
      }
      LockSupport.parkNanos(IDLE_NANOS);
    }
  }

  private void writeWaiting(StringBuilder text) {
    int unflushed = 0;
    try {
      for (Line line = lines.poll(); line != null; line = lines.poll()) {
        waiting.decrementAndGet();
        if (failed) {
          dropped.increment();
        } else {
          text.setLength(0);
          json(line, text);
          unflushed++;
          out.append(text);
        }
      }
      if (unflushed > 0) {
        out.flush();
      }
    } catch (IOException e) {
      failed = true;
      dropped.add(unflushed);
      LOG.error("the access log ends here: its file cannot be written", e);
    }
  }

  /** No value needs escaping: all are numbers, names of closed sets, or legal names of queues. */
  private static void json(Line line, StringBuilder out) {
    out.append("{\"time\":\"").append(Instant.ofEpochMilli(line.atMs));
    out.append("\",\"action\":\"").append(line.action.wireName());
    out.append("\",\"queue\":\"").append(line.queue);
    out.append("\",\"status\":").append(line.status);
    out.append(",\"error\":\"").append(line.error);
    out.append("\",\"latency_us\":").append(TimeUnit.NANOSECONDS.toMicros(line.nanos));
    out.append(",\"request_bytes\":").append(line.requestBytes);
    out.append(",\"answer_bytes\":").append(line.answerBytes);
    out.append(",\"request_id\":\"").append(line.requestId);
    out.append("\",\"trace_id\":\"").append(TraceId.of(line.trace).hex()).append("\"}\n");
  }

  /**
   * Writes what was entered so far and closes the file.
   *
   * @throws IOException if it cannot, and that was not told before
   */
  @Override
  public void close() throws IOException {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      out.close();
    } catch (IOException e) {
      if (!failed) {
        throw new IOException("the access log was not closed cleanly", e);
      }
    }
  }
}
