package io.millrace.engine.shard;

import io.millrace.engine.journal.Position;
import io.millrace.engine.queue.Backlog;
import java.util.Arrays;

/**
 * One queue's backlog in the blocks of a {@link BlockFile}: a slot of 64 bytes for each message
 * number, {@value #SLOTS_PER_BLOCK} slots a block, and a table from block of numbers to block of
 * the file. The table (8 bytes for every 128 messages, in two arrays) is all that the heap holds.
 *
 * <pre>
 *  0          8          16                 24       32         40        48              52          56         60
 *  +----------+----------+------------------+--------+----------+---------+---------------+-----------+----------+---------+
 *  | position | sent     | firstReceivedAtMs| next   | previous | idLow   | receiveCount  | lastStart | bytes    | packed  |
 *  | u64      | u64      | u64, 0 = never   | u64    | u64      | u64     | u32           | u32       | u32      | u32     |
 *  +----------+----------+------------------+--------+----------+---------+---------------+-----------+----------+---------+
 *   sent:   bits 43-63 whole seconds from the first send to the move into this queue, 0 if sent here
 *           bits 0-42 when it was first sent, in ms since the epoch (to the year 2248)
 *   packed: bit 31 held | bits 29-30 place | bits 19-28 delay seconds (0-900) | bit 18 carried
 *           bits 0-17 origin, an index into origins
 * </pre>
 *
 * <p>Also keeps count of the live bytes in each journal segment, for dropping and carrying forward.
 */
final class MappedBacklog implements Backlog {

  static final int SLOT_BYTES = 64;
  static final int SLOTS_PER_BLOCK = BlockFile.BLOCK_BYTES / SLOT_BYTES;

  private static final int SLOT_SHIFT = 6;
  private static final int BLOCK_SHIFT = 7;

  private static final int POSITION_AT = 0;
  private static final int SENT_AT = 8;
  private static final int FIRST_RECEIVED_AT = 16;
  private static final int NEXT_AT = 24;
  private static final int PREVIOUS_AT = 32;
  private static final int ID_LOW_AT = 40;
  private static final int RECEIVE_COUNT_AT = 48;
  private static final int LAST_START_AT = 52;
  private static final int BYTES_AT = 56;
  private static final int PACKED_AT = 60;

  private static final int ELSEWHERE_SHIFT = 43;
  private static final long SENT_MASK = (1L << ELSEWHERE_SHIFT) - 1;
  private static final int ELSEWHERE_SECONDS_MAX = (1 << (Long.SIZE - ELSEWHERE_SHIFT)) - 1;

  private static final int HELD = 1 << 31;
  private static final int PLACE_SHIFT = 29;
  private static final int PLACE_MASK = 3;
  private static final int DELAY_SHIFT = 19;
  private static final int DELAY_MASK = 1_023;
  private static final int CARRIED = 1 << 18;
  private static final int ORIGIN_MASK = CARRIED - 1;

  private final BlockFile file;
  private final SegmentTally shardLive;
  private final SegmentTally live = new SegmentTally();

  /** Numbers below {@code firstRow * SLOTS_PER_BLOCK} have no row. */
  private long firstRow;

  private int rows;
  private int[] blocks = {};
  private int[] held = {};

  /** Queue numbers that messages came from, in order of first arrival; slots hold 1 + the index. */
  private int[] origins = {};

  /**
   * An empty backlog.
   *
   * @param shardLive the live bytes of all backlogs together, kept up to date by each
   */
  MappedBacklog(BlockFile file, SegmentTally shardLive) {
    this.file = file;
    this.shardLive = shardLive;
  }

  @Override
  public void add(Arrival arrival) {
    long number = arrival.number();
    int row = rowFor(number);
    int block = blocks[row];
    if (block == BlockFile.NO_BLOCK) {
      block = file.allocate();
    } else {
      block = file.writable(block);
    }
    blocks[row] = block;
    held[row]++;
    int at = slotAt(number);
    file.putLong(block, at + POSITION_AT, arrival.position());
    file.putLong(block, at + SENT_AT, sent(arrival));
    file.putLong(block, at + FIRST_RECEIVED_AT, 0);
    file.putLong(block, at + NEXT_AT, NONE);
    file.putLong(block, at + PREVIOUS_AT, NONE);
    file.putLong(block, at + ID_LOW_AT, arrival.idLow());
    file.putInt(block, at + RECEIVE_COUNT_AT, 0);
    file.putInt(block, at + LAST_START_AT, 0);
    file.putInt(block, at + BYTES_AT, arrival.recordBytes());
    file.putInt(
        block,
        at + PACKED_AT,
        HELD | arrival.delaySeconds() << DELAY_SHIFT | originIndex(arrival.origin()));
    count(arrival.position(), arrival.recordBytes());
  }

