package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.page.LoadPage;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Percentile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a load run, and whether it can be verified and published as other runs are. */
final class LoadDirectoryTest {
  @TempDir private Path directory = Path.of("unset");

  @Test
  void everyFigureOfEveryLegStandsInThePage() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    String text = text(load);
    LoadRecord record = LoadRecord.read(load.recordFile().orElseThrow());
    for (LatencySummary summary : SyntheticLoad.summaries(record)) {
      for (Percentile percentile : Percentile.values()) {
        assertThat(text).contains(" " + Figures.ms(summary.at(percentile)) + " ");
      }
      assertThat(text).contains(" " + Figures.ms(summary.max()) + " ");
    }
    assertThat(text)
        .contains("%1$s %1$s to %1$s".formatted(ratio(load)))
        .contains("INVALID")
        .contains("idle-before 10", "noisy")
        .contains("The generator &lt;itself&gt; was late.")
        .contains("19 of 12,000 messages had a publish latency over 10 ms; 2 are unexplained.")
        .contains("Latency and throughput: publish")
        .contains("Latency by percentile at 1,500 messages a second")
        .doesNotContain("Latency by percentile at 2,000 messages a second");
  }

  @Test
  void aLegThatIsNotValidTakesTheClaimFromAComparison() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    assertThat(claim(load))
        .isEqualTo(
            "millrace http, as durable as it says it is, publish kept its limit of 10 ms up to 1,500"
                + " messages a second, as confirmed. 1 of 5 legs is not valid and carries no claim.");
    Path record = load.recordFile().orElseThrow();
    Files.writeString(
        record, Files.readString(record).replace("\"valid\":false", "\"valid\":true"));
    load.render();
    assertThat(claim(load))
        .isEqualTo(
            "At 600 messages a second, publish p99.9 of millrace http, power-loss was "
                + ratio(load)
                + " times that of elasticmq, none: in memory.");
  }

  @Test
  void aRunThatOnlyEmptiesBacklogsClaimsHowFast() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    LoadRecord sending = LoadRecord.read(load.recordFile().orElseThrow());
    LoadRecord.Leg leg = sending.measured().legs().get(0);
    LoadRecord emptying = of(sending, emptying(leg, 1, 49.9), emptying(leg, 16, 57_160.5));
    assertThat(LoadPage.claim(emptying))
        .isEqualTo(
            "millrace http, power-loss, emptying a backlog: 49.9 by 1, 57,160.5 by 16 consumers, in"
                + " messages a second.");
    assertThat(LoadPage.title(emptying.measured().legs().get(0)))
        .isEqualTo("001-millrace-http-600: millrace http, power-loss, received 49.9 a second");
  }

  @Test
  void theClaimOfOneRateNamesThePercentileThatWasJudged() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    LoadRecord run = LoadRecord.read(load.recordFile().orElseThrow());
    assertThat(LoadPage.claim(of(run, run.measured().legs().get(0))))
        .isEqualTo(
            "millrace http, power-loss, at 600 messages a second: p99.9 of publish, receive and"
                + " end-to-end under 10 ms: PASS.");
  }

  /** A run of these legs alone. */
  private static LoadRecord of(LoadRecord run, LoadRecord.Leg... legs) {
    return new LoadRecord(
        run.bench(),
        run.command(),
        run.startedAt(),
        run.seconds(),
        run.gitCommit(),
        run.gitDirty(),
        run.environment(),
        run.plan(),
        new LoadRecord.Measured(List.of(legs), List.of(), List.of(), List.of()),
        List.of());
  }

  private static LoadRecord.Leg emptying(
      LoadRecord.Leg leg, int consumers, double receivedPerSecond) {
    return new LoadRecord.Leg(
        leg.directory(),
        leg.subject(),
        leg.durabilityClass(),
        new LoadRecord.Step(0, 1, consumers),
        1,
        leg.validity(),
        leg.warm(),
        leg.counts(),
        leg.errors(),
        0,
        0,
        receivedPerSecond,
        leg.latencies(),
        Optional.empty(),
        leg.platform(),
        List.of());
  }

  @Test
  void legsComeOutAgainFromTheirRawHistogramsOrAreNamed() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    assertThat(Spoken.report("verify", load.path()).out())
        .contains("verified    all is as it says");
    LoadRecord record = LoadRecord.read(load.recordFile().orElseThrow());
    double p99 = record.measured().legs().get(1).latencies().publish().p99().orElseThrow();
    Path file = load.recordFile().orElseThrow();
    Files.writeString(file, Files.readString(file).replace("\"p99\":" + p99, "\"p99\":0.25"));
    Files.writeString(file, Files.readString(file).replace("\"quiet\":false", "\"quiet\":true"));
    load.finish();
    assertThat(Verification.of(load).differences())
        .anyMatch(line -> line.startsWith("idle-before is recorded as"))
        .anyMatch(line -> line.startsWith("002-elasticmq-600: publish is recorded as"));
    Files.delete(load.path().resolve("001-millrace-http-600").resolve("latency.hlog"));
    assertThat(Verification.of(load).differences())
        .contains("001-millrace-http-600/latency.hlog is missing")
        .contains("001-millrace-http-600 has no raw latencies to compute from");
  }

  @Test
  void pairOfAComparisonThatItsLegsDoNotMakeIsNamed() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    Path file = load.recordFile().orElseThrow();
    LoadRecord record = LoadRecord.read(file);
    double pair = record.measured().comparisons().get(0).ratio().ofPairs().get(0);
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("" + pair, "0.25"));
    load.finish();
    assertThat(Verification.of(load).differences())
        .containsExactly(
            "publish at 600/s by pair is recorded as [0.25] and comes to [" + pair + "]");
    Files.writeString(
        file, whole.replace("\"ofPairs\":[" + pair, "\"ofPairs\":[" + pair + "," + pair));
    load.finish();
    assertThat(Verification.of(load).differences())
        .containsExactly("publish at 600/s has 2 pairs, and 2 legs to make them");
  }

  @Test
  void loadRunIsPublishedBesideOtherRuns() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", load.path(), "--into", into);
    assertThat(said.err()).isEmpty();
    Path bundle = into.resolve("20260101-120000-load-sub-10ms");
    assertThat(Spoken.report("verify", bundle).code()).isZero();
    assertThat(bundle.resolve("003-millrace-http-1500").resolve("latency.hlog")).exists();
    assertThat(Files.readString(into.resolve("index.html")))
        .contains("20260101-120000-load-sub-10ms/report.html", "kept its limit of 10 ms");
  }

  @Test
  void pagesOfTheLegsArePublishedVerifiedAndLinked() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    RunDirectory leg = SyntheticLoad.givePage(load, 0);
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", load.path(), "--into", into, "--name", "load");
    assertThat(said.err()).isEmpty();
    Path bundle = into.resolve("load");
    String link = "001-millrace-http-600/report.html";
    assertThat(Files.readString(bundle.resolve("report.html"))).contains("href=\"" + link + "\"");
    assertThat(bundle.resolve(link)).isNotEmptyFile();
    assertThat(new RunDirectory(bundle.resolve("001-millrace-http-600")).manifestFile()).exists();

    Path copied = bundle.resolve("001-millrace-http-600").resolve("report.json");
    Files.writeString(copied, Files.readString(copied).replace("\"acked\" : ", "\"acked\" : 1"));
    Spoken verified = Spoken.report("verify", bundle);
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out())
        .contains("001-millrace-http-600: report.json is not the file that was written")
        .contains("001-millrace-http-600: acked is recorded as");
    assertThat(leg.pageFile()).exists();
  }

  @Test
  void loadRunIsComparedByItsRecordThoughItsLegsAreRunsToo() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    RunDirectory leg = new RunDirectory(load.path().resolve("001-millrace-http-600"));
    SyntheticRun.healthy(42).writeHistograms(leg.path());
    leg.write(SyntheticRun.healthy(42).record());
    assertThat(Spoken.report("compare", load.path(), load.path()).out())
        .contains("by bootstrap over the samples of either side")
        .contains("load-sub-10ms comparisons");
  }

  @Test
  void recordOfAnotherHarnessIsNoLoadRun() throws IOException {
    Files.writeString(directory.resolve("load-x.json"), "{\"bench\": \"micro\"}");
    Spoken said = Spoken.report("render", directory);
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("cannot be rendered: not the record of a load run");
  }

  private static String ratio(LoadDirectory load) throws IOException {
    LoadRecord record = LoadRecord.read(load.recordFile().orElseThrow());
    return String.format(
        Locale.ROOT, "%.3f", record.measured().comparisons().get(0).ratio().median());
  }

  private static String text(LoadDirectory load) throws IOException {
    return Files.readString(load.pageFile())
        .replaceAll("(?s)<(script|style).*?</\\1>", " ")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  private static String claim(LoadDirectory load) throws IOException {
    return Files.readString(load.pageFile()).replaceAll("(?s).*<h1>(.*?)</h1>.*", "$1");
  }
}
