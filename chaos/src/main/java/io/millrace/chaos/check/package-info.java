/**
 * Judges a history: pure functions of what the clients saw, in one pass and bounded memory.
 *
 * <p>Lives here: {@link io.millrace.chaos.check.Judge} (the pass), {@link
 * io.millrace.chaos.check.Checker} (one invariant each, listed in {@link
 * io.millrace.chaos.check.Invariant}), {@link io.millrace.chaos.check.MessageTable} (the messages
 * still in play) and {@link io.millrace.chaos.check.Surroundings} (queues, crashes, faults), shared
 * by all checkers, {@link io.millrace.chaos.check.Whereabouts} (where a message can have been),
 * {@link io.millrace.chaos.check.Fates} (what must have become of it), {@link
 * io.millrace.chaos.check.Later} (questions that wait), {@link io.millrace.chaos.check.Verdict}
 * (sealed: valid, invalid with its findings, unknown with its reason), {@link
 * io.millrace.chaos.check.Evidence} (one message's timeline for a finding), {@link
 * io.millrace.chaos.check.DeliveryOrder} (the order of a part of a run).
 *
 * <p>May import: {@code history} and the JDK, nothing else; so a history from any lab and any
 * server can be judged.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>No clock, no randomness, no configuration but {@link io.millrace.chaos.check.Rules}: the
 *       same files give the same judgement.
 *   <li>Memory is that of the messages not yet surely deleted, of those deleted within twice the
 *       longest operation, two bits for every attempt ever made, and a bounded number of findings.
 *   <li>An accusation needs certainty: an operation acts at some instant between its two, and only
 *       what holds for every choice of instants is a violation. What could be either is counted as
 *       undecided. What depends on an operation still under way is asked again once it has
 *       returned.
 *   <li>What an injected fault explains is nobody's violation; it is counted.
 *   <li>INVALID beats UNKNOWN beats VALID. What was never exercised is UNKNOWN, and bears on the
 *       run only if the rules require it.
 * </ul>
 *
 * <p>Threads: none of its own; a judge is used by one thread.
 */
@NullMarked
package io.millrace.chaos.check;

import org.jspecify.annotations.NullMarked;
