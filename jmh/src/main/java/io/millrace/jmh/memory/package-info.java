/**
 * Whether memory follows the work in progress and not the backlog: millions of messages in an
 * engine that has 128 MiB of heap, killed and opened again.
 *
 * <p>Lives here: {@link io.millrace.jmh.memory.Soak}, the program that runs in a small JVM of its
 * own, one stage a process; {@link io.millrace.jmh.memory.Traffic}, its pipelined batches and its
 * account of every message; {@link io.millrace.jmh.memory.MemoryRun}, which starts the stages,
 * kills them, and holds their figures against the bars.
 *
 * <p>May import: the engine's embedded API, {@code io.millrace.jmh.run}.
 *
 * <p>Invariants: a stage ends with {@code kill -9} unless it says otherwise; a stage's own
 * bookkeeping lies in a mapped file or a bit a message, so that the heap it reports is the
 * engine's; a message that is missing, twice there, early or of other bytes fails the stage.
 *
 * <p>Threads: one caller's; futures complete on the engine's own.
 */
@NullMarked
package io.millrace.jmh.memory;

import org.jspecify.annotations.NullMarked;
