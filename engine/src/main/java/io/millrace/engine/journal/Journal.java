package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * An append-only log of byte records, each with a position that never changes.
 *
 * <p>A position is {@code segment number << 40 | byte offset in the segment}; see {@link Position}.
 * Positions grow with each append, across segments and restarts. A log that was opened must be read
 * to its end by {@link #replay} and made durable by {@link #forceAll} before anything that depends
 * on it is answered; the first append does both if the caller did not.
 *
 * <p>Threads: {@link #append}, {@link #rewriteTail}, {@link #tailPosition} and {@link #close}
 * belong to one thread, the appender. {@link #force} belongs to another, the flusher, and never
 * holds up an append. {@link #replay} and {@link #forceAll} belong to whoever opens, before the
 * first append. The rest is open to any thread. A thread inside the journal must not be
 * interrupted: the JDK closes the file channel under an interrupted thread.
 */
public interface Journal extends AutoCloseable {

  /** Largest body of one record, in bytes: a 1 MiB message with its attributes, and slack. */
  int RECORD_BYTES_MAX = (2 << 20) - 256;

  /** A position no record has. */
  long NO_POSITION = -1;

  /**
   * Appends one record and returns its position; readable at once, durable after {@link #force}.
   *
   * @param body bytes from position to limit, 1 to {@link #RECORD_BYTES_MAX}; consumed, not kept
   * @param space whether this record may use the reserve
   * @return position, greater than any returned before; stable across restarts
   * @throws JournalFullException if the file system refused space; nothing was written, and a later
   *     append may succeed
   * @throws JournalBusyException if too many bytes wait for a force; nothing was written, and an
   *     append after the next force succeeds
   * @throws JournalForceException if the active segment failed; nothing was written, and {@link
   *     #rewriteTail} must come first
   * @throws JournalFailedException if the journal has failed for good
   */
  long append(ByteBuffer body, Space space);

  /** Position after the last appended record; appender thread. */
  long tailPosition();

  /** Every record at a smaller position is durable. Any thread; never goes back. */
  long durablePosition();

  /**
   * Makes every record durable that was appended before the call, and returns the new durable
   * position. Flusher thread.
   *
   * @throws JournalForceException if the device failed; nothing above {@link #durablePosition} may
   *     be acknowledged until {@link #rewriteTail} has succeeded
   */
  long force();

  /** Bytes appended but not yet durable, headers included; any thread. */
  long unforcedBytes();

  /**
   * Whether the active segment has failed, so that {@link #append} and {@link #force} are refused
   * until {@link #rewriteTail}; any thread.
   */
  boolean needsRewrite();

  /**
   * Writes every record above the durable position again, into a new segment, and makes it durable.
   * Appender thread, after {@link #needsRewrite}; does nothing if no segment has failed.
   *
   * @param visitor told each record's old and new position, in order
   * @throws JournalFailedException if this fails too; then the journal has failed for good
   */
  void rewriteTail(TailVisitor visitor);

  /**
   * Reads the body of the record at a position.
   *
   * @param position as returned by {@link #append} or handed to a visitor
   * @param into the reading thread's own buffer
   * @return the verified body, from position to limit, inside {@code into}; valid until its next
   *     use
   * @throws DamagedRecordException if no valid record lies there
   */
  ByteBuffer read(long position, ReadBuffer into);

  /**
   * Visits every record from a position to the end of the log, in order.
   *
   * @param fromPosition 0 for all, a record's position, or a tail position; what it names must have
   *     been durable
   * @return what was read, where the log ends, and what was found damaged
   */
  ReplayReport replay(long fromPosition, RecordVisitor visitor);

  /**
   * Makes all that was replayed durable, files and directories, so that what a killed process left
   * in the page cache may be relied on. Where replies wait for forces, what no record proves
   * durable is written again first: the killed process may have been told that the device lost it,
   * and a force by this one would be told nothing.
   */
  void forceAll();

  /**
   * Visits every valid record of one segment, up to the tail at the time of the call.
   *
   * @return what was read and what was found damaged
   */
  ReplayReport scanSegment(long segment, RecordVisitor visitor);

  /**
   * Where the log begins: 0 as long as its very first segment is there, else the start of the
   * oldest segment. Segment numbers alone do not tell, since a start that appended nothing uses one
   * up.
   */
  long startPosition();

  /** The segments that hold records, oldest first; a snapshot. */
  List<Segment> segments();

  /** Number of the segment that appends go to, or {@link #NO_POSITION} before the first append. */
  long activeSegment();

  /**
   * Deletes a segment for good and durably. Any thread, best not the appender: it may wait for a
   * force that is running, and does for the file system. Forces do not wait for it.
   *
   * @param segment any but the active one
   */
  void dropSegment(long segment);

  /** Bytes of disk held by all segments, prepared space included. */
  long diskBytes();

  /** Those of {@link #diskBytes} that are prepared and not written to yet; 0 where none are. */
  default long reservedBytes() {
    return 0;
  }

  /** Forces what is not yet durable, marks the log as cleanly ended, and releases everything. */
  @Override
  void close();
}
