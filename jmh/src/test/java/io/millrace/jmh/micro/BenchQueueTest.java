package io.millrace.jmh.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BenchQueueTest {

  private static final int COUNT = 100;

  @TempDir private Path directory;

  private final byte[][] bodies = BenchQueue.bodies(COUNT, 1024);

  @Test
  void drainAccountsForEveryMessage() throws IOException {
    try (BenchQueue queue = BenchQueue.open(Durability.PROCESS_CRASH, directory)) {
      for (byte[] body : bodies) {
        queue.send(body).join();
      }
      queue.drain(bodies);
      queue.requireEmpty();
    }
  }

  @Test
  void messageThatWasNeverSentFailsTheDrain() throws IOException {
    try (BenchQueue queue = BenchQueue.open(Durability.PROCESS_CRASH, directory)) {
      for (byte[] body : Arrays.copyOf(bodies, COUNT - 1)) {
        queue.send(body).join();
      }
      assertThatThrownBy(() -> queue.drain(bodies))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("lost: 1 of 100");
    }
  }

  @Test
  void messageSentTwiceFailsTheDrain() throws IOException {
    try (BenchQueue queue = BenchQueue.open(Durability.PROCESS_CRASH, directory)) {
      for (byte[] body : bodies) {
        queue.send(body).join();
      }
      queue.send(bodies[7]).join();
      assertThatThrownBy(() -> queue.drain(bodies)).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void rawAppenderCountsWhatItAppended() throws IOException {
    try (RawChronicle chronicle = RawChronicle.open(1148, COUNT, directory)) {
      for (int i = 0; i < COUNT; i++) {
        chronicle.append();
      }
      assertThat(chronicle.records()).isEqualTo(COUNT);
    }
  }
}
