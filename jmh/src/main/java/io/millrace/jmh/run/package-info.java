/**
 * What every harness here needs: a JVM of one's own for the program under measurement, the flags it
 * runs with, and the record a run leaves; the statistics of paired windows are {@code reports}'.
 *
 * <p>Lives here: {@link io.millrace.jmh.run.ChildJvm} and {@link io.millrace.jmh.run.JvmFlags};
 * {@link io.millrace.jmh.run.BenchRecord} and {@link io.millrace.jmh.run.Bar}.
 *
 * <p>May import: {@code reports}, and the engine's two flag files as resources.
 *
 * <p>Invariants: a child ends with its parent's harness, also when the harness fails; what a child
 * prints is kept in a file; a record names no host, user or absolute path; figures are written as
 * measured, and a bar stands beside its figure whether it was met or not.
 *
 * <p>Threads: a child has one daemon thread here that keeps what it prints.
 */
@NullMarked
package io.millrace.jmh.run;

import org.jspecify.annotations.NullMarked;
