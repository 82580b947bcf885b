package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.record.RunRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a harness's record, from the file alone. */
final class HarnessDirectoryTest {
  @TempDir private Path directory = Path.of("unset");

  @Test
  void recordOfAHarnessIsPublishedByItsFileWithAPageThatSaysWhatItHolds() throws IOException {
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", write("PASS", 2.5), "--into", into, "--name", "sends");
    assertThat(said.err()).isEmpty();
    Path bundle = into.resolve("sends");
    assertThat(text(bundle.resolve("report.html")))
        .contains(
            "Millrace at power-loss took 3.00 times as many messages a second as ElasticMQ, in"
                + " memory, by single sends of 1 KiB over 8 connections.")
        .contains("At least 2.500: messages a second (send) as a ratio to elasticmq PASS")
        .contains("95 % interval of the millrace / elasticmq 2.00 to 4.00")
        .contains("2 8,000 100 2,000 first 2,000 400 8,000 4.00")
        .contains("millrace, median of the windows 6,000 messages a second")
        .contains("./millrace bench http --against elasticmq --pairs 5");
    assertThat(Files.readString(into.resolve("index.html")))
        .contains("sends/report.html", "took 3.00 times", "bench http --against elasticmq");
    Spoken verified = Spoken.report("verify", bundle);
    assertThat(verified.out())
        .contains("verified    all is as it says")
        .contains("as recorded the figures of each window");
  }

  @Test
  void ratioIntervalAndBarThatTheWindowsDoNotMakeAreNamed() throws IOException {
    Path bundle = Files.createDirectory(directory.resolve("http"));
    Path record = bundle.resolve("http.json");
    Files.writeString(
        record,
        Files.readString(write("PASS", 3.5))
            .replace("\"median\":3.0", "\"median\":3.6")
            .replace("\"perSecondMedian\":6000.0", "\"perSecondMedian\":7000.0"));
    new HarnessDirectory(bundle).finish();
    assertThat(Verification.of(new HarnessDirectory(bundle)).differences())
        .containsExactly(
            "millrace / elasticmq, median is recorded as 3.6 and comes to 3.0",
            "millrace, messages a second is recorded as 7000.0 and comes to 6000.0",
            "messages a second (send) as a ratio to elasticmq is recorded as PASS and comes to"
                + " FAIL");
  }

  @Test
  void severalBaselinesStandOnOnePageWithTheirRatioToOneAnother() throws IOException {
    Path bundle = Files.createDirectory(directory.resolve("http"));
    write(bundle, "PASS", 2.5, List.of("elasticmq", "group-commit"));
    new HarnessDirectory(bundle).finish();
    assertThat(text(bundle.resolve("report.html")))
        .contains(
            "Millrace at power-loss took 3.00 times as many messages a second as ElasticMQ, in"
                + " memory, and 0.60 times as many as the group-commit server, by single sends")
        .contains("group-commit / elasticmq 5.00 5.00 5.00 5.00 5.00 5.00 5.00 to 5.00 5")
        .contains("2 8,000 100 2,000 2,000 400 8,000 first 10,000 400 8,000 4.00 0.80 5.00");
    assertThat(Verification.of(new HarnessDirectory(bundle)).differences()).isEmpty();
  }

  @Test
  void ratioOfTwoBaselinesThatTheirWindowsDoNotMakeIsNamed() throws IOException {
    Path bundle = Files.createDirectory(directory.resolve("http"));
    Path record = write(bundle, "PASS", 2.5, List.of("elasticmq", "group-commit"));
    Files.writeString(record, Files.readString(record).replace("[5.0, 5.0, 5.0", "[5.0, 5.0, 6.0"));
    new HarnessDirectory(bundle).finish();
    assertThat(Verification.of(new HarnessDirectory(bundle)).differences())
        .containsExactly(
            "group-commit / elasticmq, high is recorded as 5.0 and comes to 6.0",
            "group-commit / elasticmq by round is recorded as [5.0, 5.0, 6.0, 5.0, 5.0] and comes"
                + " to [5.0, 5.0, 5.0, 5.0, 5.0]");
  }

