package io.millrace.chaos.run;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.Health;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The lab's own metrics on loopback while a run goes on, beside the server's: what was due, what
 * was done, the phase, the faults in force, the latency of the last second, the verdicts once there
 * are any. Read from the live figures at each scrape; nothing is counted twice.
 */
public final class LabMetrics implements AutoCloseable {

  /** Where a Prometheus beside the lab looks for it. */
  public static final int DEFAULT_PORT = 9326;

  private static final double MS_PER_SECOND = 1e3;
  private static final double NS_PER_SECOND = 1e9;

  /** Upper bounds of the publish latency's buckets; 10 ms is one exactly. */
  private static final double[] PUBLISH_SECONDS = {
    0.001,
    0.002,
    0.003,
    0.004,
    0.005,
    0.0075,
    0.01,
    0.015,
    0.02,
    0.03,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    30,
    Double.POSITIVE_INFINITY
  };

  private static final double[] QUANTILES = {0.5, 0.99, 0.999, 1};
  private static final int LAST_SCRAPES_SECONDS = 12;
  private static final String TARGETS = "/targets";
  private static final String NOT_JUDGED = "unknown";
  private static final List<String> VERDICTS = List.of("valid", "invalid", NOT_JUDGED);

  private final AdminServer server;
  private final LiveRun run;

  private final Scrapes scrapes;

  private LabMetrics(AdminServer server, LiveRun run, Scrapes scrapes) {
    this.server = server;
    this.run = run;
    this.scrapes = scrapes;
  }

  /**
   * Opens the port for one run, which has not begun.
   *
   * @param port 0 for a free one
   * @throws IOException if it is taken
   */
  public static LabMetrics open(int port) throws IOException {
    return open(port, LiveRun.idle());
  }

