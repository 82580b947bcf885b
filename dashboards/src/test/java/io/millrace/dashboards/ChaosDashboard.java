package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Panel.states;
import static io.millrace.dashboards.Query.max;
import static io.millrace.dashboards.Query.maxBy;
import static io.millrace.dashboards.Query.movingRateBy;
import static io.millrace.dashboards.Query.quantile;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.sum;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import java.util.List;

/** What a run does to a queue on purpose, and what became of the messages. */
final class ChaosDashboard {

  private static final String FOUND = "millrace_lab_found_messages";

  private ChaosDashboard() {}

  static Dashboard build() {
    return Dashboard.ofLab(
        "chaos",
        "Chaos lab",
        "Faults in force, what the clients see meanwhile, and what the check found in the end.",
        List.of(
            new Row("", 5, List.of(faults(), phases())),
            new Row(
                "Found by the check",
                4,
                List.of(violated(), found("lost"), found("resurrected"), found("invented"))),
            new Row(
                "", 4, List.of(found("corrupted"), found("duplicated"), inversions(), unknown())),
            new Row("Under fault", 8, List.of(throughput(), latency())),
            new Row("", 8, List.of(repeats(), unclear())),
            new Row("Recovery and effect", 8, List.of(backlog(), fired(), checkLag()))));
  }

  private static Panel faults() {
    return states(
            "Faults in force",
            new Target(
                maxBy("kind, target", "millrace_lab_fault_active"), "{{kind}} on {{target}}"))
        .means("Each kind of fault of the plan, on while it is in force; a kill until the restart.")
        .whatToDo("read the panels below against it; marks over all panels show the same.")
        .whenEmpty("no run");
  }

  private static Panel phases() {
    return states("Phase of the run", new Target(maxBy("phase", "millrace_lab_phase"), "{{phase}}"))
        .means("Where the run stands, from warm-up to the check.")
        .whatToDo("a run that stays in `drain` has messages it cannot get: wait for the verdict.")
        .whenEmpty("no run");
  }

  private static Panel violated() {
    return stat(
            "Invariants violated",
            "short",
            new Target(sum("millrace_lab_invariant_verdict", "verdict=\"invalid\""), "violated"))
        .means("Promises of the queue that the history shows broken.")
        .whatToDo("open the run's report: it names the messages and what happened to them.")
        .whenEmpty("no run")
        .decimals(0)
        .badFrom(1);
  }

  private static Panel unknown() {
    return stat(
            "Invariants not judged",
            "short",
            new Target(sum("millrace_lab_invariant_verdict", "verdict=\"unknown\""), "unknown"))
        .means("Promises the history could not decide, and all of them before the check.")
        .whatToDo("after the check, some faults did not fire: run longer or at a higher rate.")
        .whenEmpty("no run")
        .decimals(0);
  }

  private static Panel found(String what) {
    Panel panel =
        stat(
                Character.toUpperCase(what.charAt(0)) + what.substring(1),
                "short",
                new Target(sum(FOUND, "what=\"" + what + "\""), what))
            .whenEmpty("not judged yet")
            .decimals(0);
    return switch (what) {
      case "lost" ->
          panel
              .means("Messages the queue said yes to and never handed out.")
              .whatToDo("any is a bug of the queue: the report shows each one's history.")
              .badFrom(1);
      case "resurrected" ->
          panel
              .means("Deliveries after a delete the queue had said yes to.")
              .whatToDo("outside a crash any is a bug; the report tells the cause.")
              .badFrom(1);
      case "invented" ->
          panel
              .means("Messages received that nobody sent.")
              .whatToDo("any is a bug of the queue, or somebody else uses it.")
              .badFrom(1);
      case "corrupted" ->
          panel
              .means("Messages received with another body or other attributes than sent.")
              .whatToDo("any is a bug of the queue or of the way to it.")
              .badFrom(1);
      default ->
          panel
              .means("Deliveries beyond a message's first, of any cause.")
              .whatToDo("at-least-once allows them; the report counts them by cause.");
    };
  }

  private static Panel inversions() {
    return stat(
            "Reordered", "percentunit", new Target(max("millrace_lab_inversion_ratio"), "pairs"))
        .means("Of pairs of messages, how many came in the other order than they were sent.")
        .whatToDo("a standard queue promises no order: build consumers that need none.")
        .whenEmpty("not judged yet");
  }

  private static Panel throughput() {
    return lines(
            "Messages a second",
            "cps",
            new Target(sum("millrace_lab_intended_rate"), "due"),
            new Target(sum("millrace_lab_achieved_rate"), "acknowledged"),
            new Target(rate("millrace_lab_deliveries_total"), "received"))
        .means("What was asked, taken and handed out while faults were in force.")
        .whatToDo("the gap after a kill is the outage; its end is the recovery.")
        .whenEmpty("no run");
  }

  private static Panel latency() {
    return lines(
            "Publish latency under fault",
            "s",
            new Target(quantile(0.5, "millrace_lab_publish_duration_seconds"), "p50"),
            new Target(quantile(0.99, "millrace_lab_publish_duration_seconds"), "p99"))
        .means("From the instant a send was due, so an outage is felt in full.")
        .whatToDo("the 10 ms hold for the steady phase; see which fault costs how much.")
        .whenEmpty("no sends")
        .badFrom(0.01);
  }

  private static Panel repeats() {
    return lines(
            "Repeats",
            "cps",
            new Target(rate("millrace_lab_repeats_total"), "receive count above one"),
            new Target(rate("millrace_lab_deliveries_total"), "all deliveries"))
        .means("Messages received with a receive count above one, beside all.")
        .whatToDo("outside a fault that makes them, look at the visibility timeout.")
        .whenEmpty("no deliveries");
  }

  private static Panel unclear() {
    return lines(
            "Requests nobody knows the outcome of",
            "cps",
            new Target(rate("millrace_lab_sends_total", "ending=\"unknown\""), "sends"),
            new Target(rate("millrace_lab_deletes_total", "ending=\"unknown\""), "deletes"))
        .means("Sends and deletes without an answer: done or not, the client cannot tell.")
        .whatToDo("your own clients meet these too: make their work idempotent.")
        .whenEmpty("no run");
  }

  private static Panel backlog() {
    return lines(
            "Backlog and catch-up",
            "short",
            new Target(sum("millrace_lab_backlog_messages"), "backlog"))
        .means("Messages due and not yet received and deleted.")
        .whatToDo("the time from the restart until it is small again is the time to recover.")
        .whenEmpty("no run");
  }

  private static Panel checkLag() {
    return lines(
            "History not judged yet",
            "s",
            new Target(max("millrace_lab_check_lag_seconds"), "behind"))
        .means(
            "How far the check is behind what the clients wrote down; it begins after the drain.")
        .whatToDo(
            "wait until it is 0 before you trust the verdicts; stuck above, see the run's log.")
        .whenEmpty("no run");
  }

  private static Panel fired() {
    return lines(
            "Faults that were seen to act",
            "cps",
            new Target(movingRateBy("kind", "millrace_lab_faults_fired_total"), "{{kind}}"))
        .means("Faults whose effect was seen, a second.")
        .whatToDo("a fault in force that never acts proves nothing: the run says UNKNOWN.")
        .whenEmpty("none acted");
  }
}
