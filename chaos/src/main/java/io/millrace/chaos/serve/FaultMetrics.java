package io.millrace.chaos.serve;

import io.millrace.chaos.policy.FaultLog;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code millrace_chaos_faults_total{kind,queue}}: faults that fired. The first {@value
 * #QUEUES_MAX} queues have series of their own, the rest is one, {@code _other}.
 */
final class FaultMetrics {

  private static final int QUEUES_MAX = 100;
  private static final String OTHER = "_other";

  private final FaultLog log;

  /** Guarded by this; it only grows, so that no counter ever falls. */
  private final Set<String> shown = new LinkedHashSet<>();

  private FaultMetrics(FaultLog log) {
    this.log = log;
  }

  static void register(FaultLog log, PrometheusRegistry registry) {
    FaultMetrics metrics = new FaultMetrics(log);
    CounterWithCallback.builder()
        .name("millrace_chaos_faults_total")
        .help("Faults of serve --chaos whose effect was seen.")
        .labelNames("kind", "queue")
        .callback(
            callback ->
                metrics
                    .fired()
                    .forEach(
                        (key, fired) ->
                            callback.call((double) fired, key.kind().wireName(), key.queue())))
        .register(registry);
  }

  private synchronized Map<FaultLog.Key, Long> fired() {
    Map<FaultLog.Key, Long> fired = new TreeMap<>();
    log.counts()
        .forEach(
            (key, count) -> {
              if (shown.size() < QUEUES_MAX) {
                shown.add(key.queue());
              }
              String queue = shown.contains(key.queue()) ? key.queue() : OTHER;
              fired.merge(new FaultLog.Key(key.kind(), queue), count.fired(), Long::sum);
            });
    return fired;
  }
}
