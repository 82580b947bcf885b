package io.millrace.engine.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Equal blocks in one mapped file, shared by the backlogs of all queues of a shard. The file is
 * derived: a checkpoint names the blocks it means, and the journal tells what came after.
 *
 * <p>A block that a checkpoint may still need is never written again. Whoever wants to change such
 * a block gets a private copy at another place ({@link #writable}), and the old one is free once no
 * kept checkpoint is older than its release. So a crash at any moment leaves every kept
 * checkpoint's blocks as they were, in whatever order the kernel wrote the pages back.
 *
 * <pre>
 *   block:   1     2     3     4     5     6
 *          [ C ] [ C ] [ P ] [ - ] [ C ] [ R ]      C captured by a checkpoint: read only
 *                  │     ▲                          P private: written in place
 *                  └─────┘ copy on first write      R released, waits for older checkpoints to go
 * </pre>
 *
 * <p>Space is claimed by writing zeros a step ahead, so a full disk is an ordinary error at a known
 * place and not a fault inside a mapped page.
 *
 * <p>Threads: the shard's, except {@link #force}.
 */
final class BlockFile implements AutoCloseable {

  /** Bytes of a block. */
  static final int BLOCK_BYTES = 8_192;

  /** Not a block. */
  static final int NO_BLOCK = 0;

  /** Sends stop when fewer blocks than this are left and the disk gives no more. */
  static final int RESERVE_BLOCKS = 64;

  private static final int CHUNK_BLOCKS = 2_048;
  private static final int CHUNK_SHIFT = 11;
  private static final int BLOCK_SHIFT = 13;
  private static final int GROW_BLOCKS = 128;
  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  private final FileChannel channel;
  private final Path path;
  private final List<MappedByteBuffer> mapped = new ArrayList<>();
  private ByteBuffer[] chunks = {};

  /** Blocks from 1 to this one are backed by disk space. */
  private int lastBlock;

  private final BitSet used = new BitSet();
  private final BitSet captured = new BitSet();
  private int usedCount;
  private int searchFrom = 1;

  /** Released captured blocks with the checkpoint count at their release, oldest first. */
  private final ArrayDeque<int[]> released = new ArrayDeque<>();

  private int checkpointsBegun;

  private BlockFile(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /**
   * Opens the file, creating it when it is missing; every block counts as free until {@link
   * #adopt}.
   */
  static BlockFile open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    BlockFile file = new BlockFile(channel, path);
    try {
      int blocks = (int) Math.min(Integer.MAX_VALUE - CHUNK_BLOCKS, channel.size() / BLOCK_BYTES);
      while (file.mapped.size() * CHUNK_BLOCKS < blocks) {
        file.mapChunk();
      }
      // Block 0 is never handed out; a file of n blocks ends with block n - 1. The last chunk may
      // be mapped beyond
      // what has been zeroed, so only whole claimed steps count.
      file.lastBlock = Math.max(0, Math.min(blocks - 1, file.claimedBlocks()));
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Mapping a chunk sets the file's length, so the length tells nothing of claimed space. After an
   * unclean end the unclaimed rest of the last chunk is claimed again.
   */
  private int claimedBlocks() {
    return Math.max(0, (mapped.size() - 1) * CHUNK_BLOCKS - 1);
  }

  // ------------------------------------------------------------------------------------- blocks

  /**
   * Makes sure that this many blocks can be had.
   *
   * @return false when the disk gives no more
   */
  boolean ensureFree(int blocks) {
    while (lastBlock - usedCount < blocks) {
      if (!grow()) {
        return false;
      }
    }
    return true;
  }

  /** A zeroed, private block. */
  int allocate() {
    if (lastBlock == usedCount && !grow()) {
      throw new BacklogFullException(path);
    }
    int block = used.nextClearBit(searchFrom);
    if (block > lastBlock) {
      block = used.nextClearBit(1);
    }
    assert block >= 1 && block <= lastBlock : "no free block found";
    searchFrom = block + 1;
    used.set(block);
    usedCount++;
    captured.clear(block);
    chunk(block).put(offset(block), ZEROS);
    return block;
  }

  /** Gives a block back. */
  void release(int block) {
    if (captured.get(block)) {
      released.add(new int[] {block, checkpointsBegun});
    } else {
      free(block);
    }
  }

  /** The block itself when it is private, else a private copy of it; the original is released. */
  int writable(int block) {
    if (!captured.get(block)) {
      return block;
    }
    int copy = allocate();
    chunk(copy).put(offset(copy), chunk(block), offset(block), BLOCK_BYTES);
    release(block);
    return copy;
  }

  private void free(int block) {
    used.clear(block);
    captured.clear(block);
    usedCount--;
    searchFrom = Math.min(searchFrom, block);
  }

  // -------------------------------------------------------------------------------- checkpoints

  /** A checkpoint begins: blocks captured from now on belong to it. Returns its ordinal. */
  int beginCheckpoint() {
    return ++checkpointsBegun;
  }

  /** The block belongs to the checkpoint being taken: from here on it is read only. */
  void capture(int block) {
    captured.set(block);
  }

  /** No checkpoint with a lower ordinal than this is kept: what only they needed is free. */
  void oldestKept(int ordinal) {
    while (!released.isEmpty() && released.getFirst()[1] < ordinal) {
      free(released.removeFirst()[0]);
    }
  }

  /** Checkpoints were taken before this run; ordinals go on from there. */
  void resumeAt(int ordinal) {
    checkpointsBegun = ordinal;
  }

  /** A block that only an older kept checkpoint names: free once that one is gone. */
  void adoptReleased(int block, int ordinal) {
    if (!used.get(block)) {
      adopt(block);
      released.add(new int[] {block, ordinal});
    }
  }

  /** A kept checkpoint read at start names this block. */
  void adopt(int block) {
    if (!used.get(block)) {
      used.set(block);
      usedCount++;
      captured.set(block);
      lastBlock = Math.max(lastBlock, block);
    }
  }

  /** Whether the file is long enough to hold the block. */
  boolean reaches(int block) {
    return block > 0 && block >>> CHUNK_SHIFT < mapped.size();
  }

  /** Makes everything written so far durable. Any thread. */
  void force() throws IOException {
    channel.force(true);
  }

  /** Bytes of disk the file may take. */
  long diskBytes() {
    return (lastBlock + 1L) * BLOCK_BYTES;
  }

  /** Bytes in blocks that are in use or wait for a checkpoint to go. */
  long usedBytes() {
    return (long) usedCount * BLOCK_BYTES;
  }

  // -------------------------------------------------------------------------------------- bytes

  long getLong(int block, int at) {
    return chunk(block).getLong(offset(block) + at);
  }

  void putLong(int block, int at, long value) {
    chunk(block).putLong(offset(block) + at, value);
  }

  int getInt(int block, int at) {
    return chunk(block).getInt(offset(block) + at);
  }

  void putInt(int block, int at, int value) {
    chunk(block).putInt(offset(block) + at, value);
  }

  /** Zeroes part of a block. */
  void zero(int block, int at, int length) {
    chunk(block).put(offset(block) + at, ZEROS, 0, length);
  }

  private ByteBuffer chunk(int block) {
    return chunks[block >>> CHUNK_SHIFT];
  }

  private static int offset(int block) {
    return (block & (CHUNK_BLOCKS - 1)) << BLOCK_SHIFT;
  }

  private boolean grow() {
    int first = lastBlock + 1;
    int last = (first / GROW_BLOCKS + 1) * GROW_BLOCKS - 1;
    try {
      ByteBuffer zeros = ByteBuffer.wrap(new byte[64 * 1024]);
      long at = (long) (lastBlock == 0 ? 0 : first) * BLOCK_BYTES;
      long end = (last + 1L) * BLOCK_BYTES;
      while (at < end) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
        at += channel.write(zeros, at);
      }
      if (last >>> CHUNK_SHIFT >= mapped.size()) {
        mapChunk();
      }
    } catch (IOException noSpace) {
      return false;
    }
    lastBlock = last;
    return true;
  }

  private void mapChunk() throws IOException {
    long bytes = (long) CHUNK_BLOCKS * BLOCK_BYTES;
    MappedByteBuffer chunk = channel.map(MapMode.READ_WRITE, (long) mapped.size() * bytes, bytes);
    mapped.add(chunk);
    chunks = Arrays.copyOf(chunks, mapped.size());
    chunks[mapped.size() - 1] = chunk.order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
