package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.areas;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.max;
import static io.millrace.dashboards.Query.metric;
import static io.millrace.dashboards.Query.movingRateBy;
import static io.millrace.dashboards.Query.quantile;
import static io.millrace.dashboards.Query.quantileBy;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.share;
import static io.millrace.dashboards.Query.sum;
import static io.millrace.dashboards.Query.sumBy;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import io.millrace.engine.telemetry.MetricNames;
import java.util.List;

/** The first page to open: is it up, does work pile up, is it fast, does the disk keep pace. */
final class OverviewDashboard {

  /** The service level: a request is fast when it took at most this, in seconds. */
  private static final double FAST_SECONDS = 0.01;

  private static final String SENDS = "action=~\"SendMessage|SendMessageBatch\"";
  private static final String RECEIVES = "action=\"ReceiveMessage\"";
  private static final String SENDS_AND_RECEIVES =
      "action=~\"SendMessage|SendMessageBatch|ReceiveMessage\"";

  private OverviewDashboard() {}

  static Dashboard build() {
    return Dashboard.ofServers(
        "overview",
        "Overview",
        "Is it up, does work pile up, is it fast, does the disk keep pace.",
        List.of(),
        List.of(
            new Row("", 4, List.of(up(), visible(), inFlight(), oldestAge())),
            new Row("", 4, List.of(sends(), receives(), deletes(), errorShare())),
            new Row("", 4, List.of(sendP99(), receiveP99(), fastShare(), longPolls())),
            new Row("Traffic and backlog", 8, List.of(traffic(), backlog())),
            new Row("", 8, List.of(agesByQueue(), backlogByQueue())),
            new Row("Latency and errors", 8, List.of(latencyByAction(), errorsByCode())),
            new Row("", 8, List.of(longPollTime(), trouble())),
            new Row("Journal", 8, List.of(forceLatency(), forceBatch())),
            new Row("", 8, List.of(diskBytes(), appendLatency())),
            new Row("", 4, List.of(segments(), checkpointAge(), recovery(), foldedQueues()))));
  }

  private static Panel up() {
    // A server that is down exports no build; ask who did within the hour.
    String servers = "last_over_time(" + metric(MetricNames.BUILD_INFO) + "[1h])";
    return stat(
            "Up",
            "short",
            new Target("min(" + metric("up") + " and on (job, instance) " + servers + ")", "up"))
        .means("1 while every chosen server answers Prometheus, 0 when one does not.")
        .whatToDo(
            "find the server whose `up` is 0; look at its process and its log, then ask its admin"
                + " port for /health.")
        .whenEmpty("no server seen")
        .decimals(0)
        .badBelow(1);
  }

  private static Panel visible() {
    return stat(
            "Visible",
            "short",
            new Target(sum(MetricNames.QUEUE_MESSAGES, state(MetricNames.VISIBLE)), "visible"))
        .means("Messages that a receive could take now, over all queues.")
        .whatToDo(
            "if it grows while receives go on, consumers are too few or too slow: add some, or look"
                + " at the queue that leads the list of backlogs.")
        .watchFrom(100_000)
        .badFrom(1_000_000);
  }

  private static Panel inFlight() {
    return stat(
            "In flight, fullest queue",
            "short",
            new Target(
                max(
                    MetricNames.QUEUE_MESSAGES,
                    state(MetricNames.IN_FLIGHT) + ",queue!=\"" + MetricNames.OTHER + "\""),
                "in flight"))
        .means(
            "Messages received but neither deleted nor visible again, in the queue that has most. A"
                + " queue holds at most 120,000; then receives get OverLimit.")
        .whatToDo(
            "near the limit, look for consumers that receive and do not delete, or a visibility"
                + " timeout far longer than the work takes.")
        .watchFrom(96_000)
        .badFrom(108_000);
  }

  private static Panel oldestAge() {
    return stat("Oldest message", "s", new Target(max(MetricNames.QUEUE_OLDEST_AGE), "age"))
        .means(
            "Age of the oldest message of any queue that is not deleted yet: how late the work is.")
        .whatToDo(
            "compare with what your consumers promise and with the queue's retention period, which"
                + " counts from the send even after a move to a dead-letter queue; then add"
                + " consumers or fix the slow ones.")
        .watchFrom(60)
        .badFrom(900);
  }

