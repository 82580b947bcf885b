/**
 * How long the lab takes to judge a long history, in a small heap.
 *
 * <p>Lives here: {@link io.millrace.jmh.check.CheckCommand} ({@code bench check}), {@link
 * io.millrace.jmh.check.SyntheticHistory}, which writes a legal history of any length, {@link
 * io.millrace.jmh.check.CheckStage}, the program that judges it in a JVM of its own, and {@link
 * io.millrace.jmh.check.CheckRun}, which holds its figures against the bars.
 *
 * <p>May import: the lab's {@code history} and {@code check}, {@code io.millrace.jmh.run}.
 *
 * <p>Invariants: the history is decided by its length alone; the judge must find nothing wrong in
 * it, and every operation that was written must have been counted.
 *
 * <p>Threads: one.
 */
@NullMarked
package io.millrace.jmh.check;

import org.jspecify.annotations.NullMarked;
