package io.millrace.reports.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MetersTest {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  @TempDir Path directory;

  @Test
  void aStallCountsTheSamplesItSwallowed() throws Exception {
    Path file = directory.resolve("meter.hlog");
    CountDownLatch sampled = new CountDownLatch(3);
    AtomicLong samples = new AtomicLong();
    MeterThread meter =
        MeterThread.start(
            "test",
            TimeUnit.MILLISECONDS.toNanos(1),
            () -> {
              // One stall of 100 ms, then nothing to wait for.
              long nth = samples.incrementAndGet();
              sampled.countDown();
              if (nth > 2) {
                LockSupport.park();
              }
              return nth == 1 ? TimeUnit.MILLISECONDS.toNanos(100) : 0;
            },
            file);
    sampled.await();
    meter.stop();
    Histogram histogram = all(file, "test");
    assertThat(histogram.getMaxValue()).isGreaterThanOrEqualTo(100_000_000L);
    assertThat(histogram.getCountBetweenValues(49_000_000L, 101_000_000L))
        .as("the stall and those queued up behind it")
        .isBetween(50L, 53L);
  }

  @Test
  void theHiccupMeterStreamsItsLogAndCompletesItOnClose() throws IOException {
    Path file = directory.resolve("hiccup.hlog");
    try (HiccupMeter meter = HiccupMeter.start(file)) {
      assertThat(meter).isNotNull();
      awaitLine(file);
    }
    Histogram histogram = all(file, HiccupMeter.TAG);
    assertThat(histogram.getTotalCount()).isGreaterThan(100);
    assertThat(histogram.getMinNonZeroValue()).isPositive();
  }

  @Test
  void theControlMeterRunsInAProcessOfItsOwnAndEndsWithIt() throws IOException {
    Path file = directory.resolve("control.hlog");
    try (ControlHiccup control = ControlHiccup.start(file)) {
      assertThat(control).isNotNull();
      awaitLine(file);
    }
    assertThat(all(file, HiccupMeter.TAG).getTotalCount()).isGreaterThan(100);
  }

  @Test
  void aControlMeterThatCannotWriteItsLogDoesNotStart() {
    assertThatThrownBy(() -> ControlHiccup.start(directory.resolve("missing/control.hlog")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not start");
  }

  @Test
  void theForceGateMeasuresAndLeavesNoFileBehind() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path file = directory.resolve("force.hlog");
    try (ForceGate gate = ForceGate.start(data, file)) {
      assertThat(gate).isNotNull();
      assertThat(data.toFile().list()).containsExactly("force-gate.tmp");
      awaitLine(file);
    }
    assertThat(all(file, ForceGate.TAG).getTotalCount()).isBetween(1L, 100L);
    assertThat(data.toFile().list()).isEmpty();
  }

  @Test
  void theSteadyPhaseIsWhatTouchesNoOutageAndNoCatchUp() {
    Predicate<HistogramLog.Interval> steady =
        HistogramLog.outside(List.of(new PhaseWindow(Phase.OUTAGE, 2_000, 3_000)), 1_000_000);
    assertThat(steady.test(interval(1_000_000, 1_001_000))).isTrue();
    assertThat(steady.test(interval(1_001_000, 1_002_000))).isTrue();
    assertThat(steady.test(interval(1_001_500, 1_002_500))).as("runs into the outage").isFalse();
    assertThat(steady.test(interval(1_002_999, 1_004_000))).as("starts in it").isFalse();
    assertThat(steady.test(interval(1_003_000, 1_004_000))).isTrue();
    assertThat(steady.test(interval(999_000, 1_000_500))).as("before the run").isFalse();
  }

  private static HistogramLog.Interval interval(long from, long to) {
    return new HistogramLog.Interval("t", from, to, new Histogram(3));
  }

  private static Histogram all(Path file, String tag) throws IOException {
    Histogram histogram = HistogramLog.merge(file, interval -> true).get(tag);
    assertThat(histogram).isNotNull();
    return histogram;
  }

  /** Waits until a meter has written its first second. */
  private static void awaitLine(Path file) throws IOException {
    while (Files.readAllLines(file).stream().noneMatch(line -> line.startsWith("Tag="))) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
