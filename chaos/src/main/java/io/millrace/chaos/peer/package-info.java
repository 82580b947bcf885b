/**
 * Other people's queues, to be asked what ours is asked.
 *
 * <p>Lives here: {@link io.millrace.chaos.peer.ElasticMq}, a server in a JVM of its own.
 *
 * <p>May import: the JDK. A peer's code never comes onto our class path: it has a folder of its
 * own, filled by the build. Nor does ours onto its: a wrapper that runs it, for an instrument that
 * has to be in its JVM, loads it apart.
 *
 * <p>Invariants: a process started here is ended here, at the latest when the lab's JVM ends.
 *
 * <p>Threads: none but the caller's.
 */
@NullMarked
package io.millrace.chaos.peer;

import org.jspecify.annotations.NullMarked;
