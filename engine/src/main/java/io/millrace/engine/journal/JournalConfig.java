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
 */
public record JournalConfig(long segmentBytes, long reserveBytes, long unforcedBytesMax) {

  private static final long SEGMENT_BYTES_MIN = 64L << 10;
  private static final long SEGMENT_BYTES_MAX = 1L << 30;

  /** Smallest budget for unforced bytes: two of the largest records. */
  public static final long UNFORCED_BYTES_MIN = 8L << 20;

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
  }

  /** For the power-loss level: 128 MiB segments, 1 MiB of reserve, 64 MiB may wait for a force. */
  public static JournalConfig powerLoss() {
    return new JournalConfig(128L << 20, 1L << 20, 64L << 20);
  }

  /** For the process-crash level: the same, but nothing is kept for a force nobody waits for. */
  public static JournalConfig processCrash() {
    return new JournalConfig(128L << 20, 1L << 20, 0);
  }

  /** The same with another segment size. */
  public JournalConfig withSegmentBytes(long bytes) {
    return new JournalConfig(bytes, reserveBytes, unforcedBytesMax);
  }
}