  private static Panel sends() {
    return stat("Sent", "cps", new Target(rate(MetricNames.MESSAGES_SENT), "sent"))
        .means("Messages sent a second. Moves to a dead-letter queue are not sends.")
        .whatToDo("if it drops to 0 unasked, look at the producers and at the errors by code.");
  }

  private static Panel receives() {
    return stat("Received", "cps", new Target(rate(MetricNames.MESSAGES_RECEIVED), "received"))
        .means("Messages received a second, repeats included.")
        .whatToDo(
            "at 0 with messages visible, no consumer is polling; far above the send rate for long,"
                + " look at redeliveries.");
  }

  private static Panel deletes() {
    return stat("Deleted", "cps", new Target(rate(MetricNames.MESSAGES_DELETED), "deleted"))
        .means("Messages deleted a second: work that is done.")
        .whatToDo(
            "below the receive rate for long, consumers fail or forget to delete: look at their"
                + " logs and at stale deletes.");
  }

  private static Panel errorShare() {
    return stat(
            "Errors",
            "percentunit",
            new Target(
                share(rate(MetricNames.API_ERRORS), rate(MetricNames.API_REQUESTS)), "errors"))
        .means("Share of requests answered with an error, the callers' mistakes included.")
        .whatToDo(
            "see the errors by code: InternalFailure and ServiceUnavailable are the server's, look"
                + " at its log and disk; the rest are the callers'.")
        .whenEmpty("no requests")
        .watchFrom(0.01)
        .badFrom(0.05);
  }

  private static Panel sendP99() {
    return stat(
            "Send p99",
            "s",
            new Target(quantile(0.99, MetricNames.API_DURATION, SENDS), "send p99"))
        .means(
            "99 of 100 sends took at most this, from a request's last byte to its answer, the force"
                + " to the disk included. The line is at 10 ms.")
        .whatToDo(
            "above 10 ms, look at the force latency first, then at the CPU and at the collector's"
                + " pauses; the load harness tells the server's share from the platform's noise.")
        .whenEmpty("no sends")
        .badFrom(FAST_SECONDS);
  }

  private static Panel receiveP99() {
    return stat(
            "Receive p99",
            "s",
            new Target(quantile(0.99, MetricNames.API_DURATION, RECEIVES), "receive p99"))
        .means(
            "99 of 100 receives took at most this. Receives held for a message are left out: their"
                + " time says how long nothing came. The line is at 10 ms.")
        .whatToDo(
            "above 10 ms with a quiet disk, look at how many messages a receive takes and at the"
                + " size of the bodies; cold bodies are read from the disk.")
        .whenEmpty("no receives")
        .badFrom(FAST_SECONDS);
  }

  private static Panel fastShare() {
    return stat(
            "Within 10 ms",
            "percentunit",
            new Target(
                share(
                    rate(
                        MetricNames.API_DURATION + "_bucket",
                        SENDS_AND_RECEIVES + ",le=\"" + FAST_SECONDS + "\""),
                    rate(MetricNames.API_DURATION + "_count", SENDS_AND_RECEIVES)),
                "within 10 ms"))
        .means("Share of sends, and of receives that did not wait, answered within 10 ms.")
        .whatToDo(
            "below 99.9 %, find out which action is slow under latency by action, and when it began.")
        .whenEmpty("no requests")
        .decimals(3)
        .badBelow(0.999);
  }

  private static Panel longPolls() {
    return stat(
            "Receivers waiting",
            "short",
            new Target(sum(MetricNames.LONG_POLLS_WAITING), "waiting"))
        .means("Long polls open now: consumers that are ready and have nothing to do.")
        .whatToDo(
            "0 with a growing backlog means that no consumer is left; thousands mean more"
                + " consumers than work.");
  }

  private static Panel traffic() {
    return lines(
            "Traffic",
            "cps",
            new Target(rate(MetricNames.MESSAGES_SENT), "sent"),
            new Target(rate(MetricNames.MESSAGES_RECEIVED), "received"),
            new Target(rate(MetricNames.MESSAGES_DELETED), "deleted"),
            new Target(rate(MetricNames.EMPTY_RECEIVES), "empty receives"))
        .means("Messages sent, received and deleted a second, and receives that found nothing.")
        .whatToDo(
            "the three should lie on one line; sent above deleted is a growing backlog, received"
                + " above deleted is work done twice.");
  }

