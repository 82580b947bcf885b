package io.millrace.chaos.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {

  private static final long MS = 1_000_000;

  /** Lines of {@link Collecting}, of which there are ten a second: several writes to the disk. */
  private static final int LINES = 30;

  @TempDir private Path directory = Path.of("unset");

  @Test
  void killedJvmLeavesWhatItRecordedOnTheAxisOfTheRun() throws Exception {
    Origin origin = Origin.now();
    Process recorded = start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(recorded.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.lines().filter("collected"::equals).limit(LINES)).hasSize(LINES);
    } finally {
      recorded.destroyForcibly();
      recorded.waitFor();
    }
    long endNs = origin.elapsedNs();

    FlightRecording left = FlightRecording.leftBy(directory, FlightRecording.Axis.of(origin));

    assertThat(left.gc()).isNotEmpty();
    assertThat(left.gc())
        .allSatisfy(
            pause -> {
              assertThat(pause.fromNs()).isBetween(-MS, endNs + MS);
              assertThat(pause.nanos()).isGreaterThanOrEqualTo(MS);
            });
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FlightRecording.flags(directory));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Collecting.class.getName()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
