package io.millrace.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory = Path.of("unset");

  @Test
  void readyServerIsKnownByItsAddressesAndItsOutputIsKept() throws IOException {
    Path log = directory.resolve("server.log");
    try (ServerProcess server = ServerProcess.start(standIn("serve"), 0, 0, log, TIMEOUT)) {
      assertThat(server.addresses())
          .isEqualTo(
              new ServerProcess.Addresses(
                  URI.create("http://127.0.0.1:1234"), URI.create("http://127.0.0.1:1235")));
      assertThat(server.isAlive()).isTrue();
    }
    assertThat(Files.readString(log)).contains("some other line", "stopped");
  }

  @Test
  void killedServerLeavesTheStatusOfSigkill() throws IOException {
    ServerProcess server =
        ServerProcess.start(standIn("serve"), 0, 0, directory.resolve("log"), TIMEOUT);

    assertThat(server.kill()).isEqualTo(ServerProcess.EXIT_KILLED);
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void serverThatEndsBeforeItAnswersIsNamedWithItsLastWords() {
    assertThatThrownBy(
            () -> ServerProcess.start(standIn("die"), 0, 0, directory.resolve("log"), TIMEOUT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("millrace: the port is taken");
  }

  @Test
  void killOfAServerThatHadEndedByItselfIsNoKill() throws IOException {
    Origin origin = Origin.now();
    ServerProcess server =
        ServerProcess.start(standIn("end"), 0, 0, directory.resolve("log"), TIMEOUT);
    assertThat(server.awaitExit()).isZero();
    try (HistoryWriter log = HistoryWriter.create(directory, 0, origin)) {
      KillInjector injector = new KillInjector(new InFlight(), Ticker.system(origin), log, 0);

      assertThatThrownBy(() -> injector.kill(server))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("had ended");
    }
  }

  private static ServerCommand standIn(String verb) {
    return new ServerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
        System.getProperty("java.class.path"),
        StandIn.class.getName(),
        List.of(verb));
  }
}
