package io.millrace.engine.shard;

/** Lets tests of other rooms add and remove queues of a {@link ShardCounters}, as a shard would. */
public final class CountersFixture {

  private CountersFixture() {}

  /** Adds a queue and returns its counters, all zero. */
  public static QueueCounters add(ShardCounters shard, String queue) {
    QueueCounters counters = new QueueCounters(queue);
    shard.queueAdded(counters);
    return counters;
  }

  /** Removes a queue. */
  public static void remove(ShardCounters shard, String queue) {
    shard.queueRemoved(queue);
  }
}
