package io.millrace.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Fault;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import io.millrace.reports.record.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with a real server, small enough for every build. */
class MainJobTest {

  @TempDir private Path parent = Path.of("unset");

  @Test
  void smallRunThroughARealServerAndAKillKeepsEveryMessageAndSaysSo() throws IOException {
    RunDirectory directory = RunDirectory.create(parent.resolve("run"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    RunPlan plan = new RunPlan(true, 42, 40, 8);

    RunRecord record;
    try (LabMetrics metrics = LabMetrics.open(0)) {
      record =
          new MainJob(
                  plan,
                  directory,
                  new PrintStream(said, true, StandardCharsets.UTF_8),
                  false,
                  metrics,
                  "")
              .run();
    }

    assertThat(record.invariants())
        .as("%s", record.invariants())
        .filteredOn(invariant -> invariant.verdict() == Verdict.INVALID)
        .isEmpty();
    Counts counts = record.counts();
    assertThat(counts.sent()).isEqualTo(plan.orders());
    assertThat(counts.acked() + counts.unknown()).isEqualTo(plan.orders());
    assertThat(counts.received()).isGreaterThanOrEqualTo(counts.acked());
    assertThat(counts.lost()).isZero();
    assertThat(record.duplicates().unexplained()).isZero();
    assertThat(record.invariants()).hasSize(io.millrace.chaos.check.Invariant.values().length);
    assertThat(record.faults())
        .extracting(Fault::kind)
        .contains("duplicate-now", "hold-back", "lost-response", "kill");
    if (record.faults().stream().anyMatch(fault -> fault.fired() == 0)) {
      assertThat(record.verdict().verdict()).isEqualTo(Verdict.UNKNOWN);
    }
    assertThat(record.windows().get(0).phase()).isEqualTo(Phase.DUPLICATES);
    assertThat(record.platform().idle())
        .extracting(Idle::directory)
        .containsExactly("idle-before", "idle-after");
    assertThat(record.platform().idle())
        .allSatisfy(idle -> assertThat(idle.forceMs().count()).isPositive());
    assertThat(record.counters().get("warmUpMs"))
        .isBetween(plan.warmUpMin().toMillis(), plan.warmUpMax().toMillis() + 5_000);
    assertThat(record.counters())
        .containsKeys("warmUpOrders", "warmUpCutShort", "warmUpCompilingPermille");
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("the server's compilers busy for ");
    assertThat(record.crash()).isPresent();
    assertThat(record.crash().orElseThrow().recoveredInMs()).isPresent();
    assertThat(record.phases().all().publish().count()).isEqualTo(counts.acked());
    assertThat(record.misses()).extracting(Misses::kind).isEqualTo(Kind.JUDGED);
    assertThat(record.misses())
        .allSatisfy(
            misses ->
                assertThat(misses.count())
                    .isEqualTo(record.phases().steady().of(misses.kind()).count()));
    assertThat(record.invariants())
        .filteredOn(invariant -> invariant.name().equals("no-loss"))
        .extracting(Invariant::verdict)
        .containsExactly(Verdict.VALID);
    assertThat(RunRecordJson.read(directory.recordFile())).isEqualTo(record);
    assertThat(directory.pageFile()).isNotEmptyFile();
    assertThat(directory.latencyLog()).isNotEmptyFile();
    StringWriter verified = new StringWriter();
    assertThat(
            io.millrace.reports.Main.commandLine()
                .setOut(new PrintWriter(verified, true))
                .execute("verify", directory.path().toString()))
        .as("%s", verified)
        .isZero();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("metrics: server http://127.0.0.1:")
        .contains("outage");
  }

  @Test
  void labAnswersScrapesOnLoopback() throws IOException, InterruptedException {
    LiveRun run = new LiveRun(LiveRuns.idle());
    try (LabMetrics metrics = LabMetrics.open(0, run)) {
      run.enter(LivePhase.OUTAGE);

      String scraped = get(metrics.uri());

      assertThat(scraped)
          .contains("millrace_lab_phase{phase=\"outage\"} 1.0")
          .contains("millrace_lab_phase{phase=\"steady\"} 0.0")
          .contains("millrace_lab_sends_total{ending=\"unknown\"} 0.0")
          .contains("millrace_lab_backlog_messages 0.0")
          .contains("millrace_lab_intended_rate 0.0")
          .contains("millrace_lab_achieved_rate 0.0")
          .contains("millrace_lab_check_lag_seconds 0.0")
          .contains("millrace_lab_fault_active{kind=\"reorder\",target=\"queue\"} 0.0")
          .contains("millrace_lab_faults_fired_total{kind=\"lost-response\"} 0.0")
          .contains(
              "millrace_lab_invariant_verdict{invariant=\"no-loss\",verdict=\"unknown\"} 1.0");
      assertThat(metrics.uri().getHost()).isEqualTo("127.0.0.1");

      Histogram publishNs = new Histogram(2);
      publishNs.recordValue(4_000_000);
      run.setLastSecond(new LiveRun.LastSecond(500, 499, publishNs));
      run.faults().killed();
      run.setVerdicts(Map.of("no-loss", "valid"));

      assertThat(get(metrics.uri()))
          .contains("millrace_lab_intended_rate 500.0")
          .contains("millrace_lab_achieved_rate 499.0")
          .contains("millrace_lab_publish_seconds{quantile=\"0.99\"} 0.004")
          .contains("millrace_lab_publish_duration_seconds_bucket{le=\"0.003\"} 0")
          .contains("millrace_lab_publish_duration_seconds_bucket{le=\"0.005\"} 1")
          .contains("millrace_lab_fault_active{kind=\"kill\",target=\"server\"} 1.0")
          .contains("millrace_lab_faults_fired_total{kind=\"kill\"} 1.0")
          .contains("millrace_lab_invariant_verdict{invariant=\"no-loss\",verdict=\"valid\"} 1.0")
          .contains(
              "millrace_lab_invariant_verdict{invariant=\"no-loss\",verdict=\"unknown\"} 0.0");
    }
  }

  @Test
  void theCheckIsAsFarBehindAsTheHistoryItHasNotJudged() throws IOException, InterruptedException {
    LiveRun run = new LiveRun(LiveRuns.idle());
    try (LabMetrics metrics = LabMetrics.open(0, run)) {
      run.setHistory(() -> 5_000_000_000L);
      assertThat(get(metrics.uri())).contains("millrace_lab_check_lag_seconds 5.0\n");
      run.setJudged(3_500_000_000L);
      assertThat(get(metrics.uri())).contains("millrace_lab_check_lag_seconds 1.5\n");
      run.setJudged(5_000_000_000L);
      assertThat(get(metrics.uri())).contains("millrace_lab_check_lag_seconds 0.0\n");
    }
  }

  @Test
  void whatTheCheckFoundIsShownOnceItHas() throws IOException, InterruptedException {
    LiveRun run = new LiveRun(LiveRuns.idle());
    try (LabMetrics metrics = LabMetrics.open(0, run)) {
      assertThat(get(metrics.uri())).doesNotContain("millrace_lab_found_messages{");
      assertThat(get(metrics.uri().resolve("/targets"))).isEqualTo("[]");
      run.setServerAdmin(URI.create("http://127.0.0.1:4711"));
      run.setHiccup(() -> 2_000_000);
      assertThat(get(metrics.uri()))
          .contains("millrace_lab_hiccup_seconds 0.002")
          .doesNotContain("millrace_lab_found_messages{");
      assertThat(get(metrics.uri().resolve("/targets")))
          .isEqualTo("[{\"targets\":[\"127.0.0.1:4711\"],\"labels\":{\"under_test\":\"yes\"}}]");
    }
    try (LabMetrics metrics = LabMetrics.open(0, run)) {
      run.setFound(new LiveRun.Found(new Counts(9, 9, 0, 8, 8, 1, 0, 0, 2, 0), 3, 0.25));
      assertThat(get(metrics.uri()))
          .contains("millrace_lab_found_messages{what=\"lost\"} 1.0")
          .contains("millrace_lab_found_messages{what=\"duplicated\"} 3.0")
          .contains("millrace_lab_found_messages{what=\"resurrected\"} 2.0")
          .contains("millrace_lab_inversion_ratio 0.25");
    }
  }

  @Test
  void aRunWaitsUntilItsVerdictWasReadByWhoeverReadsIt() throws Exception {
    LiveRun run = new LiveRun(LiveRuns.idle());
    run.setServerAdmin(URI.create("http://127.0.0.1:4711"));
    LabMetrics metrics = LabMetrics.open(0, run);
    get(metrics.uri());
    get(metrics.uri());
    run.setFound(new LiveRun.Found(new Counts(9, 9, 0, 9, 9, 0, 0, 0, 0, 0), 0, 0));
    Thread closing = new Thread(metrics::close);
    closing.start();
    while (!get(metrics.uri().resolve("/targets")).equals("[]")) {
      Thread.onSpinWait();
    }
    get(metrics.uri());
    assertThat(closing.isAlive()).as("one reading after the verdict is not enough").isTrue();
    while (closing.isAlive()) {
      try {
        get(metrics.uri());
      } catch (IOException closed) {
        closing.join();
      }
    }
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
