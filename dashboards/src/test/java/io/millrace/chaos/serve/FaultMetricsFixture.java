package io.millrace.chaos.serve;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.Mishap;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Lets tests of other rooms read what a server with faults adds to its metrics. */
public final class FaultMetricsFixture {

  private FaultMetricsFixture() {}

  /** Adds it, with one fault that fired. */
  public static void register(PrometheusRegistry registry) {
    FaultLog log = new FaultLog();
    log.fired(Mishap.DUPLICATE_NOW, "orders", "a message", "");
    FaultMetrics.register(log, registry);
  }
}
