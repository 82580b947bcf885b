package io.millrace.engine.shard;

import io.millrace.engine.queue.DeliveryPolicy;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueName;
import java.util.function.Function;

/**
 * How a shard behaves.
 *
 * @param durability what a reply promises
 * @param limits of messages and batches
 * @param region of queue ARNs
 * @param account of queue ARNs
 * @param pendingBytesMax calls in progress may hold so many bytes; above it requests are refused
 * @param checkpointBytes journal bytes between two checkpoints, which bound what a recovery replays
 * @param carryBytesPerSecond how fast sparse segments are carried forward
 * @param captureNanosPerTurn how much of a turn a checkpoint may take to capture queues; it
 *     captures one queue at least
 * @param delivery decides, by queue, which of the waiting messages a receive takes; asked at each
 */
public record ShardConfig(
    Durability durability,
    Limits limits,
    String region,
    String account,
    long pendingBytesMax,
    long checkpointBytes,
    long carryBytesPerSecond,
    long captureNanosPerTurn,
    Function<QueueName, DeliveryPolicy> delivery) {

  /** Every queue in its own order. */
  public static final Function<QueueName, DeliveryPolicy> QUEUE_ORDER =
      queue -> DeliveryPolicy.QUEUE_ORDER;

  /** A shard whose queues hand out in their own order. */
  public ShardConfig(
      Durability durability,
      Limits limits,
      String region,
      String account,
      long pendingBytesMax,
      long checkpointBytes,
      long carryBytesPerSecond,
      long captureNanosPerTurn) {
    this(
        durability,
        limits,
        region,
        account,
        pendingBytesMax,
        checkpointBytes,
        carryBytesPerSecond,
        captureNanosPerTurn,
        QUEUE_ORDER);
  }
}
