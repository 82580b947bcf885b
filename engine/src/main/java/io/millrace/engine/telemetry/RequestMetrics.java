package io.millrace.engine.telemetry;

import io.millrace.engine.sqs.ErrorCode;
<<<<<<< HEAD
import io.millrace.engine.sqs.Request;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
=======
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.RequestObserver;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
>>>>>>> helper/telemetry

/**
 * Counts and times the endpoint's requests by action and error code. Hot: called once a request on
 * the endpoint's threads; allocates nothing, but for the first error of a code under an action.
 *
<<<<<<< HEAD
 * <p>Actions and codes are the closed sets of the vocabulary. Whatever else a caller names is
 * counted under {@link MetricNames#OTHER}, so no caller can grow the number of series.
 *
 * <p>A receive that waited for a message took as long as its caller asked it to. Its time goes into
 * a histogram of its own and never into the latency of the endpoint.
 */
public final class RequestMetrics {

  private static final double SECONDS_PER_NANO = 1e-9;

  private static final Set<String> ERROR_CODES =
      Arrays.stream(ErrorCode.values())
          .map(ErrorCode::shape)
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, ActionSeries> byAction = new HashMap<>();
  private final ActionSeries otherAction;
  private final DistributionDataPoint longPollSeconds;
  private final Counter errors;

  RequestMetrics(PrometheusRegistry registry) {
    Counter requests =
        Counter.builder()
            .name(MetricNames.API_REQUESTS)
            .help("Requests answered, errors and long polls included.")
            .labelNames(MetricNames.ACTION)
            .withoutExemplars()
            .register(registry);
    errors =
        Counter.builder()
            .name(MetricNames.API_ERRORS)
            .help("Requests answered with an error.")
            .labelNames(MetricNames.ACTION, MetricNames.CODE)
            .withoutExemplars()
            .register(registry);
    Histogram seconds =
        Histogram.builder()
            .name(MetricNames.API_DURATION)
            .help("Time from a request's arrival to its reply; receives that waited are left out.")
            .unit(Unit.SECONDS)
            .labelNames(MetricNames.ACTION)
            .classicOnly()
            .classicUpperBounds(Bounds.REQUEST_SECONDS)
            .withoutExemplars()
            .register(registry);
    longPollSeconds =
        Histogram.builder()
            .name(MetricNames.API_LONG_POLL_DURATION)
            .help("Time of receives that waited for a message, from arrival to reply.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(Bounds.LONG_POLL_SECONDS)
            .withoutExemplars()
            .register(registry);
    otherAction = new ActionSeries(MetricNames.OTHER, requests, seconds);
    actions(Request.class)
        .forEach(action -> byAction.put(action, new ActionSeries(action, requests, seconds)));
  }

  /** The names of all actions: each is a record of the vocabulary. */
  private static Stream<String> actions(Class<?> request) {
    return request.isRecord()
        ? Stream.of(request.getSimpleName())
        : Arrays.stream(request.getPermittedSubclasses()).flatMap(RequestMetrics::actions);
  }

  /**
   * One request was answered.
   *
   * @param action the SQS action, as {@code SendMessage}
   * @param errorCode the error's shape, empty for success
   * @param nanos from the request's arrival to its reply
   * @param waited whether it was a receive that waited for a message
   */
  public void observed(String action, String errorCode, long nanos, boolean waited) {
    ActionSeries series = byAction.get(action);
    if (series == null) {
      series = otherAction;
    }
    series.requests.inc();
    if (!errorCode.isEmpty()) {
      series.error(errorCode).inc();
    }
    if (waited) {
      longPollSeconds.observe(nanos * SECONDS_PER_NANO);
    } else {
      series.seconds.observe(nanos * SECONDS_PER_NANO);
    }
  }

  /** One action's data points, looked up once: looking them up by label allocates 80 bytes. */
  private final class ActionSeries {

    private final String action;
    private final CounterDataPoint requests;
    private final DistributionDataPoint seconds;
    private final Map<String, CounterDataPoint> errorsByCode = new ConcurrentHashMap<>();

    ActionSeries(String action, Counter requests, Histogram seconds) {
      this.action = action;
      this.requests = requests.labelValues(action);
      this.seconds = seconds.labelValues(action);
=======
 * <p>A receive that waited for a message took as long as its caller asked it to. Its time goes into
 * a histogram of its own and never into the latency of the endpoint.
 */
final class RequestMetrics implements RequestObserver {

  private final Map<Action, ActionCounts> byAction = new EnumMap<>(Action.class);
  private final Buckets longPollTimes =
      new Buckets(Bounds.LONG_POLL_SECONDS, Buckets.NANOS_PER_SECOND);

  RequestMetrics() {
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
    registry.register(this::times);
    registry.register(
        () ->
            HistogramSnapshot.builder()
                .name(MetricNames.API_LONG_POLL_DURATION)
                .help("Time of receives that waited for a message, from last byte to answer.")
                .unit(Unit.SECONDS)
                .dataPoint(longPollTimes.snapshot(Labels.EMPTY))
                .build());
  }

  private HistogramSnapshot times() {
    HistogramSnapshot.Builder family =
        HistogramSnapshot.builder()
            .name(MetricNames.API_DURATION)
            .help("Time from a request's last byte to its answer; waiting receives are left out.")
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
  }

  /** One action's numbers. */
  private static final class ActionCounts {

    private final LongAdder requests = new LongAdder();
    private final Buckets times = new Buckets(Bounds.REQUEST_SECONDS, Buckets.NANOS_PER_SECOND);
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();

    ActionCounts() {
>>>>>>> helper/telemetry
      // The service's own failures exist from the start: a rate cannot see a series' first sample,
      // and the first failure is the one an alert is for.
      for (ErrorCode code : ErrorCode.values()) {
        if (!code.senderFault()) {
<<<<<<< HEAD
          error(code.shape());
=======
          errors.put(code, new LongAdder());
>>>>>>> helper/telemetry
        }
      }
    }

<<<<<<< HEAD
    CounterDataPoint error(String code) {
      CounterDataPoint point = errorsByCode.get(code);
      if (point == null) {
        String known = ERROR_CODES.contains(code) ? code : MetricNames.OTHER;
        point = errors.labelValues(action, known);
        if (known.equals(code)) {
          errorsByCode.put(code, point);
        }
      }
      return point;
=======
    LongAdder error(ErrorCode code) {
      return errors.computeIfAbsent(code, first -> new LongAdder());
>>>>>>> helper/telemetry
    }
  }
}
