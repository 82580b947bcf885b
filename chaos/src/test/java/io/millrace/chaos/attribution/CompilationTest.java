package io.millrace.chaos.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompilationTest {

  private static final long NO_PROCESS = -1;

  @Test
  void jvmTellsHowLongItsCompilersHaveWorkedAndSoDoesThisOne() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Collecting.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("collected");
      long first = Compilation.nanos(other.pid()).orElseThrow();
      assertThat(first).isPositive();
      assertThat(Compilation.nanos(other.pid()).orElseThrow()).isGreaterThanOrEqualTo(first);
    } finally {
      other.destroyForcibly();
      other.waitFor();
    }
    assertThat(Compilation.nanos(ProcessHandle.current().pid()).orElseThrow()).isPositive();
  }

  @Test
  void whoIsNotThereTellsNothing() throws IOException {
    assertThat(Compilation.nanos(NO_PROCESS)).isEmpty();
  }
}
