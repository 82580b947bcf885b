/**
 * What is to go wrong, how often, and what did.
 *
 * <p>Lives here: {@link io.millrace.chaos.policy.ChaosPolicy} (faults by queue, a value), {@link
 * io.millrace.chaos.policy.PolicyDocument} (the same as YAML or JSON, its errors with their lines),
 * {@link io.millrace.chaos.policy.FaultSwitch} (the policy in force, which can be replaced at any
 * time), {@link io.millrace.chaos.policy.Chance} (the seeded dice of one fault of one queue) and
 * {@link io.millrace.chaos.policy.FaultLog} (each fault that was planned, that fired, or that came
 * to nothing).
 *
 * <p>May import: {@code document}, the JDK, SnakeYAML Engine, Jackson for the JSON it writes. It
 * knows neither how a fault is done nor whom it hits.
 *
 * <p>Invariants: a policy that exists is legal. The n-th opportunity of a fault on a queue has the
 * same fate under the same seed, whatever happens to other queues and other faults. A fault counts
 * as fired only when whoever injects it saw its effect.
 *
 * <p>Threads: values are immutable; switch, chances and log may be used by any thread.
 */
@NullMarked
package io.millrace.chaos.policy;

import org.jspecify.annotations.NullMarked;
