/**
 * Sessions with an SQS endpoint, as the lab's clients use it: every operation ends ok, fail or
 * unknown, and is written down.
 *
 * <p>Lives here: {@link io.millrace.chaos.client.Session} (the operations), {@link
 * io.millrace.chaos.client.Target} (makes queues and opens sessions) with its {@link
 * io.millrace.chaos.client.Caps}, {@link io.millrace.chaos.client.SqsEndpoint} and {@link
 * io.millrace.chaos.client.SqsTarget} (any endpoint by its URL, through the AWS SDK for Java v2),
 * {@link io.millrace.chaos.client.RecordedSession} (a session whose every operation goes into a
 * history), {@link io.millrace.chaos.client.Recorder} (the same for whoever times operations by
 * another clock), {@link io.millrace.chaos.client.QueueRegister} (gives queues their numbers),
 * {@link io.millrace.chaos.client.Outcome} and the messages.
 *
 * <p>May import: {@code history}, the AWS SDK and its HTTP client, the JDK. It knows nothing of the
 * engine: any SQS endpoint will do.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Nothing is retried here, and the SDK's own retries are off: an unknown outcome is seen as
 *       one.
 *   <li>An outcome is <em>fail</em> only when the operation surely had no effect: the server
 *       refused it (4xx), or no connection was made. Everything else that is not an answer is
 *       <em>unknown</em>.
 *   <li>The SDK's check of MD5 digests is off; the lab checks them itself and keeps what it found
 *       as evidence.
 * </ul>
 *
 * <p>Threads: a session may be used by several threads, a recorded session belongs to one.
 */
@NullMarked
package io.millrace.chaos.client;

import org.jspecify.annotations.NullMarked;
