/**
 * Millrace without its metrics, as a baseline for what they cost over HTTP.
 *
 * <p>Lives here: {@link io.millrace.jmh.unmetered.UnmeteredServer}, the engine and the endpoint put
 * together with observers that hear nothing.
 *
 * <p>May import: the engine's root, {@code wire} and {@code shard}.
 *
 * <p>Invariants: whatever {@link io.millrace.engine.Server} does beside observing is done here
 * alike, so that the difference of the two is the metrics and nothing else.
 *
 * <p>Threads: as the engine's server.
 */
@NullMarked
package io.millrace.jmh.unmetered;

import org.jspecify.annotations.NullMarked;
