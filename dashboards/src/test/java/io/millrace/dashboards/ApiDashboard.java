package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.heatmap;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.movingRateBy;
import static io.millrace.dashboards.Query.quantile;
import static io.millrace.dashboards.Query.quantileBy;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.rateBy;
import static io.millrace.dashboards.Query.share;
import static io.millrace.dashboards.Query.sum;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import io.millrace.engine.telemetry.MetricNames;
import java.util.List;

/** The endpoint by rate, errors and duration. */
final class ApiDashboard {

  private static final double FAST_SECONDS = 0.01;

  private ApiDashboard() {}

  static Dashboard build() {
    return Dashboard.ofServers(
        "api",
        "API",
        "Requests by rate, errors and duration, and the connections they come on.",
        List.of(),
        List.of(
            new Row("", 4, List.of(requests(), serverErrors(), p99(), connections())),
            new Row("Rate and errors", 8, List.of(byAction(), errors())),
            new Row("Duration", 9, List.of(heat(), quantiles())),
            new Row("", 8, List.of(p99ByAction(), p999ByAction())),
            new Row("Waiting", 8, List.of(polls(), pollTime())),
            new Row("Connections", 8, List.of(open(), turnedAway(), throttled()))));
  }

  private static Panel requests() {
    return stat("Requests", "reqps", new Target(rate(MetricNames.API_REQUESTS), "requests"))
        .means("Requests answered a second, all actions.")
        .whatToDo("if it drops unasked, look at the connections, then at the callers.");
  }

  private static Panel serverErrors() {
    return stat(
            "Server errors",
            "percentunit",
            new Target(
                share(
                    rate(MetricNames.API_ERRORS, "code=~\"InternalFailure|ServiceUnavailable\""),
                    rate(MetricNames.API_REQUESTS)),
                "errors"))
        .means("Share of requests that failed through no fault of the caller.")
        .whatToDo("look at the server's log, then at the disk's room and its forces.")
        .whenEmpty("no requests")
        .watchFrom(0.0001)
        .badFrom(0.001);
  }

  private static Panel p99() {
    return stat(
            "p99, all actions", "s", new Target(quantile(0.99, MetricNames.API_DURATION), "p99"))
        .means("99 of 100 requests took at most this; receives held for a message left out.")
        .whatToDo("above 10 ms, see below which action, then the storage dashboard.")
        .whenEmpty("no requests")
        .badFrom(FAST_SECONDS);
  }

  private static Panel connections() {
    return stat("Connections open", "short", new Target(sum(MetricNames.CONNECTIONS_OPEN), "open"))
        .means("Connections to the endpoint that are open now.")
        .whatToDo("near the bound new ones get 503: pool connections, or raise the bound.");
  }

  private static Panel byAction() {
    return lines(
            "Requests by action",
            "reqps",
            new Target(movingRateBy("action", MetricNames.API_REQUESTS), "{{action}}"))
        .means("Requests answered a second.")
        .whatToDo("compare receives with messages received: many requests a message waste work.")
        .whenEmpty("no requests");
  }

  private static Panel errors() {
    return lines(
            "Errors by action and code",
            "reqps",
            new Target(movingRateBy("action, code", MetricNames.API_ERRORS), "{{action}} {{code}}"))
        .means("Requests answered with an error a second, the callers' mistakes included.")
        .whatToDo(
            "ServiceUnavailable is a throttle: inbox or disk full; OverLimit: too much in flight;"
                + " ReceiptHandleIsInvalid: deletes with a wrong handle.")
        .whenEmpty("no errors");
  }

  private static Panel heat() {
    return heatmap("Duration, all actions", "s", MetricNames.API_DURATION)
        .means("How many requests took how long, from last byte in to answer out.")
        .whatToDo("a second band above the first is a second cause: compare with the forces.");
  }

