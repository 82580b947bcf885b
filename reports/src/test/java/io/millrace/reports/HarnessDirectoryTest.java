package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.record.RunRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        .contains("95 % interval of the ratio 2.00 to 4.00")
        .contains("2 8,000 100 2,000 first 2,000 400 8,000 4.00")
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
            .replace("\"serverPerSecondMedian\":6000.0", "\"serverPerSecondMedian\":7000.0"));
    new HarnessDirectory(bundle).finish();
    assertThat(Verification.of(new HarnessDirectory(bundle)).differences())
        .containsExactly(
            "ratio, median is recorded as 3.6 and comes to 3.0",
            "serverPerSecondMedian is recorded as 7000.0 and comes to 6000.0",
            "messages a second (send) as a ratio to elasticmq is recorded as PASS and comes to"
                + " FAIL");
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

  /** Five pairs whose ratios are 2, 4, 3, 2, 4, as `bench http` leaves them. */
  static Path write(Path directory, String outcome, double bar) throws IOException {
    List<Double> ratios = List.of(2.0, 4.0, 3.0, 2.0, 4.0);
    List<String> windows = new ArrayList<>();
    for (int i = 0; i < ratios.size(); i++) {
      String server = window(i + 1, "server", 2_000 * ratios.get(i), 100);
      String against = window(i + 1, "against", 2_000, 400);
      windows.add(i % 2 == 0 ? server + "," + against : against + "," + server);
    }
    PairedRatio ratio = PairedRatio.of(ratios);
    String environment =
        RunRecordJson.partToJson(SyntheticRun.healthy(42).record().environment()).strip();
    return Files.writeString(
        directory.resolve("http-millrace-elasticmq-power-loss-8.json"),
        """
        {"schema":1,"bench":"http-millrace-elasticmq-power-loss-8",\
        "command":"./millrace bench http --against elasticmq --pairs 5",\
        "startedAt":"2026-01-01T12:00:00Z","seconds":42.5,"gitCommit":"0123456789abcdef",\
        "gitDirty":false,"environment":%s,"plan":{"server":"millrace","against":"elasticmq",\
        "operation":"send","durability":"power-loss","connections":8,"pairs":5,"bodyBytes":1024},\
        "measured":{"serverPerSecondMedian":6000.0,"againstPerSecondMedian":2000.0,\
        "ratio":{"median":%s,"low":%s,"high":%s,"ofPairs":%s},"warmUp":[%s],"windows":[%s]},\
        "bars":[{"name":"messages a second (send) as a ratio to elasticmq","atLeast":true,\
        "bar":%s,"measured":3.0,"outcome":"%s"}]}
        """
            .formatted(
                environment,
                ratio.median(),
                ratio.low(),
                ratio.high(),
                ratio.ofPairs(),
                windows.get(0),
                String.join(",", windows),
                bar,
                outcome));
  }

  private static String window(int pair, String side, double perSecond, int p50Us) {
    return """
    {"pair":%d,"side":"%s","perSecond":%s,"ok":3000,"other":0,"p50Us":%d,"p99Us":%d,"p999Us":9000,\
    "maxUs":9500}"""
        .formatted(pair, side, perSecond, p50Us, 20 * p50Us);
  }

  static String text(Path page) throws IOException {
    return Files.readString(page)
        .replaceAll("(?s)<(script|style).*?</\\1>", " ")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }
}
