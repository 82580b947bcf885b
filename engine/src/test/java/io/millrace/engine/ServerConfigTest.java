package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.shard.Durability;
import org.junit.jupiter.api.Test;

class ServerConfigTest {

  @Test
  void aSecondEventLoopServesWhereNoFlusherNeedsTheProcessor() {
    assertThat(ServerConfig.eventLoopsFor(Durability.PROCESS_CRASH, 2)).isEqualTo(2);
    assertThat(ServerConfig.eventLoopsFor(Durability.PROCESS_CRASH, 1)).isEqualTo(1);
    assertThat(ServerConfig.eventLoopsFor(Durability.POWER_LOSS, 64)).isEqualTo(1);
  }
}
