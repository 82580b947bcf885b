/**
 * Load over HTTP as ratios: one lean raw-socket client drives the Millrace server and its baselines
 * in turns, on one machine, in one run, and the answer is a ratio with its interval, never a rate.
 *
 * <p>Lives here: {@link io.millrace.jmh.http.RawSocketClient} (closed loop, the same bytes for
 * every server); the two baselines, {@link io.millrace.jmh.http.EmptyNettyServer} and {@link
 * io.millrace.jmh.http.GroupCommitServer}; {@link io.millrace.jmh.http.DrainingClient} (receives
 * and deletes); {@link io.millrace.jmh.http.HttpRatio}, the interleaved run of a {@link
 * io.millrace.jmh.http.Lineup}. ElasticMQ, in memory, is a baseline too, and Millrace without its
 * metrics.
 *
 * <p>May import: Netty (the baselines), HdrHistogram, {@code io.millrace.jmh.run}, {@code
 * io.millrace.jmh.unmetered} and {@code io.millrace.chaos.peer} for the name of a program to start,
 * {@code io.millrace.chaos.attribution} for what a server says of itself. Nothing of the engine: a
 * server is a process here, and a baseline must not lean on what it judges.
 *
 * <p>Invariants: every server gets the same request bytes (the Host header's port aside), the same
 * heap, collector and flags; a window in which any answer was not a 200 is not a measurement; what
 * was run is written down whole, windows that look odd included.
 *
 * <p>Threads: a client is one thread and its selector, since the client shares the cores with the
 * server under test and every switch between client threads would be charged to the server.
 */
@NullMarked
package io.millrace.jmh.http;

import org.jspecify.annotations.NullMarked;
