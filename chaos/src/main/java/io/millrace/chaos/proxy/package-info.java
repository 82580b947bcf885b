/**
 * Faults of the network: a proxy that stands between clients and any SQS endpoint.
 *
 * <p>Lives here: {@link io.millrace.chaos.proxy.FaultyProxy}. It reads as much HTTP as it takes to
 * know a request's action, its queue and where an answer ends: only so can it lose an answer after
 * the request was done, or refuse the sends of one queue.
 *
 * <p>May import: {@code policy}, Netty, the JDK. It knows no engine.
 *
 * <p>Invariants: without a fault, bytes of bodies pass unchanged, requests of a connection one
 * after another. A client that goes takes its connection to the endpoint with it, so that a poll is
 * withdrawn there. A fault counts as fired when the proxy has done it to a socket.
 *
 * <p>Threads: one event loop for all connections; opening and closing from any other.
 */
@NullMarked
package io.millrace.chaos.proxy;

import org.jspecify.annotations.NullMarked;
