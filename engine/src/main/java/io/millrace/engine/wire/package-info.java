/**
 * The SQS endpoint: HTTP/1.1 on Netty, the AWS JSON 1.0 and Query protocols, and the limits that
 * protect both.
 *
 * <p>The way of a request: {@link io.millrace.engine.wire.RequestFramer} cuts bytes into HTTP
 * messages, {@link io.millrace.engine.wire.Connection} bounds them and keeps replies in order,
 * {@link io.millrace.engine.wire.RequestReader} chooses the protocol and fills {@link
 * io.millrace.engine.wire.Parameters}, {@link io.millrace.engine.wire.RequestRules} turns those
 * into a legal {@code Request} or a refusal, a {@code QueueService} answers, and {@link
 * io.millrace.engine.wire.AnswerEncoder} writes one buffer home.
 *
 * <p>May import: {@code sqs}, Netty, Jackson's streaming core, the JDK. It does not know which
 * service it serves.
 *
 * <p>Invariants: a request that reaches the service is well formed; every request that can be
 * framed gets exactly one answer, in the order of arrival on its connection, in the protocol it was
 * asked in; nothing is read from a client that does not take its answers; a poll whose connection
 * closed is cancelled; no header, parameter, body, connection or pipeline grows past a bound of
 * {@link io.millrace.engine.wire.WireConfig}.
 *
 * <p>Threads: a connection lives on one event loop and everything here runs on it, except {@link
 * io.millrace.engine.wire.Exchange#accept}, which the service calls and which hands the reply back
 * to the loop: the first reply of a batch schedules one task, the others ride along. Nothing on a
 * loop blocks or spins.
 */
@NullMarked
package io.millrace.engine.wire;

import org.jspecify.annotations.NullMarked;
