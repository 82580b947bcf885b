/**
 * The simulation: the real shard and the real queues on one thread, with simulated time, over a
 * journal in memory and a disk that fails as it is told to. A seed decides everything.
 *
 * <p>Lives here: {@link io.millrace.chaos.sim.Plan} (what a seed stands for: settings and a list of
 * steps), {@link io.millrace.chaos.sim.Simulation} (one run: safety, liveness, judgement), {@link
 * io.millrace.chaos.sim.SimMachine} (the shard, its deaths and its starts), {@link
 * io.millrace.chaos.sim.SimJournal} and {@link io.millrace.chaos.sim.SimStorage} (its disk), {@link
 * io.millrace.chaos.sim.Clients} and {@link io.millrace.chaos.sim.Wire} (who asks), {@link
 * io.millrace.chaos.sim.Injector} (what goes wrong, with its proof), {@link
 * io.millrace.chaos.sim.Shrinker} (the smallest schedule that still fails), {@link
 * io.millrace.chaos.sim.Campaign} (many seeds) and {@link io.millrace.chaos.sim.SimWorld}, the
 * doors where somebody can be let in between.
 *
 * <p>May import: {@code history}, {@code check}, {@code client}, {@code embedded}, {@code load}; of
 * the engine {@code sqs}, {@code shard}, {@code journal} and its clock.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The same plan gives the same history and the same journal, byte for byte, on any machine.
 *   <li>Every fault in a history was seen to have its effect; one that had none is skipped, with
 *       the reason.
 *   <li>A step means the same whatever other steps are left out, so that schedules can be shrunk.
 * </ul>
 *
 * <p>Threads: none of its own; each run belongs to one thread.
 */
@NullMarked
package io.millrace.chaos.sim;

import org.jspecify.annotations.NullMarked;
