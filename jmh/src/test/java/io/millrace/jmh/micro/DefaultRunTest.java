package io.millrace.jmh.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How long {@code bench jmh} without options is planned to take: of every benchmark with every
 * parameter, as its annotations say.
 */
class DefaultRunTest {

  private static final double SECONDS_MAX = 600;

  /** A JVM's start, its engine's opening and closing. */
  private static final double START_SECONDS = 2;

  /** A single shot with what is done before and after it. */
  private static final double SHOT_SECONDS = 0.5;

  @Test
  void everyBenchmarkAtItsDefaultsFitsIntoTenMinutes() {
    Map<String, Double> seconds = new TreeMap<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of())) {
      seconds.put(entry.getUsername(), planned(entry));
    }
    assertThat(seconds).isNotEmpty();
    assertThat(seconds.values().stream().mapToDouble(Double::doubleValue).sum())
        .as("seconds, of which %s", seconds)
        .isLessThanOrEqualTo(SECONDS_MAX);
  }

  private static double planned(BenchmarkListEntry entry) {
    double fork = START_SECONDS;
    if (entry.getMode() == Mode.SingleShotTime) {
      int shots = entry.getWarmupIterations().get() + entry.getMeasurementIterations().get();
      fork += shots * SHOT_SECONDS;
    } else {
      fork += entry.getWarmupIterations().get() * seconds(entry.getWarmupTime().get());
      fork += entry.getMeasurementIterations().get() * seconds(entry.getMeasurementTime().get());
    }
    return fork * entry.getForks().get() * combinations(entry);
  }

  private static long combinations(BenchmarkListEntry entry) {
    Collection<String[]> values = entry.getParams().orElse(Map.of()).values();
    return values.stream().mapToLong(each -> each.length).reduce(1, Math::multiplyExact);
  }

  private static double seconds(TimeValue time) {
    return time.convertTo(TimeUnit.MILLISECONDS) / 1e3;
  }
}
