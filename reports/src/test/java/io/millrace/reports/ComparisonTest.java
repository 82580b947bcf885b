package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Runs and harness records against each other, as the user sets them. */
final class ComparisonTest {
  private static final long SEED = 42;

  @TempDir private Path directory = Path.of("unset");

  @Test
  void runAgainstAnotherLikeItShowsNoDifferenceAndPassesTheGate() throws IOException {
    Path a = write("a", SyntheticRun.healthy(SEED));
    Path b = write("b", SyntheticRun.healthy(SEED + 1));
    Spoken said = Spoken.report("compare", a, b);
    assertThat(said.code()).isZero();
    assertThat(said.out())
        .containsPattern("publish p50, ms .* ALIKE")
        .containsPattern("end-to-end p99, ms .* ALIKE")
        .contains("back after kill -9, ms")
        .doesNotContain("WORSE", "BETTER");
    assertThat(Spoken.report("compare", a, b)).as("the same draws").isEqualTo(said);
    assertThat(Spoken.report("gate", b, "--against", a).code()).isZero();
  }

  @Test
  void slowerRunFailsTheGateAndSaysByHowMuch() throws Exception {
    Path base = write("base", SyntheticRun.healthy(SEED));
    Path slow = write("slow", SyntheticRun.slow(SEED + 1, 1.3));
    Spoken said = Spoken.report("gate", slow, "--against", base);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .containsPattern("publish p50, ms +0\\.4\\d+ +0\\.5\\d+ +1\\.[23]\\d+ .* WORSE")
        .contains("FAIL no regression of publish p50, ms")
        .contains("gate        FAIL");
    assertThat(Spoken.report("compare", slow, base).out())
        .containsPattern("publish p50, ms .* BETTER");

    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(slow.resolve("gate.xml").toFile())
            .getDocumentElement();
    int cases = suite.getElementsByTagName("testcase").getLength();
    assertThat(suite.getAttribute("tests")).isEqualTo(Integer.toString(cases));
    assertThat(suite.getAttribute("failures"))
        .isEqualTo(Integer.toString(suite.getElementsByTagName("failure").getLength()))
        .isNotEqualTo("0");
    assertThat(Files.readString(slow.resolve("gate.md")))
        .startsWith("## Millrace: FAIL")
        .containsPattern("\\| publish p50, ms \\| .* \\| worse \\|");
  }

  @Test
  void differenceWithinTheThresholdIsNone() throws IOException {
    Path base = write("base", SyntheticRun.healthy(SEED));
    Path slow = write("slow", SyntheticRun.slow(SEED + 1, 1.03));
    assertThat(Spoken.report("gate", slow, "--against", base).code()).isZero();
    assertThat(Spoken.report("gate", slow, "--against", base, "--threshold", "0.01").code())
        .isEqualTo(1);
  }

