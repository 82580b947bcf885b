package io.millrace.engine.shard;

import io.millrace.engine.queue.MachineSnapshot;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import java.util.List;
import java.util.Map;

/**
 * A shard's state as a checkpoint holds it. Queues were captured one after the other while the
 * shard went on; each says up to where its events are in it, and recovery replays to each only what
 * came after.
 *
 * @param ordinal counts checkpoints over the life of the data directory
 * @param replayFrom events below this position are in every queue's state
 * @param nowMs when the capture ended: no queue in it has advanced further
 * @param nextQueueNumber the number the next queue gets
 * @param deletions names in their cool-down, with the time of deletion
 * @param namesOfDeleted names of deleted queues that dead letters came from
 */
record CheckpointImage(
    int ordinal,
    long replayFrom,
    long nowMs,
    int nextQueueNumber,
    Map<QueueName, Long> deletions,
    Map<Integer, QueueName> namesOfDeleted,
    List<Queue> queues) {

  /** One queue; {@code appliedBelow} tells up to where its events are in it. */
  record Queue(
      int number,
      QueueName name,
      QueueAttributes attributes,
      long appliedBelow,
      MachineSnapshot machine,
      MappedBacklog.Table backlog) {}
}
