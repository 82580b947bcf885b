/**
 * The lab: it drives a queue with real clients, breaks it on purpose, keeps a history of what every
 * client saw, and judges it.
 *
 * <p>Lives here: {@link io.millrace.chaos.Main}, the entry of {@code ./millrace run} and {@code
 * ./millrace chaos}, and what ties the rooms below together for it.
 *
 * <ul>
 *   <li>{@code history}: what the clients saw, in files
 *   <li>{@code check}: judges a history; knows {@code history} alone
 *   <li>{@code client}: sessions with an SQS endpoint, each operation ending ok, fail or unknown
 *   <li>{@code load}: the open-loop schedule, order messages, producers and consumers
 *   <li>{@code inject}: the server process and what is done to it
 *   <li>{@code disk}: the engine in this process on storage that loses what was not forced
 *   <li>{@code figures}: latencies, phases and the timeline, read from a history
 *   <li>{@code attribution}: what delayed a message, by the instruments beside a run
 *   <li>{@code sim}: the engine in simulated time, with faults, by the thousand
 *   <li>{@code scenario}: experiments from a short document to a verdict, over processes, power
 *       cuts and simulations
 *   <li>{@code document}: what people write, read with complaints that name the line
 *   <li>{@code peer}: other people's queues, to be asked what ours is asked
 *   <li>{@code run}: the main job, which ties them together
 * </ul>
 *
 * <p>May import: those rooms, {@code io.millrace.reports}, picocli, the JDK; of the engine, what
 * its rooms' signs say. Nothing in the engine knows of it.
 */
@NullMarked
package io.millrace.chaos;

import org.jspecify.annotations.NullMarked;
