/**
 * Where the pure queue meets the log: one owner thread that takes requests from an inbox, asks the
 * queues to decide, appends what they decided, applies it, and releases the replies when the
 * journal is durable.
 *
 * <p>May import: {@code queue}, {@code journal}, {@code sqs}, slf4j, the JDK.
 */
@NullMarked
package io.millrace.engine.shard;

import org.jspecify.annotations.NullMarked;
