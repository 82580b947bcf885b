/**
 * A Millrace server whose queues misbehave on request: {@code ./millrace serve --chaos}.
 *
 * <p>Lives here: {@link io.millrace.chaos.serve.ChaosServer}, which composes the engine's server
 * with the faults of {@code delivery} and {@code proxy}, with a clock that can be stepped and with
 * other orders of delivery, and the pages {@code /chaos} and {@code /chaos/faults} of the admin
 * port; and {@link io.millrace.chaos.serve.ChaosAdmin}, which asks for them.
 *
 * <p>May import: the engine's composition root and configuration, {@code policy}, {@code delivery},
 * {@code proxy}, the Prometheus client, picocli, the JDK with its HTTP server.
 *
 * <p>Invariants: the engine knows nothing of it. What this platform or this composition cannot
 * inject is listed under {@code skipped} with its reason, never passed over.
 *
 * <p>Threads: a timer for what is to happen later; the admin port's threads for its pages.
 */
@NullMarked
package io.millrace.chaos.serve;

import org.jspecify.annotations.NullMarked;
