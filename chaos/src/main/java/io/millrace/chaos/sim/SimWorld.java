package io.millrace.chaos.sim;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.shard.ShardConfig;
import io.millrace.engine.sqs.QueueService;

/**
 * The doors of the engine, where a simulation lets others in between: whoever wants to know whether
 * the lab would find a bug puts it here. One world lasts for one run, over all its starts; each
 * method is asked at every start.
 *
 * <p>Threads: the one that runs the simulation.
 */
public interface SimWorld {

  /** Nothing in between. */
  SimWorld SOUND = new SimWorld() {};

  /** What the shard takes for its journal. */
  default Journal journal(Journal journal) {
    return journal;
  }

  /** What the shard takes for its files. */
  default Storage storage(Storage storage) {
    return storage;
  }

  /** What the clients take for the service. */
  default QueueService service(QueueService service) {
    return service;
  }

  /** What the shard is opened with. */
  default ShardConfig config(ShardConfig config) {
    return config;
  }

  /**
   * What the shard takes for now.
   *
   * @param nowMs ms since the epoch, never less than before
   */
  default long nowMs(long nowMs) {
    return nowMs;
  }
}