  private static Panel backlog() {
    return areas(
            "Backlog by state",
            "short",
            new Target(sumBy("state", MetricNames.QUEUE_MESSAGES), "{{state}}"))
        .means("Messages held: visible to receives, in flight with a consumer, or delayed.")
        .whatToDo(
            "growing visible: too few consumers; growing inflight: consumers that do not finish;"
                + " growing delayed is as the senders asked.");
  }

  private static Panel agesByQueue() {
    return lines(
            "Oldest message by queue, ten oldest",
            "s",
            new Target(
                "topk(10, max by (queue) (" + metric(MetricNames.QUEUE_OLDEST_AGE) + ") > 0)",
                "{{queue}}"))
        .means("Age of each queue's oldest message that is not deleted yet, in flight or not.")
        .whatToDo(
            "a line that climbs one second a second is a queue nobody drains: find its consumers.")
        .whenEmpty("all queues are empty")
        .watchFrom(60)
        .badFrom(900);
  }

  private static Panel backlogByQueue() {
    return lines(
            "Visible by queue, ten longest",
            "short",
            new Target(
                "topk(10, sum by (queue) ("
                    + metric(MetricNames.QUEUE_MESSAGES, state(MetricNames.VISIBLE))
                    + ") > 0)",
                "{{queue}}"))
        .means("Messages each queue could hand out now; `_other` is all queues beyond the cap.")
        .whatToDo("look at the consumers of the queue that leads.")
        .whenEmpty("nothing waits");
  }

  private static Panel latencyByAction() {
    return lines(
            "Latency p99 by action",
            "s",
            new Target(
                quantileBy(MetricNames.ACTION, 0.99, MetricNames.API_DURATION), "{{action}}"))
        .means(
            "99 of 100 requests of an action took at most this; receives held for a message are left"
                + " out. The line is at 10 ms.")
        .whatToDo(
            "all actions slow: force latency, CPU, collector pauses; one action slow: its batch"
                + " size and bodies.")
        .whenEmpty("no requests")
        .badFrom(FAST_SECONDS);
  }

  private static Panel errorsByCode() {
    return lines(
            "Errors by action and code",
            "cps",
            new Target(movingRateBy("action, code", MetricNames.API_ERRORS), "{{action}} {{code}}"))
        .means("Requests answered with an error, a second.")
        .whatToDo(
            "InternalFailure, ServiceUnavailable: the server's log and disk; OverLimit: too much in"
                + " flight; ReceiptHandleIsInvalid: consumers that delete with a wrong handle.")
        .whenEmpty("no errors");
  }

  private static Panel longPollTime() {
    return lines(
            "Long polls, time until answered",
            "s",
            new Target(quantile(0.5, MetricNames.API_LONG_POLL_DURATION), "p50"),
            new Target(quantile(0.99, MetricNames.API_LONG_POLL_DURATION), "p99"))
        .means(
            "How long receives took that found nothing at first and were held: until a message came,"
                + " or the time they asked for when none did.")
        .whatToDo(
            "short is busy, long is idle, neither is wrong; above 20 s the server is late with"
                + " its answers: look at its CPU.")
        .whenEmpty("no long polls")
        .badFrom(21);
  }

  private static Panel trouble() {
    return lines(
            "Redeliveries and losses of patience",
            "cps",
            new Target(rate(MetricNames.MESSAGES_REDELIVERED), "redelivered"),
            new Target(rate(MetricNames.MESSAGES_DEAD_LETTERED), "moved to dead-letter queue"),
            new Target(rate(MetricNames.MESSAGES_EXPIRED), "dropped after retention"),
            new Target(rate(MetricNames.MESSAGES_PURGED), "purged"),
            new Target(rate(MetricNames.STALE_DELETES), "stale deletes"),
            new Target(rate(MetricNames.SHARD_REFUSED), "refused by the shard"),
            new Target(rate(MetricNames.MESSAGES_DAMAGED), "damaged"))
        .means("What should be rare, as events a second.")
        .whatToDo(
            "redelivered and stale deletes: raise the visibility timeout above the work's time;"
                + " dropped: consume faster or keep longer; refused: disk or load; damaged: stop"
                + " and save the data directory, the log names each record.");
  }

