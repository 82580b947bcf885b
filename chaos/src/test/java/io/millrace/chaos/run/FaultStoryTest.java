package io.millrace.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.figures.RunPhases;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.serve.ChaosAdmin;
import io.millrace.chaos.serve.ChaosServer;
import io.millrace.chaos.serve.SqsCaller;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.wire.WireConfig;
import io.millrace.reports.record.Fault;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The windows on a server in this process, with one client that sends, receives and deletes. */
class FaultStoryTest {

  private static final long SEED = 20_260_401;
  private static final String QUEUE = "orders";
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path directory = Path.of("unset");

  private final Origin origin = Origin.now();
  private final LiveFaults live = new LiveFaults();

  @Test
  void everyPlannedFaultFiresInItsWindowAndIsWrittenDownWithItsProof() throws IOException {
    Path history = Files.createDirectory(directory.resolve("history"));
    List<Fault> faults;
    try (ChaosServer server = open();
        HistoryWriter events = HistoryWriter.create(history, 0, origin);
        HistoryWriter proofs = HistoryWriter.create(history, 1, origin)) {
      SqsCaller caller = new SqsCaller(server.address(), server.adminAddress());
      String url = caller.createQueue(QUEUE);
      FaultStory story =
          new FaultStory(
              new ChaosAdmin(URI.create("http://127.0.0.1:" + server.adminAddress().getPort())),
              SEED,
              QUEUE,
              origin,
              events,
              proofs,
              1,
              live);
      for (FaultWindow window : FaultWindow.values()) {
        story.plan(window);
        story.begin(window);
        assertThat(live.active()).containsEntry(window.faults().get(0).kind(), true);
        driveUntilAllFired(window, story, caller, url);
        story.end();
        assertThat(live.active()).doesNotContainValue(true);
        assertThat(server.faults().policy()).isEqualTo(ChaosPolicy.NONE);
      }
      faults = story.faults();
    }

    assertThat(faults).hasSize(7);
    for (Fault fault : faults) {
      assertThat(fault.fired()).as("%s, seed %d", fault, SEED).isPositive();
      assertThat(fault.planned()).isGreaterThanOrEqualTo(fault.fired() + fault.missed());
      assertThat(fault.firstAtMs().orElseThrow())
          .isBetween(fault.fromMs(), fault.lastAtMs().orElseThrow());
      assertThat(fault.proof()).isNotBlank();
    }
    List<Entry.Fault> written = faultsOf(history);
    assertThat(written)
        .filteredOn(fault -> fault.phase() == FaultPhase.FIRED)
        .hasSize((int) faults.stream().mapToLong(Fault::fired).sum())
        .allSatisfy(
            fault ->
                assertThat(fault.message().equals(Fingerprint.NONE))
                    .as("a fault of a request names no message: %s", fault)
                    .isEqualTo(fault.id() >= 4));
    assertThat(RunPhases.read(history).windows())
        .extracting(PhaseWindow::phase)
        .filteredOn(phase -> phase != Phase.AFTERMATH)
        .containsExactly(Phase.DUPLICATES, Phase.REORDERING, Phase.LOST_RESPONSES);
  }

  private void driveUntilAllFired(
      FaultWindow window, FaultStory story, SqsCaller caller, String url) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (true) {
      story.collect();
      List<Fault> open =
          story.faults().stream()
              .filter(fault -> fault.fired() == 0)
              .filter(fault -> concerns(window, fault))
              .toList();
      if (open.isEmpty()) {
        return;
      }
      assertThat(System.nanoTime()).as("%s, seed %d", open, SEED).isLessThan(deadline);
      caller.ask("SendMessage", url, Map.of("MessageBody", "a"));
      caller.ask("SendMessage", url, Map.of("MessageBody", "b"));
      List<JsonNode> received = new ArrayList<>(receive(caller, url));
      received.addAll(receive(caller, url)); // what a second receiver would get meanwhile
      for (JsonNode message : received) {
        caller.ask(
            "DeleteMessage", url, Map.of("ReceiptHandle", message.get("ReceiptHandle").asString()));
      }
    }
  }

  private static List<JsonNode> receive(SqsCaller caller, String url) throws IOException {
    JsonNode answer = caller.ask("ReceiveMessage", url, Map.of("MaxNumberOfMessages", 10)).body();
    return List.copyOf(answer.path("Messages").values());
  }

  private static boolean concerns(FaultWindow window, Fault fault) {
    return window.faults().stream()
        .anyMatch(forced -> forced.mishap().wireName().equals(fault.kind()));
  }

  private static List<Entry.Fault> faultsOf(Path history) throws IOException {
    List<Entry.Fault> faults = new ArrayList<>();
    try (MergedHistory merged = MergedHistory.open(history)) {
      Optional<Entry> next = merged.next();
      while (next.isPresent()) {
        if (next.get() instanceof Entry.Fault fault) {
          faults.add(fault);
        }
        next = merged.next();
      }
    }
    return faults;
  }

  private ChaosServer open() throws IOException {
    return ChaosServer.open(
        ServerConfig.of(
            EngineConfig.at(directory.resolve("data")).withDurability(Durability.PROCESS_CRASH),
            WireConfig.DEFAULT.at("127.0.0.1", 0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        ChaosPolicy.NONE,
        false);
  }
}
