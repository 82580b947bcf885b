package io.millrace.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verb that cuts the power, from the command line. */
@Timeout(120)
class DiskCommandTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();

  private int run(String... options) {
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    String[] all = new String[options.length + 2];
    all[0] = "chaos";
    all[1] = "disk";
    System.arraycopy(options, 0, all, 2, options.length);
    return line.execute(all);
  }

  @Test
  void soundEnginesAreValidAndTheSummaryTellsWhatWasDone() {
    int status =
        run(
            "--seed",
            "7",
            "--images",
            "8",
            "--profile",
            "ext4",
            "--no-faults",
            "--out",
            directory.resolve("evidence").toString());

    assertThat(out.toString())
        .contains(
            "seed 7", "8 of 8 images", "VALID, profile ext4: 8 images", "no-loss", "power-cut");
    assertThat(status).isZero();
    assertThat(directory.resolve("evidence")).doesNotExist();
  }

  @Test
  void wrongUseIsTold() {
    assertThat(run("--images", "0")).isEqualTo(2);
    assertThat(run("--profile", "fat")).isEqualTo(2);
    assertThat(out.toString()).contains("--images: 1 to", "there is no profile fat");
  }
}