  @Test
  void recordOfBeforeThereWereSeveralBaselinesStillVerifies() throws IOException {
    Path bundle = Files.createDirectory(directory.resolve("http"));
    Path record = write(bundle, "PASS", 2.5);
    Files.writeString(
        record,
        Files.readString(record)
            .replace("\"against\":[\"elasticmq\"]", "\"against\":\"elasticmq\"")
            .replace("\"round\":", "\"pair\":")
            .replace("\"side\":\"millrace\"", "\"side\":\"server\"")
            .replace("\"side\":\"elasticmq\"", "\"side\":\"against\"")
            .replaceFirst(
                "\"sides\":.*?\"ratios\":\\[.*?\"ratio\":(\\{.*?\\})\\}\\]",
                "\"serverPerSecondMedian\":6000.0,\"againstPerSecondMedian\":2000.0,"
                    + "\"ratio\":$1"));
    new HarnessDirectory(bundle).finish();
    assertThat(text(bundle.resolve("report.html")))
        .contains("Millrace at power-loss took 3.00 times as many messages a second as ElasticMQ")
        .contains("2 8,000 100 2,000 first 2,000 400 8,000 4.00");
    Verification verification = Verification.of(new HarnessDirectory(bundle));
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.figures()).isEqualTo(11);
  }

  @Test
  void severalRecordsInOneFolderAreAskedForByName() throws IOException {
    Path one = write("PASS", 2.5);
    Files.copy(one, one.resolveSibling("two.json"));
    Spoken said = Spoken.report("publish", directory, "--into", directory.resolve("published"));
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .contains("holds 2 records of harnesses", "report publish takes its file");
  }

  @Test
  void fileThatIsNoRecordIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("note.json"), "{\"a\": 1}");
    Spoken said = Spoken.report("publish", file, "--into", directory.resolve("published"));
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("note.json is no record that a page is made of");
  }

  private Path write(String outcome, double bar) throws IOException {
    return write(directory, outcome, bar);
  }

  static Path write(Path directory, String outcome, double bar) throws IOException {
    return write(directory, outcome, bar, List.of("elasticmq"));
  }

  /**
   * Five rounds as `bench http` leaves them, Millrace at 2, 4, 3, 2, 4 times the first baseline,
   * any further baseline at 5 times.
   */
  private static Path write(Path directory, String outcome, double bar, List<String> against)
      throws IOException {
    List<Double> times = List.of(2.0, 4.0, 3.0, 2.0, 4.0);
    List<String> windows = new ArrayList<>();
    for (int round = 1; round <= times.size(); round++) {
      List<String> inRound = new ArrayList<>();
      inRound.add(window(round, "millrace", 2_000 * times.get(round - 1), 100));
      for (String baseline : against) {
        inRound.add(window(round, baseline, baseline.equals(against.get(0)) ? 2_000 : 10_000, 400));
      }
      if (round % 2 == 0) {
        Collections.reverse(inRound);
      }
      windows.addAll(inRound);
    }
    List<String> ratios = new ArrayList<>();
    List<String> sides = new ArrayList<>(List.of(side("millrace", 6_000)));
    for (String baseline : against) {
      double rate = baseline.equals(against.get(0)) ? 1 : 5;
      sides.add(side(baseline, 2_000 * rate));
      ratios.add(ratio("millrace", baseline, times.stream().map(each -> each / rate).toList()));
    }
    if (against.size() > 1) {
      ratios.add(ratio(against.get(1), against.get(0), Collections.nCopies(5, 5.0)));
    }
    String environment =
        RunRecordJson.partToJson(SyntheticRun.healthy(42).record().environment()).strip();
    return Files.writeString(
        directory.resolve("http-millrace-elasticmq-power-loss-8.json"),
        """
        {"schema":2,"bench":"http-millrace-elasticmq-power-loss-8",\
        "command":"./millrace bench http --against elasticmq --pairs 5",\
        "startedAt":"2026-01-01T12:00:00Z","seconds":42.5,"gitCommit":"0123456789abcdef",\
        "gitDirty":false,"environment":%s,"plan":{"server":"millrace","against":["%s"],\
        "operation":"send","durability":"power-loss","connections":8,"pairs":5,"bodyBytes":1024},\
        "measured":{"sides":[%s],"ratios":[%s],"warmUp":[%s],"windows":[%s]},\
        "bars":[{"name":"messages a second (send) as a ratio to elasticmq","atLeast":true,\
        "bar":%s,"measured":3.0,"outcome":"%s"}]}
        """
            .formatted(
                environment,
                String.join("\",\"", against),
                String.join(",", sides),
                String.join(",", ratios),
                windows.get(0),
                String.join(",", windows),
                bar,
                outcome));
  }

  private static String side(String name, double perSecondMedian) {
    return "{\"name\":\"%s\",\"perSecondMedian\":%s}".formatted(name, perSecondMedian);
  }

  private static String ratio(String of, String to, List<Double> rounds) {
    PairedRatio ratio = PairedRatio.of(rounds);
    return """
    {"of":"%s","to":"%s","ratio":{"median":%s,"low":%s,"high":%s,"ofPairs":%s}}"""
        .formatted(of, to, ratio.median(), ratio.low(), ratio.high(), ratio.ofPairs());
  }

  private static String window(int round, String side, double perSecond, int p50Us) {
    return """
    {"round":%d,"side":"%s","perSecond":%s,"ok":3000,"other":0,"p50Us":%d,"p99Us":%d,"p999Us":9000,\
    "maxUs":9500}"""
        .formatted(round, side, perSecond, p50Us, 20 * p50Us);
  }

  static String text(Path page) throws IOException {
    return Files.readString(page)
        .replaceAll("(?s)<(script|style).*?</\\1>", " ")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }
}
