package io.millrace.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.MemoryQueue;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int KILLS = 5;

  /** A hundred times what an answer takes. */
  private static final Duration BETWEEN_SENDS = Duration.ofMillis(7);

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

  @Test
  void killCatchesAChangeThoughEveryAnswerIsFasterThanItsSignal() throws Exception {
    for (int i = 0; i < KILLS; i++) {
      Path logs = Files.createDirectory(directory.resolve("kill-" + i));
      Origin origin = Origin.now();
      Ticker ticker = Ticker.system(origin);
      InFlight inFlight = new InFlight();
      MemoryHistory history = new MemoryHistory();
      try (ServerProcess server =
              ServerProcess.start(standIn("echo"), 0, 0, logs.resolve("log"), TIMEOUT);
          HistoryWriter events = HistoryWriter.create(logs, 0, origin);
          Socket connection =
              new Socket(
                  InetAddress.getLoopbackAddress(), server.addresses().endpoint().getPort())) {
        connection.setTcpNoDelay(true);
        MemoryQueue queue = new MemoryQueue();
        queue.beforeSend(
            () -> {
              if (!echoes(connection)) {
                queue.answerSendWith(new Outcome.Unknown<>("SocketException"));
              }
            });
        RecordedSession session = new RecordedSession(1, queue, history, origin, inFlight);
        FutureTask<Entry.Send> last = new FutureTask<>(() -> sendUntilUnanswered(session, ticker));
        Thread client = new Thread(last, "client");
        client.start();

        Entry.Event kill = new KillInjector(inFlight, ticker, events, 0).kill(server).event();

        Entry.Send caught = last.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(caught.invokedNs()).isLessThanOrEqualTo(kill.invokedNs());
        assertThat(caught.returnedNs()).isGreaterThanOrEqualTo(kill.invokedNs());
        assertThat(kill.detail()).contains("without an answer: 1 sends");
      }
    }
  }

  private static Entry.Send sendUntilUnanswered(RecordedSession session, Ticker ticker) {
    for (long attempt = 0; ; attempt++) {
      Entry.Send send =
          session.send(OutgoingMessage.of("echo", Map.of()), attempt, attempt, ticker.nowNs());
      if (send.ending() == Ending.INFO) {
        return send;
      }
      ticker.pause(BETWEEN_SENDS);
    }
  }

  private static boolean echoes(Socket connection) {
    try {
      connection.getOutputStream().write(1);
      return connection.getInputStream().read() == 1;
    } catch (IOException e) {
      return false; // as the end of the stream: the server was killed
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