  @Test
  void brokenGuaranteeFailsTheGateHoweverFastTheRun() throws IOException {
    Path base = write("base", SyntheticRun.slow(SEED, 3));
    Path lossy = write("lossy", SyntheticRun.lossy(SEED));
    Spoken said = Spoken.report("gate", lossy, "--against", base);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).contains("FAIL guarantee no-loss");
  }

  @Test
  void slowRunOnANoisyMachineIsInconclusiveAndFailsNothing() throws IOException {
    Path base = write("base", SyntheticRun.healthy(SEED));
    Path noisy = write("noisy", SyntheticRun.noisy(SEED, 30, 40));
    Spoken said = Spoken.report("gate", noisy, "--against", base);
    assertThat(said.out()).contains("INCONCLUSIVE no regression of publish p50, ms");
    assertThat(said.code()).isZero();
    Path slow = write("slow", SyntheticRun.slow(SEED, 30));
    assertThat(Spoken.report("gate", slow, "--against", base).code())
        .as("as slow on a quiet machine")
        .isEqualTo(1);
  }

  @Test
  void fiveRunsOfEitherSideAreComparedInPairs() throws IOException {
    for (int i = 0; i < 5; i++) {
      write("a/" + i, SyntheticRun.healthy(SEED + i));
      write("b/" + i, SyntheticRun.slow(SEED + 10 + i, 1.2));
    }
    Spoken said = Spoken.report("compare", directory.resolve("a"), directory.resolve("b"));
    assertThat(said.out())
        .contains("by bootstrap over 5 pairs of runs")
        .containsPattern("receive p99, ms .* 1\\.[12]\\d+ .* WORSE");
  }

  @Test
  void harnessRecordsAreGatedOnRatiosAndBytesButNotOnTheMachinesRates() throws IOException {
    Path base = bench("base.json", 2.0, 2.1, 1_000, 50_000, "PASS");
    Path now = bench("now.json", 2.0, 2.1, 1_000, 25_000, "PASS");
    Spoken slower = Spoken.report("gate", now, "--against", base);
    assertThat(slower.out()).containsPattern("micro forks engine perSecond .* WORSE");
    assertThat(slower.code()).as("half the rate, the same ratio").isZero();

    Path dearer = bench("dearer.json", 2.4, 2.5, 1_000, 50_000, "PASS");
    Spoken costly = Spoken.report("gate", dearer, "--against", base);
    assertThat(costly.code()).as(costly.out()).isEqualTo(1);
    assertThat(costly.out()).contains("FAIL no regression of micro sendRatio ofPairs");

    Path fatter = bench("fatter.json", 2.0, 2.1, 1_200, 50_000, "PASS");
    assertThat(Spoken.report("gate", fatter, "--against", base).out())
        .contains("FAIL no regression of micro forks engine gc.alloc.rate.norm");

    Path missed = bench("missed.json", 2.0, 2.1, 1_000, 50_000, "FAIL");
    assertThat(Spoken.report("gate", missed, "--against", base).code()).isEqualTo(1);
    Path noisy = bench("noisy.json", 2.0, 2.1, 1_000, 50_000, "INCONCLUSIVE");
    assertThat(Spoken.report("gate", noisy, "--against", base).code()).isZero();
  }

  @Test
  void sidesThatCannotBeComparedAreRefused() throws IOException {
    Path run = write("runs/1", SyntheticRun.healthy(SEED));
    write("runs/2", SyntheticRun.healthy(SEED));
    Path bench = bench("bench.json", 2.0, 2.1, 1_000, 50_000, "PASS");
    assertRefused(
        Spoken.report("compare", run, bench),
        "a run cannot be compared with the record of a harness");
    assertRefused(Spoken.report("compare", run, directory.resolve("runs")), "pairs take as many");
    assertRefused(Spoken.report("compare", run, directory.resolve("nothing")), "there is no ");
    assertRefused(
        Spoken.report("compare", run, Files.createDirectory(directory.resolve("empty"))),
        "is neither a run nor the record of a harness");
    assertRefused(Spoken.report("compare", run, run, "--threshold", "-1"), "--threshold");
    assertRefused(Spoken.report("gate", run), "--against");
  }

  private static void assertRefused(Spoken said, String why) {
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains(why).hasLineCount(2);
  }

  private Path write(String name, SyntheticRun synthetic) throws IOException {
    RunDirectory run = RunDirectory.create(directory.resolve(name));
    synthetic.writeHistograms(run.path());
    run.write(synthetic.record());
    return run.path();
  }

  /**
   * A harness's record: the ratio of its pairs lies from low to high, its bar asks for at most 3.
   */
  private Path bench(
      String name, double low, double high, double bytes, double perSecond, String bar)
      throws IOException {
    double median = (low + high) / 2;
    StringBuilder forks = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      forks
          .append(i == 0 ? "" : ",")
          .append("{\"benchmark\":\"engine\",\"perSecond\":")
          .append(perSecond + i)
          .append(",\"gc.alloc.rate.norm\":")
          .append(bytes + i)
          .append("}");
    }
    return Files.writeString(
        directory.resolve(name),
        "{\"bench\":\"micro\",\"measured\":{\"sendRatio\":{\"median\":"
            + median
            + ",\"ofPairs\":["
            + String.join(",", "" + low, "" + median, "" + high, "" + median, "" + low)
            + "]},\"forks\":["
            + forks
            + "]},\"bars\":[{\"name\":\"raw appends a send\",\"atLeast\":false,\"bar\":3,\"measured\":"
            + median
            + ",\"outcome\":\""
            + bar
            + "\"}]}");
  }
}
