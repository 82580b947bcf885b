package io.millrace.engine.shard;

/**
 * Told of events whose duration matters, as they end. Methods are called on engine threads and must
 * not block.
 */
public interface ShardObserver {

  /** Hears nothing. */
  ShardObserver NONE =
      new ShardObserver() {
        @Override
        public void forced(long nanos, int records) {}

        @Override
        public void appended(long nanos) {}

        @Override
        public void sent(int bytes) {}

        @Override
        public void firstReceived(long waitedMs) {}

        @Override
        public void deletedInFlight(long heldMs) {}
      };

  /** One force of the journal ended well; it covered this many records. Flusher thread. */
  void forced(long nanos, int records);

  /** One record was appended. Shard thread. */
  void appended(long nanos);

  /** One message was sent; body and attributes are so long. Shard thread. */
  void sent(int bytes);

  /**
   * One message was received for the first time, so long after it could be: after its send, or
   * after its delay. By the engine's clock, which the shard reads once a turn. Shard thread.
   */
  void firstReceived(long waitedMs);

  /** One message was moved to a dead-letter queue. Shard thread. */
  default void deadLettered(String queue) {}

  /** So many messages were dropped at the end of their retention period. Shard thread. */
  default void expired(long messages) {}

  /** The journal went on in another segment. Shard thread. */
  default void rolled(long segment) {}

  /** A checkpoint was written. Shard thread. */
  default void checkpointed() {}

  /** One message was deleted while in flight, so long after it was received. Shard thread. */
  void deletedInFlight(long heldMs);
}
