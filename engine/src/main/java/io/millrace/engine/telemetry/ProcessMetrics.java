package io.millrace.engine.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the operating system and the JVM say of the process, as far as the Prometheus client does
 * not ask them: page faults, mapped files, safepoints, and the room on the disk. All read when
 * scraped.
 *
 * <p>Page faults and mapped files are read from Linux's {@code /proc}, safepoints from HotSpot's
 * own bean, which takes {@code --add-exports=java.management/sun.management=ALL-UNNAMED}. Where one
 * of them is not there, its metrics are not either.
 */
final class ProcessMetrics {

  private static final Path STAT = Path.of("/proc/self/stat");
  private static final Path STATUS = Path.of("/proc/self/status");

  // Fields of /proc/self/stat counted from the one after the command's name, see proc(5).
  private static final int MINOR_FAULTS = 7;
  private static final int MAJOR_FAULTS = 9;

  private static final String MAPPED_FILES = "RssFile:";
  private static final int BYTES_PER_KIB = 1_024;

  private ProcessMetrics() {}

  static void register(PrometheusRegistry registry) {
    if (Files.isReadable(STAT) && Files.isReadable(STATUS)) {
      registerFromProc(registry);
    }
    Safepoints.ofThisJvm().ifPresent(safepoints -> register(safepoints, registry));
  }

  /** Shows the room of the file system a directory lies on. */
  static void showDisk(Path directory, PrometheusRegistry registry) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    GaugeWithCallback.builder()
        .name(MetricNames.DISK_FREE_BYTES)
        .help("Bytes the data directory's file system has left for this process.")
        .unit(Unit.BYTES)
        .callback(callback -> callback.call((double) read(disk::getUsableSpace)))
        .register(registry);
    GaugeWithCallback.builder()
        .name(MetricNames.DISK_SIZE_BYTES)
        .help("Bytes of the data directory's file system.")
        .unit(Unit.BYTES)
        .callback(callback -> callback.call((double) read(disk::getTotalSpace)))
        .register(registry);
  }

  private static void registerFromProc(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name(MetricNames.PAGE_FAULTS)
        .help("Page faults of the process: minor without, major with a read from the disk.")
        .labelNames(MetricNames.KIND)
        .callback(
            callback -> {
              String stat = read(() -> Files.readString(STAT));
              // The command's name stands in parentheses and may hold blanks.
              List<String> fields =
                  List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
              callback.call(Double.parseDouble(fields.get(MINOR_FAULTS)), "minor");
              callback.call(Double.parseDouble(fields.get(MAJOR_FAULTS)), "major");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name(MetricNames.MAPPED_FILE_BYTES)
        .help("Bytes of mapped files that are in memory: segments, backlog, the JVM's own.")
        .unit(Unit.BYTES)
        .callback(
            callback -> {
              for (String line : read(() -> Files.readAllLines(STATUS))) {
                if (line.startsWith(MAPPED_FILES)) {
                  String kib = line.replaceAll("[^0-9]", "");
                  callback.call(Double.parseDouble(kib) * BYTES_PER_KIB);
                }
              }
            })
        .register(registry);
  }

  private static void register(Safepoints safepoints, PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name(MetricNames.SAFEPOINTS)
        .help("Times the JVM stopped all its threads, collections included.")
        .callback(callback -> callback.call((double) safepoints.count()))
        .register(registry);
    CounterWithCallback.builder()
        .name(MetricNames.SAFEPOINT_TIME)
        .help("Time all threads stood still at safepoints, in whole milliseconds.")
        .unit(Unit.SECONDS)
        .callback(callback -> callback.call(safepoints.totalMs() / Buckets.MS_PER_SECOND))
        .register(registry);
    CounterWithCallback.builder()
        .name(MetricNames.SAFEPOINT_SYNC_TIME)
        .help("Time until all threads stood still, a part of the safepoints' time.")
        .unit(Unit.SECONDS)
        .callback(callback -> callback.call(safepoints.syncMs() / Buckets.MS_PER_SECOND))
        .register(registry);
  }

  private interface Read<T> {
    T get() throws IOException;
  }

  private static <T> T read(Read<T> source) {
    try {
      return source.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
