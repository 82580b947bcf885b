package io.millrace.engine.shard;

import io.millrace.engine.journal.Storage;
import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * place and not a fault inside a mapped page. Each captured block may have to be copied by work
 * that nobody can refuse: a delete, a lease, a recovery. So there is always a free block for every
 * captured one. Senders are refused rather than let into that pledge ({@link #ensureFree}), and a
 * checkpoint begins only when there is room to copy all it will capture ({@link
 * #roomForCheckpoint}).
 *
 * <p>Threads: the shard's, except {@link #force}.
 */
final class BlockFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BlockFile.class);

  /** Bytes of a block. */
  static final int BLOCK_BYTES = 8_192;

  /** Not a block. */
  static final int NO_BLOCK = 0;

  /**
   * Sends stop when fewer blocks than this are left beyond the pledged ones and the disk gives no
   * more. It is what dead-letter moves then live on: they are no copies, and not refused as early.
   */
  static final int RESERVE_BLOCKS = 64;

  /** Whether a checkpoint may begin. */
  enum Room {
    /** Every block it will capture can be copied. */
    READY,
    /** Not yet; the file was grown by a step. */
    GROWING,
    /** The disk gives no more. */
    REFUSED
  }

  private static final int CHUNK_BLOCKS = 2_048;
  private static final int CHUNK_SHIFT = 11;
  private static final int BLOCK_SHIFT = 13;
  private static final int GROW_BLOCKS = 128;
  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  /** What grows and forces. */
  private final StorageFile file;

  /** What maps: the storage port has no such thing. */
  private final FileChannel channel;

  private final List<MappedByteBuffer> mapped = new ArrayList<>();
  private ByteBuffer[] chunks = {};

  /** Blocks from 1 to this one are backed by disk space. */
  private int lastBlock;

  private final BitSet used = new BitSet();
  private final BitSet captured = new BitSet();
  private int usedCount;
  private int searchFrom = 1;

  /** Captured and not released: as many copies may still be asked for. */
  private int capturedCount;

  /** Whether a checkpoint is capturing: it may capture every block that is not released. */
  private boolean capturing;

  /** Released captured blocks with the checkpoint count at their release, oldest first. */
  private final ArrayDeque<int[]> released = new ArrayDeque<>();

  private int checkpointsBegun;

  /** Whether the last step of growth was refused: said once. */
  private boolean growthRefused;

  private BlockFile(StorageFile file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the file, creating it when it is missing; every block counts as free until {@link
   * #adopt}.
   */
  static BlockFile open(Storage storage, Path path) throws IOException {
    StorageFile file = Files.exists(path) ? storage.open(path) : storage.create(path);
    try {
      BlockFile opened =
          new BlockFile(
              file, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
      opened.mapAll();
      return opened;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void mapAll() throws IOException {
    try {
      int blocks = (int) Math.min(Integer.MAX_VALUE - CHUNK_BLOCKS, channel.size() / BLOCK_BYTES);
      while (mapped.size() * CHUNK_BLOCKS < blocks) {
        mapChunk();
      }
      // Block 0 is never handed out; a file of n blocks ends with block n - 1. The last chunk may
      // be mapped beyond what has been zeroed, so only whole claimed steps count.
      lastBlock = Math.max(0, Math.min(blocks - 1, claimedBlocks()));
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
   * Makes sure that this many blocks can be had beyond those pledged for copies.
   *
   * @return false when the disk gives no more
   */
  boolean ensureFree(int blocks) {
    while (free() < pledged() + blocks) {
      if (!grow()) {
        return false;
      }
    }
    return true;
  }

  private int free() {
    return lastBlock - usedCount;
  }

  /** Copies that work which cannot be refused may ask for. */
  private int pledged() {
    return capturing ? live() : capturedCount;
  }

  /** Blocks in use now, and not only by checkpoints: what a checkpoint captures at most. */
  private int live() {
    return usedCount - released.size();
  }

  /** A zeroed, private block. */
  int allocate() {
    if (lastBlock == usedCount && !grow()) {
      throw new BacklogFullException(file.path());
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
      capturedCount--;
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

  /** Grows the file by a step of at most 1 MiB if a checkpoint could not begin without. */
  Room roomForCheckpoint() {
    if (free() >= live() + RESERVE_BLOCKS) {
      return Room.READY;
    }
    if (grow()) {
      return Room.GROWING;
    }
    return free() >= live() ? Room.READY : Room.REFUSED;
  }

  /**
   * A checkpoint begins, for which there is room: blocks captured from now on belong to it. Returns
   * its ordinal.
   */
  int beginCheckpoint() {
    capturing = true;
    return ++checkpointsBegun;
  }

  /** The block belongs to the checkpoint being taken: from here on it is read only. */
  void capture(int block) {
    if (!captured.get(block)) {
      captured.set(block);
      capturedCount++;
    }
  }

  /** The checkpoint being taken has all its blocks, or was given up. */
  void endCapture() {
    capturing = false;
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
      capturedCount--;
      released.add(new int[] {block, ordinal});
    }
  }

  /** A kept checkpoint read at start names this block. */
  void adopt(int block) {
    if (!used.get(block)) {
      used.set(block);
      usedCount++;
      capture(block);
      lastBlock = Math.max(lastBlock, block);
    }
  }

  /** Whether the file is long enough to hold the block. */
  boolean reaches(int block) {
    return block > 0 && block >>> CHUNK_SHIFT < mapped.size();
  }

  /** Makes everything written so far durable. Any thread. */
  void force() throws IOException {
    file.force();
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
      long at = (long) (lastBlock == 0 ? 0 : first) * BLOCK_BYTES;
      long end = (last + 1L) * BLOCK_BYTES;
      file.reserve(at, end - at);
      ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
      while (at < end) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
        int bytes = zeros.remaining();
        file.write(zeros, at);
        at += bytes;
      }
      if (last >>> CHUNK_SHIFT >= mapped.size()) {
        mapChunk();
      }
    } catch (IOException refused) {
      if (!growthRefused) {
        LOG.warn("{} cannot grow: {}", file.path(), refused.toString());
      }
      growthRefused = true;
      return false;
    }
    growthRefused = false;
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
    try {
      channel.close();
    } finally {
      file.close();
    }
  }
}
