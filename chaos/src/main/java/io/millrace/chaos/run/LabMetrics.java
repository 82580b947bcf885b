package io.millrace.chaos.run;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.Health;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The lab's own metrics on loopback while a run goes on, beside the server's: what was due, what
 * was done, the phase, the faults in force, the latency of the last second, the verdicts once there
 * are any. Read from the live figures at each scrape; nothing is counted twice.
 */
public final class LabMetrics implements AutoCloseable {

  /** Where a Prometheus beside the lab looks for it. */
  public static final int DEFAULT_PORT = 9326;

  private static final double MS_PER_SECOND = 1e3;
  private static final double[] QUANTILES = {0.5, 0.99, 0.999, 1};
  private static final String NOT_JUDGED = "unknown";
  private static final List<String> VERDICTS = List.of("valid", "invalid", NOT_JUDGED);

  private final AdminServer server;
  private final LiveRun run;

  private LabMetrics(AdminServer server, LiveRun run) {
    this.server = server;
    this.run = run;
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
    return new LabMetrics(
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            registry,
            () -> Health.OK,
            Map.of()),
        run);
  }

  /** What is shown. */
  LiveRun run() {
    return run;
  }

  /** Where it is scraped. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
  }

  @Override
  public void close() {
    server.close();
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
        .labelNames("kind")
        .callback(
            callback ->
                run.faults()
                    .active()
                    .forEach((kind, active) -> callback.call(active ? 1 : 0, kind.label())))
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
