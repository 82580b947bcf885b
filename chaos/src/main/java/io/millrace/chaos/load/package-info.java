/**
 * The load: when orders are sent, what they look like, who sends and who receives them.
 *
 * <p>Lives here: {@link io.millrace.chaos.load.Schedule} (the absolute instants), {@link
 * io.millrace.chaos.load.OrderMessages} (bodies that prove themselves), {@link
 * io.millrace.chaos.load.Producers} and {@link io.millrace.chaos.load.Consumers} (the threads),
 * {@link io.millrace.chaos.load.Ledger} (what is still to come), {@link
 * io.millrace.chaos.load.LiveFigures} (what the progress line and a scrape show).
 *
 * <p>May import: {@code client}, {@code history}, HdrHistogram, the JDK.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Open loop: the intended instant of order i is {@code start + i / rate}, fixed before the
 *       first send and never moved. A producer that is late sends at once; its lateness is part of
 *       the latency.
 *   <li>Every attempt to send has its own number, in its body and in the history. A refused order
 *       is offered again as a new attempt under the same order number and the same intended
 *       instant; an order of unknown outcome is not, so nothing here makes a second message of one
 *       order knowingly.
 *   <li>A consumer deletes what it received, once; it does not repeat a delete that failed. The
 *       message comes back instead.
 * </ul>
 *
 * <p>Threads: one for each producer and consumer; none spins.
 */
@NullMarked
package io.millrace.chaos.load;

import org.jspecify.annotations.NullMarked;
