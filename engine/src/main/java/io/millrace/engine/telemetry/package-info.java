/**
 * What the engine shows of itself: numbers for Prometheus, and the admin port they are read from.
 *
 * <p>Lives here: {@link io.millrace.engine.telemetry.Telemetry}, the room's one door for the
 * composition root; {@link io.millrace.engine.telemetry.MetricNames}, every name a dashboard or an
 * alert may use; and {@link io.millrace.engine.telemetry.AdminServer}, which answers {@code
 * /health} and {@code /metrics}, queues together, and shows them to a person under {@code /};
 * {@code /metrics/per-queue} takes the queues apart. {@link io.millrace.engine.telemetry.AccessLog}
 * has a line for each request, where it is asked for. What a flight recording can hold stands in
 * {@code FlightEvents} and {@code millrace.jfc}.
 *
 * <p>May import: the counters and observers of {@code shard}, the same of {@code wire}, the
 * vocabulary of {@code sqs}, the Prometheus client, slf4j and the JDK with its HTTP server and
 * flight recorder. Nothing in the engine but the composition root imports this room.
 *
 * <p>Invariants: reading never touches a queue's thread, since every number is a counter its owner
 * publishes. Observing a request, an append or a force allocates nothing, unless the request came
 * with a trace or there is an access log. Series are bounded: labels come from closed sets, except
 * queue names, which are capped and the rest folded into {@code _other}. A counter never falls
 * while the process lives, whatever queues come and go.
 *
 * <p>Threads: observers are called on the threads of those they observe; the access log has a
 * thread that writes; everything else runs on the admin port's own daemon threads, at most two, so
 * that a saturated endpoint still answers a scrape.
 */
@NullMarked
package io.millrace.engine.telemetry;

import org.jspecify.annotations.NullMarked;
