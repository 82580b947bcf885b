/**
 * What delayed messages: instruments beside a run, and which of them explains which message that
 * was over the limit.
 *
 * <p>Lives here: {@link io.millrace.chaos.attribution.FlightRecording} (collections, safepoints,
 * forces and rolls of a JVM), {@link io.millrace.chaos.attribution.Meters} (the platform's), {@link
 * io.millrace.chaos.attribution.IdleMachine} (the same while nothing else runs), {@link
 * io.millrace.chaos.attribution.Evidence} (what all of them saw, by cause), {@link
 * io.millrace.chaos.attribution.Stretches} (when a cause was at work) and {@link
 * io.millrace.chaos.attribution.Attribution} (one cause for each message, or none). Beside them
 * {@link io.millrace.chaos.attribution.Compilation} tells whether a JVM still compiles, and {@link
 * io.millrace.chaos.attribution.ServerMetrics} what a server says of itself.
 *
 * <p>May import: {@code history} for a run's origin, {@code io.millrace.reports}, JFR, the JDK.
 *
 * <p>Invariants: each message over the limit is counted once; a message no instrument explains is
 * unexplained and counted as that; an instrument's silence is never evidence.
 *
 * <p>Threads: none of its own; one thread at a time.
 */
@NullMarked
package io.millrace.chaos.attribution;

import org.jspecify.annotations.NullMarked;
