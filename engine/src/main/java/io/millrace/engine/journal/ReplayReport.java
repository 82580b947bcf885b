package io.millrace.engine.journal;

import java.util.List;

/**
 * What reading the log found.
 *
 * @param records records handed to the visitor
 * @param bytes their frames, headers included
 * @param durablePosition what stands before it was forced by the process that wrote it: by the
 *     marks of the records visited, and of the openings of their segments
 * @param tailPosition where the log ends: everything before it was visited or is in {@code damaged}
 * @param ending how the log ended
 * @param damaged places that held durable records and no longer do, in order
 */
public record ReplayReport(
    long records,
    long bytes,
    long durablePosition,
    long tailPosition,
    Ending ending,
    List<Damage> damaged) {

  /** How a log ended. */
  public enum Ending {
    /** By {@link Journal#close}: nothing was in flight. */
    CLEAN,
    /** By a kill: no end mark, and nothing after the last whole record. */
    OPEN,
    /** By a crash that cut into records nobody was promised: they were discarded. */
    TORN
  }

  /**
   * A place whose bytes failed the check though they had been durable.
   *
   * @param fromPosition first damaged byte
   * @param toPosition the next whole record, or the end of the segment
   * @param file the segment's file name
   */
  public record Damage(long fromPosition, long toPosition, String file) {

    @Override
    public String toString() {
      return "segment %d (%s), bytes %d to %d"
          .formatted(
              Position.segment(fromPosition),
              file,
              Position.offset(fromPosition),
              Position.offset(toPosition));
    }
  }

  public ReplayReport {
    damaged = List.copyOf(damaged);
  }
}
