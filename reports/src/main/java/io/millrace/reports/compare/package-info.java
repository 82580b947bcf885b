/**
 * What two sides measured, against each other: ratios with intervals, and the gate made of them.
 *
 * <p>Lives here: {@link io.millrace.reports.compare.Side} (what one side measured), {@link
 * io.millrace.reports.compare.Comparison} (figure by figure), {@link
 * io.millrace.reports.compare.Bootstrap} (the intervals), {@link
 * io.millrace.reports.compare.PairedRatio} (the one summary of paired windows, the harnesses' too),
 * {@link io.millrace.reports.compare.Gate} (may this be merged?).
 *
 * <p>May import: {@code record}, HdrHistogram, Jackson, the JDK.
 *
 * <p>Invariants: a decision is taken on an interval's bound, never on a point; a difference within
 * the threshold is none; same input, same seed: same output.
 *
 * <p>Threads: pure functions.
 */
@NullMarked
package io.millrace.reports.compare;

import org.jspecify.annotations.NullMarked;
