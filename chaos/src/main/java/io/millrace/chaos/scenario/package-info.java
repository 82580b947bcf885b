/**
 * Scenarios: experiments with an intent, from a short document to a verdict.
 *
 * <p>Lives here: {@link io.millrace.chaos.scenario.Scenario} (what is to be done, read by {@link
 * io.millrace.chaos.scenario.ScenarioDocument}; some come with the lab, see {@link
 * io.millrace.chaos.scenario.Scenarios}) and {@link io.millrace.chaos.scenario.ScenarioRunner}
 * (does it, part by part, and keeps everything that is needed to do it or to judge it again).
 *
 * <p>May import: {@code inject}, {@code proxy}, {@code policy}, {@code document}, {@code client},
 * {@code embedded}, {@code disk}, {@code sim}, {@code serve}'s admin client, {@code load}, {@code
 * history}, {@code check}, SnakeYAML Engine's nodes, Jackson. It knows servers by their command
 * lines and admin ports, not the engine.
 *
 * <p>Invariants: every fault of a plan is written to the history as planned, and as fired when its
 * effect was seen, or as skipped with its reason; a plan that came to nothing leaves the verdict
 * unknown. A server that does not come back on its own data is a failure. The same seed gives the
 * same plan; real processes take care that it is not the same run.
 *
 * <p>Threads: a run is conducted by one; clients, the fault feed and the proxy have theirs.
 */
@NullMarked
package io.millrace.chaos.scenario;

import org.jspecify.annotations.NullMarked;
