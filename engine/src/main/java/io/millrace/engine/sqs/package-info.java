/**
 * The vocabulary of Amazon SQS: what a caller can ask, what a queue can answer, and the names,
 * limits and errors both sides use.
 *
 * <p>Lives here: {@link io.millrace.engine.sqs.Request} and {@link io.millrace.engine.sqs.Reply}
 * (sealed, one record an action), {@link io.millrace.engine.sqs.SqsError}, {@link
 * io.millrace.engine.sqs.Limits}, {@link io.millrace.engine.sqs.QueueName}, {@link
 * io.millrace.engine.sqs.QueueAttributes}, {@link io.millrace.engine.sqs.ReceiptHandle}, and {@link
 * io.millrace.engine.sqs.QueueService}, the one door an endpoint knocks at.
 *
 * <p>May import: the JDK, nothing else.
 *
 * <p>Invariants: every value that exists is legal (a {@code QueueName} cannot be a path), every
 * type is immutable and safe to share between threads. Byte arrays inside values are handed over,
 * never copied and never written again.
 *
 * <p>Threads: none of its own.
 *
 * <p>Source of names, ranges and texts: the AWS API model {@code sqs-2012-11-05} and answers
 * recorded from the service.
 */
@NullMarked
package io.millrace.engine.sqs;

import org.jspecify.annotations.NullMarked;
