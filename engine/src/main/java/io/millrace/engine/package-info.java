/**
 * The composition root: the embedded engine, the server made of it, and the clock both use.
 *
 * <p>{@link io.millrace.engine.Engine#open} gives a {@link io.millrace.engine.sqs.QueueService}
 * over a data directory; {@link io.millrace.engine.Server} puts an SQS endpoint and an admin port
 * in front of one.
 *
 * <p>May import: every room. No room imports this package.
 */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
