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
      };

  /** One force of the journal ended well; it covered this many records. Flusher thread. */
  void forced(long nanos, int records);

  /** One record was appended. Shard thread. */
  void appended(long nanos);
}
