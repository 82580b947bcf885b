package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The frames that wait for a force, in memory. They are encoded here, once, and copied from here
 * into the segment; so keeping them costs nothing until a force fails and they are needed again.
 *
 * <p>Memory comes in chunks, taken as needed and reused; where forces keep up it is one chunk,
 * always the same bytes, warm in the cache.
 *
 * <pre>
 *   chunk: | position u64 | frame, padded to four | position u64 | frame ...
 * </pre>
 *
 * <p>Appender thread only.
 */
final class TailBuffer {

  private static final int CHUNK_BYTES = 4 << 20;

  private final boolean keeping;
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
  private Chunk last = new Chunk();

  /**
   * @param keeping whether frames are kept; otherwise each overwrites the one before
   */
  TailBuffer(boolean keeping) {
    this.keeping = keeping;
    chunks.add(last);
  }

  /** Makes room for one frame; {@link #memory} and {@link #frameAt} then say where. */
  void begin(int paddedBytes) {
    if (!keeping) {
      last.used = 0;
    }
    if (last.used + Long.BYTES + paddedBytes > CHUNK_BYTES) {
      Chunk fresh = spare.poll();
      last = fresh == null ? new Chunk() : fresh;
      chunks.add(last);
    }
  }

  /** The memory the frame goes to. */
  FrameMemory memory() {
    return last.memory;
  }

  /** Offset of the frame in its memory. */
  int frameAt() {
    return last.used + Long.BYTES;
  }

  /** Keeps the frame that {@link #begin} made room for, now that it is appended. */
  void commit(long position, int paddedBytes) {
    if (keeping) {
      last.memory.buffer().putLong(last.used, position);
      last.used += Long.BYTES + paddedBytes;
      last.lastPosition = position;
    }
  }

  /** Lets go of frames below the durable position, a chunk at a time. */
  void release(long durablePosition) {
    while (chunks.size() > 1 && chunks.getFirst().lastPosition < durablePosition) {
      Chunk free = chunks.removeFirst();
      free.used = 0;
      // One spare is enough for a steady stream; a burst gives its memory back.
      if (spare.isEmpty()) {
        spare.add(free);
      }
    }
    if (last.lastPosition < durablePosition) {
      last.used = 0;
    }
  }

  /** Visits the kept frames at or above a position, in order. */
  void forEachFrom(long position, FrameVisitor visitor) {
    for (Chunk chunk : chunks) {
      ByteBuffer buffer = chunk.memory.buffer();
      int at = 0;
      while (at < chunk.used) {
        long oldPosition = buffer.getLong(at);
        int frameAt = at + Long.BYTES;
        int frameBytes = buffer.getInt(frameAt + RecordFrame.LENGTH_OFFSET);
        if (oldPosition >= position) {
          long newPosition = visitor.frame(oldPosition, chunk.memory, frameAt, frameBytes);
          buffer.putLong(at, newPosition);
          chunk.lastPosition = newPosition;
        }
        at = frameAt + RecordFrame.paddedBytes(frameBytes);
      }
    }
  }

  /** Takes a kept frame and says where it is now. */
  @FunctionalInterface
  interface FrameVisitor {
    long frame(long oldPosition, FrameMemory memory, int frameAt, int frameBytes);
  }

  private static final class Chunk {
    final FrameMemory memory = new FrameMemory(CHUNK_BYTES);
    int used;
    long lastPosition = Journal.NO_POSITION;
  }
}