  /** No message outlives its retention of 14 days, so the seconds fit: they would last for 24. */
  private static long sent(Arrival arrival) {
    long seconds = arrival.elsewhereSeconds();
    assert seconds >= 0 && seconds <= ELSEWHERE_SECONDS_MAX : "moved after " + seconds + " s";
    assert (arrival.sentAtMs() & ~SENT_MASK) == 0 : "sent at " + arrival.sentAtMs();
    return seconds << ELSEWHERE_SHIFT | arrival.sentAtMs();
  }

  @Override
  public void remove(long number) {
    int row = row(number);
    int at = slotAt(number);
    count(position(number), -recordBytes(number));
    if (--held[row] == 0 && number >>> BLOCK_SHIFT < lastRow()) {
      file.release(blocks[row]);
      blocks[row] = BlockFile.NO_BLOCK;
      trim();
    } else {
      int block = file.writable(blocks[row]);
      blocks[row] = block;
      file.putInt(block, at + PACKED_AT, 0);
    }
  }

  @Override
  public void clear() {
    for (int row = 0; row < rows; row++) {
      if (blocks[row] != BlockFile.NO_BLOCK) {
        file.release(blocks[row]);
      }
    }
    firstRow += rows;
    rows = 0;
    blocks = new int[0];
    held = new int[0];
    shardLive.subtract(live);
    live.clear();
  }

  @Override
  public boolean holds(long number) {
    long row = (number >>> BLOCK_SHIFT) - firstRow;
    return number > NONE
        && row >= 0
        && row < rows
        && blocks[(int) row] != BlockFile.NO_BLOCK
        && file.getInt(blocks[(int) row], slotAt(number) + PACKED_AT) < 0;
  }

  @Override
  public long nextHeld(long from, long limit) {
    long number = Math.max(from, firstRow << BLOCK_SHIFT);
    while (number < limit && !holds(number)) {
      long row = (number >>> BLOCK_SHIFT) - firstRow;
      if (row >= rows) {
        return limit;
      }
      number = held[(int) row] == 0 ? ((number >>> BLOCK_SHIFT) + 1) << BLOCK_SHIFT : number + 1;
    }
    return Math.min(number, limit);
  }

  @Override
  public long position(long number) {
    return getLong(number, POSITION_AT);
  }

  @Override
  public void setPosition(long number, long position, int recordBytes) {
    count(position(number), -recordBytes(number));
    count(position, recordBytes);
    putLong(number, POSITION_AT, position);
    putInt(number, BYTES_AT, recordBytes);
  }

  @Override
  public void carry(long number, long position, int recordBytes) {
    setPosition(number, position, recordBytes);
    putInt(number, PACKED_AT, getInt(number, PACKED_AT) | CARRIED);
  }

  @Override
  public boolean carried(long number) {
    return (getInt(number, PACKED_AT) & CARRIED) != 0;
  }

  @Override
  public int recordBytes(long number) {
    return getInt(number, BYTES_AT);
  }

  @Override
  public long sentAtMs(long number) {
    return getLong(number, SENT_AT) & SENT_MASK;
  }

  @Override
  public int elsewhereSeconds(long number) {
    return (int) (getLong(number, SENT_AT) >>> ELSEWHERE_SHIFT);
  }

  @Override
  public long idLow(long number) {
    return getLong(number, ID_LOW_AT);
  }

  @Override
  public int origin(long number) {
    int index = getInt(number, PACKED_AT) & ORIGIN_MASK;
    return index == 0 ? 0 : origins[index - 1];
  }

  @Override
  public int delaySeconds(long number) {
    return getInt(number, PACKED_AT) >>> DELAY_SHIFT & DELAY_MASK;
  }

  @Override
  public Place place(long number) {
    return Place.ofCode(getInt(number, PACKED_AT) >>> PLACE_SHIFT & PLACE_MASK);
  }

  @Override
  public void setPlace(long number, Place place) {
    int packed = getInt(number, PACKED_AT) & ~(PLACE_MASK << PLACE_SHIFT);
    putInt(number, PACKED_AT, packed | place.code() << PLACE_SHIFT);
  }

  @Override
  public long next(long number) {
    return getLong(number, NEXT_AT);
  }

  @Override
  public void setNext(long number, long other) {
    putLong(number, NEXT_AT, other);
  }

  @Override
  public long previous(long number) {
    return getLong(number, PREVIOUS_AT);
  }

  @Override
  public void setPrevious(long number, long other) {
    putLong(number, PREVIOUS_AT, other);
  }

  @Override
  public int receiveCount(long number) {
    return getInt(number, RECEIVE_COUNT_AT);
  }

  @Override
  public long firstReceivedAtMs(long number) {
    return getLong(number, FIRST_RECEIVED_AT);
  }

  @Override
  public int lastStart(long number) {
    return getInt(number, LAST_START_AT);
  }

  @Override
  public void setReceived(long number, int receiveCount, int start, long firstReceivedAtMs) {
    putInt(number, RECEIVE_COUNT_AT, receiveCount);
    putInt(number, LAST_START_AT, start);
    putLong(number, FIRST_RECEIVED_AT, firstReceivedAtMs);
  }

