package io.millrace.jmh.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * One thread that writes bodies to a file, all that wait at once, forces once, and then answers
 * them all.
 *
 * <p>A body becomes a frame of the size and the checksum the engine gives a record (a CRC32C over
 * header and body):
 *
 * <pre>
 *   0        4        8        12                              44
 *   +--------+--------+--------+-------------------------------+--------...
 *   | magic  | crc32c | length |             zero              |  body, padded to 4
 *   +--------+--------+--------+-------------------------------+--------...
 * </pre>
 *
 * <p>Threads: {@link #submit} from event loops; everything else on the journal's own thread, which
 * parks when nothing waits and never gathers: it takes what is there, since waiting for more is a
 * policy and this is the plain case.
 */
final class GroupCommitJournal implements AutoCloseable {

  private static final int MAGIC = 0x31524C42;
  private static final int CRC_OFFSET = 4;
  private static final int LENGTH_OFFSET = 8;
  private static final int HEADER_BYTES = 44;

  /** Bytes written by one call at most; a batch may take several. */
  private static final int WRITE_BYTES_MAX = 1 << 20;

  private final PreparedSegments segments;
  private final boolean force;
  private final Consumer<ChannelHandlerContext> answer;
  private final Queue<Waiting> inbox = PlatformDependent.newMpscQueue();
  private final Thread thread = new Thread(this::run, "journal");

  // The journal thread says it parks; loops wake it only then, as a wake-up is a system call.
  private volatile boolean parked;
  private volatile boolean stopping;

  // Journal thread only.
  private final ByteBuffer frames =
      ByteBuffer.allocateDirect(WRITE_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private FileChannel segment;
  private long position;

  /** A request that waits for its force. */
  private record Waiting(ChannelHandlerContext context, ByteBuf body) {}

  private GroupCommitJournal(
      PreparedSegments segments,
      FileChannel segment,
      boolean force,
      Consumer<ChannelHandlerContext> answer) {
    this.segments = segments;
    this.segment = segment;
    this.force = force;
    this.answer = answer;
  }

  /**
   * Starts the thread on the first prepared segment.
   *
   * @param force whether a batch is forced before it is answered
   * @param answer called on the context's event loop once its body is safe
   */
  static GroupCommitJournal open(
      PreparedSegments segments, boolean force, Consumer<ChannelHandlerContext> answer)
      throws IOException {
    GroupCommitJournal journal = new GroupCommitJournal(segments, segments.next(), force, answer);
    journal.thread.start();
    return journal;
  }

  /** Takes a body over and answers when it is safe. Any event loop. */
  void submit(ChannelHandlerContext context, ByteBuf body) {
    inbox.add(new Waiting(context, body));
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!stopping) {
        batch.clear();
        for (Waiting next = inbox.poll(); next != null; next = inbox.poll()) {
          batch.add(next);
          encode(next.body());
        }
        if (batch.isEmpty()) {
          await();
          continue;
        }
        write();
        if (force) {
          segment.force(false);
        }
        answer(batch);
      }
      segment.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the journal ends", e);
    }
  }

  private void await() {
    parked = true;
    if (inbox.isEmpty() && !stopping) {
      LockSupport.park(this);
    }
    parked = false;
  }

  private void encode(ByteBuf body) throws IOException {
    int bodyBytes = body.readableBytes();
    int frameBytes = HEADER_BYTES + bodyBytes;
    int paddedBytes = frameBytes + 3 & ~3;
    if (frames.remaining() < paddedBytes) {
      write();
    }
    int at = frames.position();
    frames.putInt(at, MAGIC);
    frames.putInt(at + LENGTH_OFFSET, frameBytes);
    for (int zero = LENGTH_OFFSET + Integer.BYTES; zero < HEADER_BYTES; zero += Integer.BYTES) {
      frames.putInt(at + zero, 0);
    }
    frames.limit(at + frameBytes).position(at + HEADER_BYTES);
    body.readBytes(frames);
    body.release();
    crc.reset();
    crc.update(frames.flip().position(at + LENGTH_OFFSET));
    frames.clear();
    frames.putInt(at + CRC_OFFSET, (int) crc.getValue());
    frames.position(at + paddedBytes);
  }

  /** Writes the frames gathered so far; a new segment begins when they do not fit. */
  private void write() throws IOException {
    frames.flip();
    if (position + frames.limit() > segments.segmentBytes()) {
      if (force) {
        segment.force(false);
      }
      segment.close();
      segment = segments.next();
      position = 0;
    }
    while (frames.hasRemaining()) {
      position += segment.write(frames, position);
    }
    frames.clear();
  }

  /** One task a loop and batch: a wake-up of a loop is a system call too. */
  private void answer(List<Waiting> batch) {
    List<Waiting> left = batch;
    while (!left.isEmpty()) {
      EventLoop loop = left.get(0).context().channel().eventLoop();
      List<ChannelHandlerContext> mine = new ArrayList<>(left.size());
      List<Waiting> others = new ArrayList<>();
      for (Waiting waiting : left) {
        if (waiting.context().channel().eventLoop() == loop) {
          mine.add(waiting.context());
        } else {
          others.add(waiting);
        }
      }
      loop.execute(() -> mine.forEach(answer));
      left = others;
    }
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    segments.close();
  }
}
