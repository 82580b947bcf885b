package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.Circumstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a fault experiment. */
final class ChaosDirectoryTest {
  @TempDir private Path directory = Path.of("unset");

  @Test
  void experimentIsPublishedWithItsVerdictItsFaultsAndWhatTheJudgeSaid() throws IOException {
    ChaosDirectory run = write(directory.resolve("chaos"));
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", run.path(), "--into", into);
    assertThat(said.err()).isEmpty();
    Path bundle = into.resolve("20260101-120000-chaos-release");
    assertThat(HarnessDirectoryTest.text(bundle.resolve("report.html")))
        .contains("Every guarantee held under 2,034 faults in 2 parts of the scenario release.")
        .contains("crash-storm seed 7 kill 30 pause 4 1,890 0 VALID")
        .contains("no-loss 1,890 1 0 0")
        .contains("no-phantom 0 0 1 0")
        .contains("2000 simulations &lt;all&gt; valid")
        .contains("./millrace chaos run --scenario release --seed 7");
    assertThat(Files.readString(into.resolve("index.html")))
        .contains("Every guarantee held under 2,034 faults", "2026-01-01 12:00:00 UTC");
    assertThat(Spoken.report("verify", bundle).out())
        .contains("as recorded what part simulated found: no judgement of it is kept")
        .contains("verified    all is as it says");
  }

  @Test
  void verdictThatThePartsDoNotMakeIsNamed() throws IOException {
    ChaosDirectory run = write(directory.resolve("chaos"));
    Path judgement = run.path().resolve("001-crash-storm").resolve("judgement.json");
    Files.writeString(
        judgement,
        Files.readString(judgement)
            .replace("\"kill\":30", "\"kill\":3")
            .replace("\"no-loss\",\"verdict\":\"VALID\"", "\"no-loss\",\"verdict\":\"INVALID\""));
    run.finish();
    assertThat(Verification.of(run).differences())
        .containsExactly(
            "001-crash-storm, fired is recorded as {kill=30, pause=4} and comes to {kill=3,"
                + " pause=4}",
            "001-crash-storm, a guarantee broken is recorded as false and comes to true");
  }

  @Test
  void verdictAloneIsPublishedAndSaysWhatItDoesNotKnow() throws IOException {
    ChaosDirectory run = write(directory.resolve("chaos"));
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", run.path().resolve("verdict.json"), "--into", into);
    assertThat(said.err()).isEmpty();
    assertThat(HarnessDirectoryTest.text(into.resolve("chaos-release").resolve("report.html")))
        .contains("when and from which commit was not recorded, seed 7");
  }

  static ChaosDirectory write(Path path) throws IOException {
    Files.createDirectories(path.resolve("001-crash-storm"));
    Files.writeString(path.resolve("plan.json"), "{}\n");
    Files.writeString(path.resolve("scenario.yaml"), "intent: Everything.\n");
    Files.writeString(
        path.resolve("verdict.json"),
        """
        {"format":1,"scenario":"release","verdict":"VALID","parts":[\
        {"part":"crash-storm","seed":7,"verdict":"VALID","fired":{"kill":30,"pause":4},\
        "remarks":["1890 acknowledged, 0 lost"]},\
        {"part":"simulated","seed":7,"verdict":"VALID","fired":{"simulated":2000},\
        "remarks":["2000 simulations <all> valid"]}]}
        """);
    Files.writeString(
        path.resolve("001-crash-storm").resolve("judgement.json"),
        """
        {"format":1,"part":"crash-storm","seed":7,"verdict":"VALID","profile":"strict",\
        "attempts":1900,"acknowledged":1890,"lost":0,"fired":{"kill":30,"pause":4},"skipped":[],\
        "invariants":[\
        {"invariant":"no-loss","verdict":"VALID","judged":1890,"undecided":0,"counts":{}},\
        {"invariant":"no-phantom","verdict":"UNKNOWN","judged":0,"undecided":0,"counts":{}}]}
        """);
    ChaosDirectory run = new ChaosDirectory(path);
    run.finish(
        new Circumstances(
            "./millrace chaos run --scenario release --seed 7 --target http",
            Instant.parse("2026-01-01T12:00:00Z"),
            61.5,
            "0123456789abcdef",
            false,
            SyntheticRun.healthy(42).record().environment()));
    return run;
  }
}
