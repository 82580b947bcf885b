/**
 * What the clients saw: every operation with its two instants and its ending, kept in append-only
 * files and read back in the order of completion.
 *
 * <p>Lives here: {@link io.millrace.chaos.history.Entry} (sealed: every operation of a standard
 * queue, batches, what was done to queues as a whole, faults and the run's own events), {@link
 * io.millrace.chaos.history.HistorySink} (where they go), {@link
 * io.millrace.chaos.history.HistoryWriter} (one log file, one thread), {@link
 * io.millrace.chaos.history.MemoryHistory} (a short one in memory), {@link
 * io.millrace.chaos.history.HistoryReader} (one log file, read back) and {@link
 * io.millrace.chaos.history.MergedHistory} (all logs of a run as one stream). The byte layout is
 * drawn beside {@code EntryCodec}.
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
 *   <li>Queues have numbers, from 0, in the order of their making. A message keeps the number of
 *       the send attempt that made it in its body, whichever queue it is in.
 *   <li>What the queue's settings were is in the history too, so that it can be judged by itself.
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
