package io.millrace.reports.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StallLogTest {

  @TempDir private Path directory = Path.of("unset");

  @Test
  void delaysOfAMillisecondAndMoreKeepTheirInstantAndMayBeReadMeanwhile() throws IOException {
    Path file = directory.resolve("log.stalls");
    try (StallLog log = StallLog.create(file)) {
      log.note(-5, 999_999);
      log.note(1_000, 1_000_000);
      log.note(-70, 3_000_000_000L);

      assertThat(StallLog.read(file))
          .containsExactly(
              new StallLog.Stall(1_000, 1_000_000), new StallLog.Stall(-70, 3_000_000_000L));
    }
  }

  @Test
  void lineThatIsNotWholeYetIsLeftOut() throws IOException {
    Path file = directory.resolve("log.stalls");
    try (StallLog log = StallLog.create(file)) {
      log.note(1, 2_000_000);
    }
    Files.writeString(file, "17 20", StandardOpenOption.APPEND);

    assertThat(StallLog.read(file)).containsExactly(new StallLog.Stall(1, 2_000_000));
  }

  @Test
  void logWithoutADelayIsEmpty() throws IOException {
    Path file = directory.resolve("log.stalls");
    StallLog.create(file).close();

    assertThat(StallLog.read(file)).isEmpty();
  }
}
