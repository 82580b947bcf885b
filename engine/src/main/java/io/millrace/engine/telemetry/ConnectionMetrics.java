package io.millrace.engine.telemetry;

import io.millrace.engine.wire.ConnectionCounters;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Shows what the endpoint's connections did, read from its own counters when scraped. */
final class ConnectionMetrics {

  private ConnectionMetrics() {}

  static void register(ConnectionCounters connections, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name(MetricNames.CONNECTIONS_OPEN)
        .help("Connections to the endpoint open now.")
        .callback(callback -> callback.call(connections.open()))
        .register(registry);
    total(
        MetricNames.CONNECTIONS_ACCEPTED,
        "Connections accepted, those turned away included.",
        connections.accepted,
        registry);
    total(
        MetricNames.CONNECTIONS_TURNED_AWAY,
        "Connections answered with 503 because too many were open.",
        connections.turnedAway,
        registry);
    total(
        MetricNames.CONNECTIONS_TIMED_OUT,
        "Connections closed because a request came too slowly.",
        connections.timedOut,
        registry);
    total(
        MetricNames.CONNECTIONS_REFUSED_REQUESTS,
        "Requests refused before their action was known: no HTTP, too long, wrong method.",
        connections.refused,
        registry);
    total(
        MetricNames.CANCELLED_POLLS,
        "Polls withdrawn because their connection closed.",
        connections.cancelledPolls,
        registry);
  }

  private static void total(
      String name, String help, LongAdder counter, PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) counter.sum()))
        .register(registry);
  }
}
