package io.millrace.engine.telemetry;

import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.wire.ConnectionCounters;
import io.millrace.engine.wire.RequestObserver;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One process's metrics: a registry of its own, the observers that feed it, and the counters it
 * reads.
 *
 * <p>Use: {@link #create} first, hand {@link #shardObserver} and {@link #requestObserver} to those
 * who call them, {@code show} the shard's and the endpoint's counters once they are open, and serve
 * {@link #registry} from an {@link AdminServer}. Two engines in one JVM have a telemetry each and
 * share nothing.
 *
 * <p>Methods may be called from any thread; each {@code show} at most once.
 */
public final class Telemetry {

  /** Queues that get series of their own unless the caller says otherwise, 16 series each. */
  public static final int QUEUES_SHOWN_DEFAULT = 100;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ShardTimings shardTimings = new ShardTimings();
  private final RequestMetrics requestMetrics = new RequestMetrics(InstantSource.system());

  /** Of the access log, whether there is one or not. */
  private final LongAdder droppedLines = new LongAdder();

  /** Empty until a shard is shown. */
  private volatile MultiCollector queues = MetricSnapshots::new;

  private Telemetry() {}

  /** Makes the registry with everything that needs no shard: build, JVM, endpoint, timings. */
  public static Telemetry create(BuildInfo build) {
    Telemetry telemetry = new Telemetry();
    Info.builder()
        .name(MetricNames.BUILD_INFO)
        .help("The build that runs; the value is always 1.")
        .labelNames("version", "revision", "java")
        .register(telemetry.registry)
        .addLabelValues(build.version(), build.revision(), Runtime.version().toString());
    telemetry.shardTimings.register(telemetry.registry);
    telemetry.requestMetrics.register(telemetry.registry);
    CounterWithCallback.builder()
        .name(MetricNames.ACCESS_LOG_DROPPED)
        .help("Lines the access log left out: it was behind, or could not be written.")
        .callback(callback -> callback.call((double) telemetry.droppedLines.sum()))
        .register(telemetry.registry);
    JvmMetrics.builder().register(telemetry.registry);
    ProcessMetrics.register(telemetry.registry);
    return telemetry;
  }

  /**
   * Shows a shard's counters. The registry has the queues folded into one, {@code queue="_other"};
   * {@link #scrapePerQueue} takes them apart.
   *
   * @param nowMs the engine's time in ms since the epoch; read once a scrape
   * @param queuesShownMax queues with series of their own, 0 or more; the rest is folded into
   *     {@code queue="_other"}
   */
  public void show(ShardCounters shard, LongSupplier nowMs, int queuesShownMax) {
    queues = new QueueSeries(shard, nowMs, queuesShownMax);
    ShardMetrics.register(shard, registry);
    registry.register(new QueueSeries(shard, nowMs, 0));
    FlightEvents.recovery(
        shard.recoveryMs.get(), shard.recoveryRecords.get(), shard.recoveryQuarantined.get());
  }

  /**
   * Shows the room on the disk.
   *
   * @param dataDirectory must exist
   * @throws IOException if its file system cannot be asked
   */
  public void showDisk(Path dataDirectory) throws IOException {
    ProcessMetrics.showDisk(dataDirectory, registry);
  }

  /** Shows what the endpoint's connections did. */
  public void show(ConnectionCounters connections) {
    ConnectionMetrics.register(connections, registry);
  }

  /** Hears of appends and forces; shared by any number of threads, allocates nothing. */
  public ShardObserver shardObserver() {
    return shardTimings;
  }

  /** Hears of answered requests; shared by any number of threads, allocates nothing. */
  public RequestObserver requestObserver() {
    return requestMetrics;
  }

  /**
   * A log with a line for each request, counted here by the lines it had to leave out. The caller
   * closes it.
   *
   * @param file appended to, made if it is missing
   * @throws IOException if it cannot be written
   */
  public AccessLog openAccessLog(Path file) throws IOException {
    return AccessLog.open(file, System::currentTimeMillis, droppedLines);
  }

  /** What the registry has, with series for each queue up to the cap. */
  public MetricSnapshots scrapePerQueue() {
    MetricSnapshots apart = queues.collect();
    Set<String> names = new HashSet<>();
    apart.stream().forEach(family -> names.add(family.getMetadata().getPrometheusName()));
    List<MetricSnapshot> all = new ArrayList<>();
    apart.stream().forEach(all::add);
    registry.scrape().stream()
        .filter(family -> !names.contains(family.getMetadata().getPrometheusName()))
        .forEach(all::add);
    return new MetricSnapshots(all);
  }

  /** All of the above, to be scraped; others may register their own metrics with it. */
  public PrometheusRegistry registry() {
    return registry;
  }
}
