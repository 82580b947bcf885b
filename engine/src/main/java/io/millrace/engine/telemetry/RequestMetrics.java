package io.millrace.engine.telemetry;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.AnsweredRequest;
import io.millrace.engine.wire.RequestObserver;
import io.millrace.engine.wire.Throttle;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and times the endpoint's requests by action and error code. Hot: called once a request on
 * the endpoint's threads; allocates nothing, but for the first error of a code under an action.
 *
 * <p>A receive that was held for a message took as long as none came. Its time goes into a
 * histogram of its own and never into the latency of the endpoint; one that was allowed to wait and
 * had no need to counts like any other.
 *
 * <p>A request with a sampled trace becomes the example of its bucket, at most one a bucket and
 * second: from a slow bucket one click leads to a trace that shows why.
 */
final class RequestMetrics implements RequestObserver {

  private final Map<Action, ActionCounts> byAction = new EnumMap<>(Action.class);
  private final Buckets longPollTimes =
      new Buckets(Bounds.LONG_POLL_SECONDS, Buckets.NANOS_PER_SECOND);

  private final Map<Throttle, LongAdder> throttled = new EnumMap<>(Throttle.class);

  /** Tells when an example was seen; read only for requests with a trace. */
  private final InstantSource clock;

  RequestMetrics(InstantSource clock) {
    this.clock = clock;
    for (Throttle cause : Throttle.values()) {
      throttled.put(cause, new LongAdder());
    }
    for (Action action : Action.values()) {
      byAction.put(action, new ActionCounts());
    }
  }

  void register(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name(MetricNames.API_REQUESTS)
        .help("Requests answered, errors and long polls included.")
        .labelNames(MetricNames.ACTION)
        .callback(
            callback ->
                byAction.forEach(
                    (action, counts) ->
                        callback.call((double) counts.requests.sum(), action.wireName())))
        .register(registry);
    CounterWithCallback.builder()
        .name(MetricNames.API_ERRORS)
        .help("Requests answered with an error; failed entries of a batch are none.")
        .labelNames(MetricNames.ACTION, MetricNames.CODE)
        .callback(
            callback ->
                byAction.forEach(
                    (action, counts) ->
                        counts.errors.forEach(
                            (code, errors) ->
                                callback.call(
                                    (double) errors.sum(), action.wireName(), code.shape()))))
        .register(registry);
    CounterWithCallback.builder()
        .name(MetricNames.API_THROTTLED)
        .help("Requests told to come again later, by what had reached its bound.")
        .labelNames(MetricNames.CAUSE)
        .callback(
            callback ->
                throttled.forEach(
                    (cause, requests) -> callback.call((double) requests.sum(), cause.label())))
        .register(registry);
    registry.register(this::times);
    registry.register(
        () ->
            HistogramSnapshot.builder()
                .name(MetricNames.API_LONG_POLL_DURATION)
                .help("Time of receives that were held for a message, from last byte to answer.")
                .unit(Unit.SECONDS)
                .dataPoint(longPollTimes.snapshot(Labels.EMPTY))
                .build());
  }

  private HistogramSnapshot times() {
    HistogramSnapshot.Builder family =
        HistogramSnapshot.builder()
            .name(MetricNames.API_DURATION)
            .help(
                "Time from a request's last byte to its answer; receives held for a message are left out.")
            .unit(Unit.SECONDS);
    byAction.forEach(
        (action, counts) ->
            family.dataPoint(
                counts.times.snapshot(Labels.of(MetricNames.ACTION, action.wireName()))));
    return family.build();
  }

  @Override
  public void observed(Action action, Optional<ErrorCode> error, long nanos, boolean waitedPoll) {
    ActionCounts counts = Objects.requireNonNull(byAction.get(action));
    counts.requests.increment();
    if (error.isPresent()) {
      counts.error(error.get()).increment();
    }
    Buckets times = waitedPoll ? longPollTimes : counts.times;
    times.observe(nanos);
    FlightEvents.request(action, error, nanos, waitedPoll);
  }

  @Override
  public void answered(AnsweredRequest request, long nanos, int answerBytes) {
    RequestObserver.super.answered(request, nanos, answerBytes);
    if (request.status() != 200) {
      request
          .throttle()
          .ifPresent(cause -> Objects.requireNonNull(throttled.get(cause)).increment());
    }
    if (request.refusedAsHttp() || request.trace().isEmpty()) {
      return;
    }
    ActionCounts counts = Objects.requireNonNull(byAction.get(request.action()));
    Buckets times = request.heldPoll() ? longPollTimes : counts.times;
    times.exemplify(nanos, clock.millis(), () -> TraceId.of(request.trace()).exemplar());
  }

  /** One action's numbers. */
  private static final class ActionCounts {

    private final LongAdder requests = new LongAdder();
    private final Buckets times = new Buckets(Bounds.REQUEST_SECONDS, Buckets.NANOS_PER_SECOND);
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();

    ActionCounts() {
      // The service's own failures exist from the start: a rate cannot see a series' first sample,
      // and the first failure is the one an alert is for.
      for (ErrorCode code : ErrorCode.values()) {
        if (!code.senderFault()) {
          errors.put(code, new LongAdder());
        }
      }
    }

    LongAdder error(ErrorCode code) {
      return errors.computeIfAbsent(code, first -> new LongAdder());
    }
  }
}
