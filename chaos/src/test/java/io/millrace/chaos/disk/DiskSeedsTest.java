package io.millrace.chaos.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each seed of this tier that once failed, in {@code chaos/seeds.txt}. */
@Timeout(300)
class DiskSeedsTest {

  private static final String TIER = "disk ";
  private static final int IMAGES = 20;

  @TempDir Path directory;

  static List<Long> seeds() throws IOException {
    return Files.readAllLines(Path.of("seeds.txt")).stream()
        .filter(line -> line.startsWith(TIER))
        .map(line -> Long.valueOf(line.substring(TIER.length()).strip()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSeedThatOnceFailedFailsNoMore(long seed) throws IOException {
    PowerLossResult result =
        PowerLossTrial.run(
            new PowerLossPlan(seed, IMAGES, CrashProfile.POSIX, directory), TrialSink.NONE);

    assertThat(result.failures()).as("%s", DiskReport.lines(result)).isEmpty();
  }
}
