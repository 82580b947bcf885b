package io.millrace.engine.queue;

import java.util.Arrays;

/**
 * Everything a {@link QueueMachine} knows beside its backlog, at one moment. Size follows the work
 * in progress: lanes in use and messages in flight.
 *
 * @param nowMs how far the queue had advanced
 * @param purgedAtMs {@link Long#MIN_VALUE} when never
 * @param oldestNumber no message below it is held
 * @param returnedTurn whether the next receive starts with a returned message
 * @param delayedCount messages in all lanes
 */
public record MachineSnapshot(
    long createdAtMs,
    long modifiedAtMs,
    long nowMs,
    long purgedAtMs,
    long nextNumber,
    long oldestNumber,
    boolean returnedTurn,
    Ends fresh,
    Ends returned,
    long delayedCount,
    Lanes lanes,
    Leased leased,
    Conservation conservation) {

  /** The ends of a delivery list, and its length. */
  public record Ends(long head, long tail, long count) {}

  /** The lanes that are not empty. */
  public static final class Lanes {

    private int count;
    private int[] delaySeconds = new int[4];
    private long[] heads = new long[4];
    private long[] tails = new long[4];

    public void add(int seconds, long head, long tail) {
      if (count == heads.length) {
        delaySeconds = Arrays.copyOf(delaySeconds, count * 2);
        heads = Arrays.copyOf(heads, count * 2);
        tails = Arrays.copyOf(tails, count * 2);
      }
      delaySeconds[count] = seconds;
      heads[count] = head;
      tails[count++] = tail;
    }

    public int count() {
      return count;
    }

    /** Shows each lane. */
    public void forEach(LaneVisitor visitor) {
      for (int i = 0; i < count; i++) {
        visitor.lane(delaySeconds[i], heads[i], tails[i]);
      }
    }

    /** Sees one lane. */
    @FunctionalInterface
    public interface LaneVisitor {
      void lane(int delaySeconds, long head, long tail);
    }
  }

  /** The messages in flight. */
  public static final class Leased {

    private final long[] rows;
    private int count;

    /** Room for that many leases. */
    public Leased(int capacity) {
      rows = new long[capacity * 3];
    }

    public void add(long number, long takenAtMs, long endsAtMs) {
      int at = count++ * 3;
      rows[at] = number;
      rows[at + 1] = takenAtMs;
      rows[at + 2] = endsAtMs;
    }

    public int count() {
      return count;
    }

    /** Shows each lease. */
    public void forEach(LeaseVisitor visitor) {
      for (int at = 0; at < count * 3; at += 3) {
        visitor.lease(rows[at], rows[at + 1], rows[at + 2]);
      }
    }

    /** Sees one lease. */
    @FunctionalInterface
    public interface LeaseVisitor {
      void lease(long number, long takenAtMs, long endsAtMs);
    }
  }
}
