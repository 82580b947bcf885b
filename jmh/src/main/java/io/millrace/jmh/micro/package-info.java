/**
 * What one operation of the embedded engine costs, in time as a ratio and in bytes as a figure, by
 * JMH.
 *
 * <p>Lives here: {@link io.millrace.jmh.micro.SendBenchmark} with its baseline, {@link
 * io.millrace.jmh.micro.CycleBenchmark}, and {@link io.millrace.jmh.micro.MicroCommand}, which runs
 * them against their bars; {@link io.millrace.jmh.micro.ObserveBenchmark}, what the metrics of a
 * request cost; and one mechanism each beside its baseline: {@link
 * io.millrace.jmh.micro.GroupBenchmark} (producers and consumers), {@link
 * io.millrace.jmh.micro.JournalBenchmark} (append and group commit), {@link
 * io.millrace.jmh.micro.MachineBenchmark} (deciding and applying, leases that end), {@link
 * io.millrace.jmh.micro.BacklogBenchmark} (a receive before few or many waiting messages). The
 * wire's, {@code CodecBenchmark}, lives in the wire's package, the judge's, {@code CheckBenchmark},
 * in {@code check}. A test runs every one of them once and holds bytes per operation.
 *
 * <p>May import: the engine's embedded API and telemetry, Chronicle Queue (the baseline), JMH.
 *
 * <p>Invariants: an invocation does a fixed number of operations, so that slow and fast iterations
 * do the same work; what was sent is received and deleted between iterations, message by message,
 * and a trial that lost or invented one fails; a time is never judged but as a ratio to a
 * neighbouring fork of the baseline; bytes per operation are judged as they are.
 *
 * <p>Threads: one sender, JMH's own, unless a benchmark says otherwise.
 */
@NullMarked
package io.millrace.jmh.micro;

import org.jspecify.annotations.NullMarked;
