/**
 * The figures of a run, read from its history: phases, latencies, the timeline and the counts.
 *
 * <p>Lives here: {@link io.millrace.chaos.figures.Passages} (each message's way, put together from
 * the logs), {@link io.millrace.chaos.figures.RunPhases} (outage and catch-up), {@link
 * io.millrace.chaos.figures.RunFigures} (latencies by phase, timeline, counts).
 *
 * <p>May import: {@code history}, {@code attribution} (which is told of each message), {@code
 * io.millrace.reports.record}, HdrHistogram, the JDK.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A pure function of the logs: whoever has the files gets the same figures.
 *   <li>publish = acknowledged − intended, for acknowledged sends. endToEnd = first received −
 *       intended. receive = first received − the later of (acknowledged, poll sent); a message that
 *       was received before its sender had the answer counts as 0, and is counted apart; for a send
 *       of unknown outcome the instant its send began stands for the acknowledgement.
 *   <li>Nothing is dropped. Repeated receives are duplicates, counted by the checkers, and carry no
 *       latency; sends without an acknowledgement carry none because they have none, and are
 *       counted.
 *   <li>A message belongs to the phase of its intended instant, whatever happened to it later.
 * </ul>
 *
 * <p>Threads: none of its own.
 */
@NullMarked
package io.millrace.chaos.figures;

import org.jspecify.annotations.NullMarked;