  // ------------------------------------------------------------------------------------- saving

  /** The table at one moment: all that a checkpoint needs beside the blocks themselves. */
  record Table(long firstRow, int[] blocks, int[] held, int[] origins, long[] live) {}

  /** Captures every block for the checkpoint being taken, and copies the table. */
  Table capture() {
    for (int row = 0; row < rows; row++) {
      if (blocks[row] != BlockFile.NO_BLOCK) {
        file.capture(blocks[row]);
      }
    }
    long[] tally = new long[live.size() * 2];
    for (int i = 0; i < live.size(); i++) {
      tally[2 * i] = live.segment(i);
      tally[2 * i + 1] = live.bytesAt(i);
    }
    return new Table(
        firstRow, Arrays.copyOf(blocks, rows), Arrays.copyOf(held, rows), origins.clone(), tally);
  }

  /** Takes up a table a checkpoint saved; its blocks have been adopted by the file. */
  void restore(Table table) {
    firstRow = table.firstRow();
    rows = table.blocks().length;
    blocks = table.blocks();
    held = table.held();
    origins = table.origins();
    for (int i = 0; i < table.live().length; i += 2) {
      live.add(table.live()[i], table.live()[i + 1]);
      shardLive.add(table.live()[i], table.live()[i + 1]);
    }
  }

  // ------------------------------------------------------------------------------------- access

  private static int slotAt(long number) {
    return ((int) number & (SLOTS_PER_BLOCK - 1)) << SLOT_SHIFT;
  }

  private int row(long number) {
    return (int) ((number >>> BLOCK_SHIFT) - firstRow);
  }

  private long lastRow() {
    return firstRow + rows - 1;
  }

  private long getLong(long number, int field) {
    assert holds(number) : "message " + number + " is not held";
    return file.getLong(blocks[row(number)], slotAt(number) + field);
  }

  private int getInt(long number, int field) {
    assert holds(number) : "message " + number + " is not held";
    return file.getInt(blocks[row(number)], slotAt(number) + field);
  }

  private void putLong(long number, int field, long value) {
    int row = row(number);
    int block = file.writable(blocks[row]);
    blocks[row] = block;
    file.putLong(block, slotAt(number) + field, value);
  }

  private void putInt(long number, int field, int value) {
    int row = row(number);
    int block = file.writable(blocks[row]);
    blocks[row] = block;
    file.putInt(block, slotAt(number) + field, value);
  }

  private void count(long position, int bytes) {
    long segment = Position.segment(position);
    live.add(segment, bytes);
    shardLive.add(segment, bytes);
  }

  /** The row of a number that is about to be added, made if it is new. */
  private int rowFor(long number) {
    long wanted = number >>> BLOCK_SHIFT;
    if (rows == 0) {
      firstRow = wanted;
    }
    int row = (int) (wanted - firstRow);
    if (row >= blocks.length) {
      int capacity = Math.max(row + 1, blocks.length + Math.max(4, blocks.length / 2));
      blocks = Arrays.copyOf(blocks, capacity);
      held = Arrays.copyOf(held, capacity);
    }
    if (row >= rows) {
      int previousLast = rows - 1;
      rows = row + 1;
      if (previousLast >= 0 && held[previousLast] == 0) {
        releaseRow(previousLast);
        trim();
        row = (int) (wanted - firstRow);
      }
    }
    return row;
  }

  private void releaseRow(int row) {
    if (blocks[row] != BlockFile.NO_BLOCK) {
      file.release(blocks[row]);
      blocks[row] = BlockFile.NO_BLOCK;
    }
  }

  /** Drops leading rows without a block, when they are half of the table or more. */
  private void trim() {
    int empty = 0;
    while (empty < rows - 1 && blocks[empty] == BlockFile.NO_BLOCK) {
      empty++;
    }
    if (empty * 2 < rows) {
      return;
    }
    int kept = rows - empty;
    int capacity = Math.max(4, kept + kept / 4);
    int[] keptBlocks = new int[capacity];
    int[] keptHeld = new int[capacity];
    System.arraycopy(blocks, empty, keptBlocks, 0, kept);
    System.arraycopy(held, empty, keptHeld, 0, kept);
    blocks = keptBlocks;
    held = keptHeld;
    firstRow += empty;
    rows = kept;
  }

  private int originIndex(int queue) {
    if (queue == 0) {
      return 0;
    }
    for (int i = 0; i < origins.length; i++) {
      if (origins[i] == queue) {
        return i + 1;
      }
    }
    if (origins.length == ORIGIN_MASK) {
      return 0; // a quarter of a million source queues for one dead-letter queue: the source's name
      // is not
      // shown
    }
    origins = Arrays.copyOf(origins, origins.length + 1);
    origins[origins.length - 1] = queue;
    return origins.length;
  }
}
