/**
 * The journal: a domain-free log. Bytes in, position out.
 *
 * <p>Lives here: {@link io.millrace.engine.journal.Journal}, its two implementations {@link
 * io.millrace.engine.journal.ChronicleJournal} (durable, on Chronicle Queue) and {@link
 * io.millrace.engine.journal.MemoryJournal} (for simulation and tests), and {@link
 * io.millrace.engine.journal.Storage}, the one port through which all file operations pass.
 *
 * <p>May import: the JDK and Chronicle, which has no other room in the engine.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A record is read whole and verified (magic, length, CRC32C) or reported damaged; bytes that
 *       failed the check are never handed out.
 *   <li>Durable means our own {@code FileChannel.force} of the segment and of its directory. The
 *       durable position never names a byte that was not forced, and never goes back.
 *   <li>Chronicle opens only a directory that this process has just made. What an earlier process
 *       left is read by our own scanner and never appended to.
 *   <li>No byte is written through a map before its block is reserved on disk.
 *   <li>After a failed force the page cache is not trusted: the unforced records are written again,
 *       from memory, into a new segment.
 * </ul>
 *
 * <p>Threads: one appender (the shard's) owns append, rewrite and the tail; one flusher forces;
 * preparation runs as steps of a handed-in executor; any thread reads with a buffer of its own.
 */
@NullMarked
package io.millrace.engine.journal;

import org.jspecify.annotations.NullMarked;
