package io.millrace.engine.journal;

/**
 * How a journal uses disk and memory.
 *
 * @param segmentBytes size at which a segment ends, 64 KiB to 1 GiB; a larger record has a segment
 *     of its own
 * @param reserveBytes space that only {@link Space#RESERVE} appends may use, from 0
 * @param unforcedBytesMax bytes that may wait for a force, kept in memory so that a failed force
 *     loses nothing; 0 where nobody waits for forces: then none are kept, and after a failed force
 *     the records are taken from the page cache, the best such a level can do
 * @param leadBytes how far ahead of the writer space is made ready at least, from 64 KiB; while
 *     demand lasts the lead grows to 16 MiB if that is more. It ends with the active segment until
 *     that is half full
 * @param zeroedBytes in what pieces space ahead is zeroed, 4 KiB to 1 MiB, a power of two. Where
 *     replies wait for forces it must be 4 KiB: larger pieces make large folios in the page cache,
 *     and one dirty byte then writes a whole folio at each force
 */
public record JournalConfig(
    long segmentBytes, long reserveBytes, long unforcedBytesMax, long leadBytes, int zeroedBytes) {

  private static final long SEGMENT_BYTES_MIN = 64L << 10;
  private static final long SEGMENT_BYTES_MAX = 1L << 30;

  /** Smallest budget for unforced bytes: two of the largest records. */
  public static final long UNFORCED_BYTES_MIN = 8L << 20;

  /** The smallest lead over the writer, and the default: what an idle journal keeps. */
  public static final long LEAD_BYTES_MIN = 64L << 10;

  /** One page: the piece in which space is zeroed for a journal whose forces are waited for. */
  public static final int PAGE_BYTES = 4096;

  private static final int PROCESS_CRASH_ZEROED_BYTES = 256 << 10;
  private static final int ZEROED_BYTES_MAX = 1 << 20;

  public JournalConfig {
    if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
      throw new IllegalArgumentException("segmentBytes " + segmentBytes);
    }
    if (reserveBytes < 0) {
      throw new IllegalArgumentException("reserveBytes " + reserveBytes);
    }
    if (unforcedBytesMax != 0 && unforcedBytesMax < UNFORCED_BYTES_MIN) {
      throw new IllegalArgumentException("unforcedBytesMax " + unforcedBytesMax);
    }
    if (leadBytes < LEAD_BYTES_MIN) {
      throw new IllegalArgumentException("leadBytes " + leadBytes);
    }
    if (zeroedBytes < PAGE_BYTES
        || zeroedBytes > ZEROED_BYTES_MAX
        || Integer.bitCount(zeroedBytes) != 1) {
      throw new IllegalArgumentException("zeroedBytes " + zeroedBytes);
    }
  }

  /**
   * For a journal whose forces are waited for.
   *
   * @throws IllegalArgumentException if a figure is out of its range
   */
  public static JournalConfig forced(long segmentBytes, long reserveBytes, long unforcedBytesMax) {
    return new JournalConfig(
        segmentBytes, reserveBytes, unforcedBytesMax, LEAD_BYTES_MIN, PAGE_BYTES);
  }

  /** For the power-loss level: 128 MiB segments, 1 MiB of reserve, 64 MiB may wait for a force. */
  public static JournalConfig powerLoss() {
    return forced(128L << 20, 1L << 20, 64L << 20);
  }

  /**
   * For the process-crash level: the same, but nothing is kept for a force nobody waits for, and
   * space is zeroed in larger pieces, with fewer system calls and fewer page faults in the map.
   */
  public static JournalConfig processCrash() {
    return new JournalConfig(128L << 20, 1L << 20, 0, LEAD_BYTES_MIN, PROCESS_CRASH_ZEROED_BYTES);
  }

  /** The same with another segment size. */
  public JournalConfig withSegmentBytes(long bytes) {
    return new JournalConfig(bytes, reserveBytes, unforcedBytesMax, leadBytes, zeroedBytes);
  }

  /** The same with another lead over the writer. */
  public JournalConfig withLeadBytes(long bytes) {
    return new JournalConfig(segmentBytes, reserveBytes, unforcedBytesMax, bytes, zeroedBytes);
  }
}
