/**
 * A queue service in this process, spoken to as the lab speaks to any target.
 *
 * <p>Lives here: {@link io.millrace.chaos.embedded.EmbeddedTarget} (the blocking client) and {@link
 * io.millrace.chaos.embedded.Translation} (requests and answers, for whoever does not block: a
 * simulation).
 *
 * <p>May import: {@code history}, {@code client}, and of the engine its vocabulary {@code sqs},
 * nothing else; so a decorated service is as good as the engine itself.
 *
 * <p>Invariants: an answer given is ok or fail as the service says; a future that fails, or does
 * not complete in time, is an unknown outcome.
 *
 * <p>Threads: none of its own; a target may be used by several.
 */
@NullMarked
package io.millrace.chaos.embedded;

import org.jspecify.annotations.NullMarked;