  private static Panel quantiles() {
    return lines(
            "Duration, quantiles over all actions",
            "s",
            new Target(quantile(0.5, MetricNames.API_DURATION), "p50"),
            new Target(quantile(0.9, MetricNames.API_DURATION), "p90"),
            new Target(quantile(0.99, MetricNames.API_DURATION), "p99"),
            new Target(quantile(0.999, MetricNames.API_DURATION), "p99.9").withExemplars())
        .means(
            "The same as lines. Quantiles are interpolated within a bucket. Points are requests that"
                + " came with a sampled trace.")
        .whatToDo("p50 up: load or disk; only p99.9 up: pauses, see the JVM dashboard.")
        .whenEmpty("no requests")
        .badFrom(FAST_SECONDS);
  }

  private static Panel p99ByAction() {
    return lines(
            "p99 by action",
            "s",
            new Target(quantileBy("action", 0.99, MetricNames.API_DURATION), "{{action}}"))
        .means("99 of 100 requests of an action took at most this.")
        .whatToDo("one action slow: its batches and bodies; all slow: the disk or the CPU.")
        .whenEmpty("no requests")
        .badFrom(FAST_SECONDS);
  }

  private static Panel p999ByAction() {
    return lines(
            "p99.9 by action",
            "s",
            new Target(quantileBy("action", 0.999, MetricNames.API_DURATION), "{{action}}"))
        .means("999 of 1,000 requests of an action took at most this: the service level.")
        .whatToDo("above 10 ms the error budget burns; find the pauses or the slow forces.")
        .whenEmpty("no requests")
        .badFrom(FAST_SECONDS);
  }

  private static Panel polls() {
    return lines(
            "Long polls waiting",
            "short",
            new Target(sum(MetricNames.LONG_POLLS_WAITING), "waiting"))
        .means("Receives that wait for a message now.")
        .whatToDo("0 with a backlog means that no consumer is there.");
  }

  private static Panel pollTime() {
    return heatmap("Time of long polls", "s", MetricNames.API_LONG_POLL_DURATION)
        .means("How long receives were held that found nothing at first.")
        .whatToDo("above 21 s the server is late with its answers: look at its CPU.");
  }

  private static Panel open() {
    return lines(
            "Connections, open and new",
            "short",
            new Target(sum(MetricNames.CONNECTIONS_OPEN), "open"),
            new Target(rate(MetricNames.CONNECTIONS_ACCEPTED), "accepted a second"))
        .means("Connections now, and new ones a second.")
        .whatToDo("many new ones a second: clients do not keep connections alive.");
  }

  private static Panel turnedAway() {
    return lines(
            "Connections and requests refused",
            "cps",
            new Target(rate(MetricNames.CONNECTIONS_TURNED_AWAY), "turned away"),
            new Target(rate(MetricNames.CONNECTIONS_TIMED_OUT), "too slow"),
            new Target(rate(MetricNames.CONNECTIONS_REFUSED_REQUESTS), "not understood"),
            new Target(rate(MetricNames.CANCELLED_POLLS), "polls given up"),
            new Target(rate(MetricNames.SHARD_REFUSED), "throttled"))
        .means("What was refused before or instead of being done, and polls their callers left.")
        .whatToDo(
            "turned away: too many connections; throttled: inbox or disk full; not understood:"
                + " something else than an SDK calls.");
  }

  private static Panel throttled() {
    return lines(
            "Told to come again later",
            "cps",
            new Target(
                rateBy(MetricNames.CAUSE, MetricNames.API_THROTTLED),
                "{{" + MetricNames.CAUSE + "}}"),
            new Target(rate(MetricNames.ACCESS_LOG_DROPPED), "lines left out of the access log"))
        .means(
            "Requests refused for now, by what had reached its bound; and lines the access log could"
                + " not keep up with.")
        .whatToDo(
            "connections: pool them; input and output: smaller or fewer batches at once; service:"
                + " the shard's inbox or the disk is full. Lines left out: the log's disk is slow or"
                + " full.");
  }
}