  static LabMetrics open(int port, LiveRun run) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    register(registry, run);
    registerFindings(registry, run);
    Scrapes scrapes = new Scrapes();
    CounterWithCallback.builder()
        .name("millrace_lab_scrapes_total")
        .help("Times the lab's metrics were read; a run waits a little for the last of them")
        .callback(callback -> callback.call((double) scrapes.count()))
        .register(registry);
    return new LabMetrics(
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            registry,
            () -> Health.OK,
            Map.of(TARGETS, AdminServer.json(() -> targets(run)))),
        run,
        scrapes);
  }

  /** What is shown. */
  LiveRun run() {
    return run;
  }

  /** Where it is scraped. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
  }

  /**
   * Closes the port; after a verdict, once whoever scrapes it has had the time to see that, and
   * that the server is gone, at most {@value #LAST_SCRAPES_SECONDS} s.
   */
  @Override
  public void close() {
    run.serverGone();
    if (run.found().isPresent()) {
      scrapes.awaitTheLast();
    }
    server.close();
  }

  /**
   * Where the server under test is scraped, for Prometheus's discovery over HTTP. The label tells
   * it from a server that nobody kills on purpose; Prometheus keeps the target of a run that was
   * broken off.
   */
  private static String targets(LiveRun run) {
    return run.serverAdmin()
        .map(
            admin ->
                "[{\"targets\":[\"%s\"],\"labels\":{\"under_test\":\"yes\"}}]"
                    .formatted(admin.getAuthority()))
        .orElse("[]");
  }

  /** Who reads us: a run should not take its verdict away before a Prometheus has seen it. */
  private static final class Scrapes {

    // Guarded by this.
    private long count;
    private long lastAtNs;

    synchronized long count() {
      count++;
      lastAtNs = System.nanoTime();
      notifyAll();
      return count;
    }

    /** Waits for two more, if there have been some lately. */
    synchronized void awaitTheLast() {
      long startedNs = System.nanoTime();
      long endNs = startedNs + TimeUnit.SECONDS.toNanos(LAST_SCRAPES_SECONDS);
      long until = count + 2;
      if (count < 2 || startedNs - lastAtNs > TimeUnit.SECONDS.toNanos(LAST_SCRAPES_SECONDS)) {
        return;
      }
      try {
        while (count < until && System.nanoTime() < endNs) {
          TimeUnit.NANOSECONDS.timedWait(this, endNs - System.nanoTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void register(PrometheusRegistry registry, LiveRun run) {
    CounterWithCallback.builder()
        .name("millrace_lab_orders_due_total")
        .help("Orders the schedule has set an instant for that has passed")
        .callback(callback -> callback.call((double) run.load().due()))
        .register(registry);
    tally(registry, run, "sends", "Send attempts", LiveFigures::sends);
    tally(registry, run, "polls", "Receive requests", LiveFigures::polls);
    tally(registry, run, "deletes", "Deletes of one message", LiveFigures::deletes);
    CounterWithCallback.builder()
        .name("millrace_lab_deliveries_total")
        .help("Messages received, repeats included")
        .callback(callback -> callback.call((double) run.load().figures().deliveries()))
        .register(registry);
    CounterWithCallback.builder()
        .name("millrace_lab_repeats_total")
        .help("Messages received with a receive count above one")
        .callback(callback -> callback.call((double) run.load().figures().repeats()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_backlog_messages")
        .help("Orders due and not yet received and deleted")
        .callback(callback -> callback.call((double) run.load().backlog()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_intended_rate")
        .help("Orders due a second, over the last second")
        .callback(callback -> callback.call(run.lastSecond().intendedPerSecond()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_achieved_rate")
        .help("Sends acknowledged a second, over the last second")
        .callback(callback -> callback.call(run.lastSecond().achievedPerSecond()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_publish_seconds")
        .help("Publish latency over the last second, corrected: from the intended instant")
        .labelNames("quantile")
        .callback(
            callback -> {
              LiveRun.LastSecond last = run.lastSecond();
              for (double quantile : QUANTILES) {
                last.publishMs(quantile * 100)
                    .ifPresent(ms -> callback.call(ms / MS_PER_SECOND, Double.toString(quantile)));
              }
            })
        .register(registry);
    registerFaults(registry, run);
    GaugeWithCallback.builder()
        .name("millrace_lab_phase")
        .help("1 for the phase the run is in")
        .labelNames("phase")
        .callback(
            callback -> {
              for (LivePhase phase : LivePhase.values()) {
                callback.call(phase == run.phase() ? 1 : 0, phase.words());
              }
            })
        .register(registry);
  }

  private static void registerFaults(PrometheusRegistry registry, LiveRun run) {
    GaugeWithCallback.builder()
        .name("millrace_lab_fault_active")
        .help("1 while a kind of fault is in force; for a kill, while the server is down")
        .labelNames("kind", "target")
        .callback(
            callback ->
                run.faults()
                    .active()
                    .forEach(
                        (kind, active) ->
                            callback.call(active ? 1 : 0, kind.label(), target(kind))))
        .register(registry);
    CounterWithCallback.builder()
        .name("millrace_lab_faults_fired_total")
        .help("Faults whose effect was seen")
        .labelNames("kind")
        .callback(
            callback ->
                run.faults()
                    .fired()
                    .forEach((kind, fired) -> callback.call((double) fired, kind.label())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_invariant_verdict")
        .help("1 for the verdict on an invariant; unknown until the history is checked")
        .labelNames("invariant", "verdict")
        .callback(
            callback -> {
              Map<String, String> verdicts = run.verdicts();
              for (Invariant invariant : Invariant.values()) {
                String verdict = verdicts.getOrDefault(invariant.label(), NOT_JUDGED);
                for (String each : VERDICTS) {
                  callback.call(each.equals(verdict) ? 1 : 0, invariant.label(), each);
                }
              }
            })
        .register(registry);
  }

  private static String target(FaultKind kind) {
    return kind == FaultKind.KILL ? "server" : "queue";
  }

  private static void registerFindings(PrometheusRegistry registry, LiveRun run) {
    registry.register(() -> published(run.published()));
    GaugeWithCallback.builder()
        .name("millrace_lab_hiccup_seconds")
        .help("Longest stall of the lab's own process in the last second: noise, not the queue's")
        .callback(callback -> callback.call(run.hiccupNs() / NS_PER_SECOND))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_check_lag_seconds")
        .help("How much of the run's history the check has not judged; it begins after the drain")
        .callback(callback -> callback.call(run.checkLagNs() / NS_PER_SECOND))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_found_messages")
        .help(
            "Messages the check found lost, or deliveries it found wrong; absent before the check")
        .labelNames("what")
        .callback(
            callback ->
                run.found()
                    .ifPresent(
                        found -> {
                          callback.call((double) found.counts().lost(), "lost");
                          callback.call((double) found.duplicates(), "duplicated");
                          callback.call((double) found.counts().corrupted(), "corrupted");
                          callback.call((double) found.counts().invented(), "invented");
                          callback.call(
                              (double) found.counts().receivedAfterDelete(), "resurrected");
                        }))
        .register(registry);
    GaugeWithCallback.builder()
        .name("millrace_lab_inversion_ratio")
        .help("Of pairs of messages, how many came in the other order; absent before the check")
        .callback(callback -> run.found().ifPresent(found -> callback.call(found.inversionRatio())))
        .register(registry);
  }

  /** HdrHistogram's counts as a classic histogram. */
  private static HistogramSnapshot published(Histogram nanos) {
    long[] counts = new long[PUBLISH_SECONDS.length];
    double sum = 0;
    int bucket = 0;
    for (HistogramIterationValue value : nanos.recordedValues()) {
      double seconds = nanos.medianEquivalentValue(value.getValueIteratedTo()) / NS_PER_SECOND;
      while (seconds > PUBLISH_SECONDS[bucket]) {
        bucket++;
      }
      counts[bucket] += value.getCountAtValueIteratedTo();
      sum += seconds * value.getCountAtValueIteratedTo();
    }
    return HistogramSnapshot.builder()
        .name("millrace_lab_publish_duration_seconds")
        .help("Publish latency, corrected: from the intended instant to the acknowledgement")
        .unit(Unit.SECONDS)
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(PUBLISH_SECONDS, counts))
                .sum(sum)
                .build())
        .build();
  }

  private static void tally(
      PrometheusRegistry registry,
      LiveRun run,
      String what,
      String help,
      Function<LiveFigures, LiveFigures.Tally> tally) {
    CounterWithCallback.builder()
        .name("millrace_lab_" + what + "_total")
        .help(help + " by ending; unknown is what nobody learnt the outcome of")
        .labelNames("ending")
        .callback(
            callback -> {
              LiveFigures.Tally now = tally.apply(run.load().figures());
              callback.call((double) now.ok(), "ok");
              callback.call((double) now.fail(), "fail");
              callback.call((double) now.unknown(), "unknown");
            })
        .register(registry);
  }
}
