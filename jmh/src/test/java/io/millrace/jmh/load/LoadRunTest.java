package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.document.DocumentException;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, short: what they leave behind. How fast anything was is not asked. */
@Timeout(180)
class LoadRunTest {

  private static final LoadLeg.Warmth SHORT = new LoadLeg.Warmth(1, 3);

  private final long seed = System.nanoTime() & 0xffff;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @TempDir private Path directory = Path.of("unset");

  @Test
  void sweepLeavesItsPlanARecordWithTheCurveAndAPageForEachLeg()
      throws IOException, DocumentException, NoSuchAlgorithmException {
    LoadRun.Finished finished = run("rates: [100, 300]", Optional.empty());

    byte[] plan = Files.readAllBytes(finished.directory().resolve("plan.json"));
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plan));
    assertThat(finished.directory().getFileName().toString())
        .startsWith("load-test-" + hash.substring(0, 8) + "-");
    assertThat(Files.readString(finished.directory().resolve("load-test.json")))
        .contains("\"schema\"", "\"environment\"", "\"gitCommit\"", "\"legs\"", "\"curves\"");
    List<LoadCurve> curves = finished.measured().curves();
    assertThat(curves).extracting(LoadCurve::kind).containsExactly(Kind.PUBLISH, Kind.END_TO_END);
    assertThat(curves.get(0).points())
        .extracting(LoadCurve.Point::offeredPerSecond)
        .containsExactly(100.0, 300.0);
    assertThat(finished.measured().legs()).hasSize(2);
    assertThat(finished.measured().idle())
        .extracting(Idle::directory)
        .containsExactly("idle-before", "idle-after");
    assertThat(finished.measured().idle())
        .allSatisfy(idle -> assertThat(idle.controlHiccupMs().count()).isGreaterThan(100));
    assertThat(finished.directory().resolve("idle-after/control-hiccup.hlog")).isNotEmptyFile();
    for (Leg leg : finished.measured().legs()) {
      RunDirectory files = RunDirectory.create(finished.directory().resolve(leg.directory()));
      RunRecord record = RunRecordJson.read(files.recordFile());
      assertThat(record.loadCurves()).hasSize(2);
      assertThat(record.counts().lost()).isZero();
      assertThat(record.latencyMs().publish()).isEqualTo(leg.latencies().publish());
      assertThat(files.pageFile()).isNotEmptyFile();
    }
    assertThat(finished.directory()).isDirectoryNotContaining("glob:**scratch*");
  }

  @Test
  void servicesTakeTurnsAndAreComparedPairByPair() throws IOException, DocumentException {
    LoadRun.Finished finished =
        run("rates: [150]", Optional.of(new Subject.Choice("elasticmq", false)));

    assertThat(finished.measured().legs())
        .extracting(Leg::subject)
        .containsExactly(
            "millrace embedded", "elasticmq http", "elasticmq http", "millrace embedded");
    assertThat(finished.measured().comparisons()).hasSize(2);
    assertThat(finished.measured().comparisons().get(0).ratio().ofPairs()).hasSize(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("none: in memory", "as a share of");
  }

  private LoadRun.Finished run(String rates, Optional<Subject.Choice> vs)
      throws IOException, DocumentException {
    Workload workload =
        WorkloadDocument.parse(
            "test",
            "{intent: x, " + rates + ", seconds: 2, durability: process-crash, sends-max: 32}");
    LoadRun.Plan plan =
        new LoadRun.Plan(
            workload,
            new Subject.Choice("embedded", false),
            vs,
            vs.isPresent() ? 2 : 1,
            "A B, B A",
            seed,
            0,
            Optional.empty(),
            1,
            LoadRun.Plan.GATES);
    return new LoadRun(
            plan,
            "./millrace bench load test",
            SHORT,
            new PrintStream(said, true, StandardCharsets.UTF_8))
        .run(directory);
  }
}
