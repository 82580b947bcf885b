package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.heatmap;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.max;
import static io.millrace.dashboards.Query.maxBy;
import static io.millrace.dashboards.Query.movingRateBy;
import static io.millrace.dashboards.Query.quantile;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.share;
import static io.millrace.dashboards.Query.sum;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import java.util.List;

/** What a run asks of a queue, and what its clients feel. */
final class BenchmarkDashboard {

  private static final String DURATION = "millrace_lab_publish_duration_seconds";

  private BenchmarkDashboard() {}

  static Dashboard build() {
    return Dashboard.ofLab(
        "benchmark",
        "Benchmark lab",
        "A run of the lab as its clients see it: rates, corrected latency, and the noise of the host.",
        List.of(
            new Row(
                "", 4, List.of(intended(), achieved(), p99(), fast(), backlogNow(), hiccupNow())),
            new Row("Rates", 8, List.of(rates(), endings())),
            new Row("Publish latency, from the intended instant", 9, List.of(heat(), quantiles())),
            new Row("", 8, List.of(lastSecond(), hiccup())),
            new Row("Backlog and polls", 8, List.of(backlog(), polls()))));
  }

  private static Panel intended() {
    return stat("Due", "cps", new Target(sum("millrace_lab_intended_rate"), "due"))
        .means("Messages the schedule set an instant for, a second. It waits for nobody.")
        .whatToDo("nothing: it is what was asked for with --rate.")
        .whenEmpty("no run");
  }

  private static Panel achieved() {
    return stat(
            "Acknowledged", "cps", new Target(sum("millrace_lab_achieved_rate"), "acknowledged"))
        .means("Sends the queue said yes to, a second.")
        .whatToDo("below what is due, the queue does not keep pace: see the server's dashboards.")
        .whenEmpty("no run");
  }

  private static Panel p99() {
    return stat("Publish p99", "s", new Target(quantile(0.99, DURATION), "p99"))
        .means("99 of 100 sends were acknowledged within this, from the instant they were due.")
        .whatToDo("above 10 ms, compare with the hiccup: the host may be at fault.")
        .whenEmpty("no sends")
        .badFrom(0.01);
  }

  private static Panel fast() {
    return stat(
            "Within 10 ms",
            "percentunit",
            new Target(
                share(rate(DURATION + "_bucket", "le=\"0.01\""), rate(DURATION + "_count")),
                "within 10 ms"))
        .means("Share of sends acknowledged within 10 ms of the instant they were due.")
        .whatToDo("below 99.9 %, read the run's report: it tells the host's noise apart.")
        .whenEmpty("no sends")
        .decimals(3)
        .badBelow(0.999);
  }

  private static Panel backlogNow() {
    return stat("Backlog", "short", new Target(sum("millrace_lab_backlog_messages"), "backlog"))
        .means("Messages due and not yet received and deleted.")
        .whatToDo("growing in the steady phase: the rate is above what the queue can do.")
        .whenEmpty("no run");
  }

  private static Panel hiccupNow() {
    return stat("Hiccup", "s", new Target(max("millrace_lab_hiccup_seconds"), "worst in a second"))
        .means("Longest stall of the lab's own process in the last second.")
        .whatToDo("above a few ms the host is too busy to measure 10 ms: stop what else runs.")
        .whenEmpty("no run")
        .watchFrom(0.002)
        .badFrom(0.01);
  }

  private static Panel rates() {
    return lines(
            "Due and acknowledged",
            "cps",
            new Target(sum("millrace_lab_intended_rate"), "due"),
            new Target(sum("millrace_lab_achieved_rate"), "acknowledged"),
            new Target(rate("millrace_lab_orders_due_total"), "due, mean"))
        .means("What the schedule asked for, and what the queue took, a second.")
        .whatToDo("a dip that is made up for later is an outage; one that is not is a limit.")
        .whenEmpty("no run");
  }

  private static Panel endings() {
    return lines(
            "Sends by ending",
            "cps",
            new Target(movingRateBy("ending", "millrace_lab_sends_total"), "{{ending}}"))
        .means("Sends that ended well, surely not, or with nobody knowing.")
        .whatToDo("`unknown` ones are what a crash or a lost answer leaves: the check sorts them.")
        .whenEmpty("no sends");
  }

  private static Panel heat() {
    return heatmap("Publish latency", "s", DURATION)
        .means("How many sends took how long, corrected for the wait before they were sent.")
        .whatToDo("slanted stripes are a queue behind a stall; read their upper edge.");
  }

  private static Panel quantiles() {
    return lines(
            "Publish latency, quantiles",
            "s",
            new Target(quantile(0.5, DURATION), "p50"),
            new Target(quantile(0.99, DURATION), "p99"),
            new Target(quantile(0.999, DURATION), "p99.9"))
        .means("The same as lines, interpolated within buckets; the report has them exactly.")
        .whatToDo("compare the phases: a fault's window should show, the steady phase not.")
        .whenEmpty("no sends")
        .badFrom(0.01);
  }

  private static Panel lastSecond() {
    return lines(
            "Publish latency of each second, exact",
            "s",
            new Target(maxBy("quantile", "millrace_lab_publish_seconds"), "{{quantile}}"))
        .means("Quantiles of each second by themselves, from the clients' own histogram.")
        .whatToDo("do not average them: for longer times read the panel beside the heat map.")
        .whenEmpty("no sends")
        .badFrom(0.01);
  }

  private static Panel hiccup() {
    return lines(
            "Stalls of the lab's process",
            "s",
            new Target(max("millrace_lab_hiccup_seconds"), "worst in a second"))
        .means("How late a thread woke that asked to sleep a millisecond: collections, a busy CPU.")
        .whatToDo("where it rises with the latency, the queue is not to blame.")
        .whenEmpty("no run")
        .badFrom(0.01);
  }

  private static Panel backlog() {
    return lines(
            "Messages due and not done",
            "short",
            new Target(sum("millrace_lab_backlog_messages"), "backlog"))
        .means("How far the whole chain is behind the schedule.")
        .whatToDo("after an outage it should fall to what it was; the time is the catch-up.")
        .whenEmpty("no run");
  }

  private static Panel polls() {
    return lines(
            "Polls and deletes by ending",
            "cps",
            new Target(movingRateBy("ending", "millrace_lab_polls_total"), "polls {{ending}}"),
            new Target(movingRateBy("ending", "millrace_lab_deletes_total"), "deletes {{ending}}"))
        .means("Requests of the consumers, a second.")
        .whatToDo("failing ones outside an outage: read the server's log in the run's folder.")
        .whenEmpty("no polls");
  }
}
