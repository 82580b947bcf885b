/**
 * Load, open loop: what a user of a queue feels, from the instant a message was due.
 *
 * <p>Lives here: {@link io.millrace.jmh.load.LoadCommand} ({@code bench load}); behind it the
 * workloads as YAML ({@code WorkloadDocument}), the arrivals, one leg ({@code LoadLeg}: warm-up by
 * evidence and measurement on one schedule), the two kinds of traffic ({@code LeanTraffic} over raw
 * sockets, {@code SessionTraffic} over the lab's sessions: embedded engine or AWS SDK), the
 * instruments whose word the attribution of misses takes, and a whole run ({@code LoadRun}: steps,
 * services that take turns, curves, the search for the highest rate).
 *
 * <p>May import: {@code io.millrace.jmh.http} (the raw client and the servers in their own JVMs),
 * {@code io.millrace.jmh.run}, the lab's {@code attribution}, {@code client}, {@code embedded},
 * {@code load}, {@code history} and {@code document}, {@code io.millrace.reports}, JNA for the one
 * call that makes the sending thread prompt ({@code Standing}); of the engine only what it takes to
 * embed one, to hear of its forces and to start its server: to the traffic it is a service behind a
 * session or a socket.
 *
 * <p>Invariants: the schedule is absolute and never re-based; every message keeps its intended,
 * sent, acknowledged and received instants, and none is left out of the figures; what was not valid
 * is kept and marked; nothing is retried.
 *
 * <p>Threads: two for lean traffic, one for each send under way and each consumer for sessions;
 * none spins.
 */
@NullMarked
package io.millrace.jmh.load;

import org.jspecify.annotations.NullMarked;
