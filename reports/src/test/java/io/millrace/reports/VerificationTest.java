package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is as it was written, and runs with which somebody meddled. */
final class VerificationTest {
  private static final SyntheticRun RUN = SyntheticRun.healthy(42);

  @TempDir private Path directory = Path.of("unset");

  private final StringWriter out = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    RUN.writeHistograms(directory);
    new RunDirectory(directory).write(RUN.record());
  }

  @Test
  void everyFigureOfAnUntouchedRunComesOutAgain() throws IOException {
    Verification verification = Verification.of(new RunDirectory(directory));
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.files()).isEqualTo(10);
    // 64 seconds of nine figures, and nine phases of four latencies of six, at least.
    assertThat(verification.figures()).isGreaterThan(64 * 9 + 9 * 4 * 6);
    assertThat(verify()).isZero();
    assertThat(out.toString()).contains("verified    all is as it says");
  }

  @Test
  void aPrettierPercentileInTheRecordIsFoundThoughItsHashIsForgedToo() throws IOException {
    String p99 = RUN.record().phases().steady().publish().p99().orElseThrow() + "";
    meddle("report.json", "\"p99\" : " + p99, "\"p99\" : 0.5");
    RunDirectory run = new RunDirectory(directory);
    run.render();
    Manifest.of(directory, run.sources()).write(run.manifestFile());
    assertThat(Verification.of(run).differences())
        .contains("phases.steady.publish.p99 is recorded as 0.5 and comes to " + p99);
    assertThat(verify()).isEqualTo(1);
  }

  @Test
  void aVerdictThatItsOwnEvidenceContradictsIsFound() throws IOException {
    SyntheticRun lossy = SyntheticRun.lossy(42);
    RunDirectory run = new RunDirectory(directory);
    run.write(lossy.record());
    meddle(
        "report.json",
        "\"verdict\" : \"INVALID\",\n  \"verdictReasons\"",
        "\"verdict\" : \"VALID\",\n  \"verdictReasons\"");
    assertThat(Verification.of(run).differences())
        .contains("verdict is recorded as \"VALID\" and comes to \"INVALID\"");
  }

  @Test
  void aFileThatWasChangedOrAddedOrTakenAwayIsNamed() throws IOException {
    meddle("plan.json", "1000", "2000");
    Files.delete(directory.resolve("send-delay.hlog"));
    Files.copy(directory.resolve("control-hiccup.hlog"), directory.resolve("quieter.hlog"));
    assertThat(Verification.of(new RunDirectory(directory)).differences())
        .contains(
            "plan.json is not the file that was written: its hash differs",
            "send-delay.hlog is missing",
            "quieter.hlog is not in the manifest");
  }

  @Test
  void aPageThatSaysAnotherFigureIsFound() throws IOException {
    String acked = Figures.count(RUN.record().counts().acked());
    meddle("report.html", "<dd>" + acked + "</dd>", "<dd>60,001</dd>");
    List<String> differences = Verification.of(new RunDirectory(directory)).differences();
    assertThat(differences).singleElement().asString().contains("60,001").contains(acked);
  }

  @Test
  void aRunWithoutItsManifestOrItsLatenciesIsNotVerified() throws IOException {
    Files.delete(directory.resolve("MANIFEST.sha256"));
    Files.delete(directory.resolve("latency.hlog"));
    assertThat(Verification.of(new RunDirectory(directory)).differences())
        .contains(
            "there is no MANIFEST.sha256",
            "latency.hlog is missing, so no latency can be computed again");
  }

  @Test
  void aManifestThatNamesAFileElsewhereIsRefused() throws IOException {
    Files.writeString(
        directory.resolve("MANIFEST.sha256"), "0".repeat(64) + "  ../../etc/hostname\n");
    assertThat(verify()).isEqualTo(2);
  }

  private int verify() {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute("verify", directory.toString());
  }

  private void meddle(String name, String from, String to) throws IOException {
    Path file = directory.resolve(name);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }
}