  private static Panel forceLatency() {
    return lines(
            "Force latency",
            "s",
            new Target(quantile(0.5, MetricNames.JOURNAL_FORCE_DURATION), "p50"),
            new Target(quantile(0.99, MetricNames.JOURNAL_FORCE_DURATION), "p99"))
        .means(
            "Time to make a batch of records durable on the disk: the floor of every send at the"
                + " power-loss level. An SSD takes 0.1 to 0.3 ms.")
        .whatToDo(
            "a p99 of milliseconds is the disk's or its neighbours': look for other writers, then"
                + " for a faster disk.")
        .whenEmpty("no forces")
        .badFrom(FAST_SECONDS);
  }

  private static Panel forceBatch() {
    return lines(
            "Forces and their batches",
            "short",
            new Target(rate(MetricNames.JOURNAL_FORCES), "forces a second"),
            new Target(
                share(rate(MetricNames.JOURNAL_FORCED_RECORDS), rate(MetricNames.JOURNAL_FORCES)),
                "records a force, mean"),
            new Target(quantile(0.99, MetricNames.JOURNAL_FORCE_BATCH), "records a force, p99"),
            new Target(rate(MetricNames.JOURNAL_FORCE_FAILURES), "failed forces a second"))
        .means("How often the journal is forced, and how many records share one force.")
        .whatToDo(
            "batches grow with load, as they should; a failed force is a failing disk: the server"
                + " stops acknowledging and says so in its log.")
        .whenEmpty("no forces");
  }

  private static Panel diskBytes() {
    return lines(
            "Journal on the disk and alive",
            "bytes",
            new Target(sum(MetricNames.JOURNAL_DISK_BYTES), "on the disk"),
            new Target(sum(MetricNames.JOURNAL_LIVE_BYTES), "alive"))
        .means(
            "Bytes the journal takes, space reserved ahead included, and the bytes that messages"
                + " not yet gone need.")
        .whatToDo(
            "the disk should stay within four times the live bytes plus two segments; beyond it,"
                + " look for a queue whose few old messages keep segments alive.");
  }

  private static Panel appendLatency() {
    return lines(
            "Append latency",
            "s",
            new Target(quantile(0.5, MetricNames.JOURNAL_APPEND_DURATION), "p50"),
            new Target(quantile(0.99, MetricNames.JOURNAL_APPEND_DURATION), "p99"))
        .means("Time to copy one record into the journal, before it is durable.")
        .whatToDo(
            "microseconds are normal; milliseconds mean page faults: memory is short, or space was"
                + " not prepared ahead of the writer.")
        .whenEmpty("no appends")
        .badFrom(0.001);
  }

  private static Panel segments() {
    return stat("Segments", "short", new Target(sum(MetricNames.JOURNAL_SEGMENTS), "segments"))
        .means("Files the journal consists of.")
        .whatToDo("if it only grows, so does the backlog, or an old message holds segments back.")
        .decimals(0);
  }

  private static Panel checkpointAge() {
    return stat(
            "Last checkpoint",
            "s",
            new Target("max(time() - " + metric(MetricNames.CHECKPOINT_TIME) + ")", "age"))
        .means("Time since the last checkpoint: what a recovery would have to replay.")
        .whatToDo("if it grows without end under load, look in the server's log for why.")
        .whenEmpty("none yet")
        .watchFrom(3_600);
  }

  private static Panel recovery() {
    return stat("Last recovery", "s", new Target(max(MetricNames.RECOVERY_DURATION), "recovery"))
        .means("How long the server took to read its journal when it last started.")
        .whatToDo(
            "above 2 s, compare with the number of records replayed: many mean late checkpoints,"
                + " few mean a slow disk.")
        .watchFrom(2)
        .badFrom(10);
  }

  private static Panel foldedQueues() {
    return stat(
            "Queues without own series",
            "short",
            new Target(sum(MetricNames.FOLDED_QUEUES), "folded"))
        .means("Queues beyond the cap, shown together as queue `_other`.")
        .whatToDo("nothing is lost: totals have them all; delete queues no one uses.")
        .decimals(0)
        .watchFrom(1);
  }

  private static String state(String state) {
    return MetricNames.STATE + "=\"" + state + "\"";
  }
}
