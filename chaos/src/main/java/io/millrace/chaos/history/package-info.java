/**
 * What the clients saw: every operation with its two instants and its ending, kept in append-only
 * files and read back in the order of completion.
 *
 * <p>Lives here: {@link io.millrace.chaos.history.Entry} (sealed: a send, a receive, a delete, an
 * event), {@link io.millrace.chaos.history.HistoryWriter} (one log file, one thread), {@link
 * io.millrace.chaos.history.HistoryReader} (one log file, read back) and {@link
 * io.millrace.chaos.history.MergedHistory} (all logs of a run as one stream).
 *
 * <p>May import: the JDK, nothing else; a history can be judged without the lab that made it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>All instants are nanoseconds of one monotonic clock since the run's origin; the wall clock
 *       of the origin is kept in each file's head for the reader only.
 *   <li>Within a file the entries are in the order of their return; so a merge needs one entry of
 *       memory per file.
 *   <li>A file that was closed ends in an end record; a file without one was cut, and says so when
 *       read.
 *   <li>Every record carries its length and a CRC32C. A short or damaged record ends the file's
 *       readable part.
 * </ul>
 *
 * <p>Threads: none of its own; a writer belongs to the one thread that owns its session.
 */
@NullMarked
package io.millrace.chaos.history;

import org.jspecify.annotations.NullMarked;
