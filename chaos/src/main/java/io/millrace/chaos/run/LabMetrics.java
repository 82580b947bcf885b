package io.millrace.chaos.run;

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
import java.util.Map;
import java.util.function.Function;

/**
 * The lab's own metrics on loopback while a run goes on, beside the server's: what was due, what
 * was done, the phase, the p99 of the last second. Read from the live figures at each scrape;
 * nothing is counted twice.
 */
final class LabMetrics implements AutoCloseable {

  private static final double MS_PER_SECOND = 1e3;

  private final AdminServer server;

  private LabMetrics(AdminServer server) {
    this.server = server;
  }

  /**
   * Opens the port.
   *
   * @param port 0 for a free one
   * @throws IOException if it is taken
   */
  static LabMetrics open(int port, LiveRun run) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    register(registry, run);
    return new LabMetrics(
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            registry,
            () -> Health.OK,
            Map.of()));
  }

  /** Where it is scraped. */
  URI uri() {
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
        .name("millrace_lab_publish_p99_seconds")
        .help("99th percentile of publish latency, from the intended instant, over the last second")
        .callback(
            callback -> run.publishP99Ms().ifPresent(value -> callback.call(value / MS_PER_SECOND)))
        .register(registry);
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
