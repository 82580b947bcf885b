package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.areas;
import static io.millrace.dashboards.Panel.heatmap;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.max;
import static io.millrace.dashboards.Query.maxBy;
import static io.millrace.dashboards.Query.metric;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.rateBy;
import static io.millrace.dashboards.Query.share;
import static io.millrace.dashboards.Query.sum;
import static io.millrace.dashboards.Query.sumBy;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import io.millrace.engine.telemetry.MetricNames;
import java.util.List;

/** One queue, or a few: CloudWatch's figures one to one, and those it lacks. */
final class QueueDashboard {

  private static final String CHOSEN = "queue=~\"$queue\"";

  private QueueDashboard() {}

  static Dashboard build() {
    return Dashboard.ofServers(
        "queue",
        "Queue",
        "What a queue holds, how late it is, who works on it, and what goes wrong.",
        List.of(new Dashboard.Variable(MetricNames.QUEUE, MetricNames.QUEUE_MESSAGES)),
        List.of(
            new Row(
                "", 4, List.of(visible(), inFlight(), delayed(), oldest(), ordinary(), drain())),
            new Row("Traffic and backlog", 8, List.of(traffic(), backlog())),
            new Row("", 8, List.of(ages(), retentionUsed(), drains())),
            new Row("Trouble", 8, List.of(redelivered(), leaving())),
            new Row("", 8, List.of(size(), leases(), injected())),
            new Row("All queues together", 9, List.of(waited(), held(), sizes()))));
  }

  private static Panel visible() {
    return stat("Visible", "short", now(MetricNames.VISIBLE))
        .means("CloudWatch: ApproximateNumberOfMessagesVisible. Messages a receive could take now.")
        .whatToDo("if it grows while consumers run, add consumers or make them faster.")
        .watchFrom(100_000)
        .badFrom(1_000_000);
  }

  private static Panel inFlight() {
    return stat(
            "In flight, share of the limit",
            "percentunit",
            new Target(
                "max("
                    + metric(
                        MetricNames.QUEUE_MESSAGES,
                        CHOSEN + ",state=\"inflight\",queue!=\"" + MetricNames.OTHER + "\"")
                    + ") / max("
                    + metric(MetricNames.QUEUE_IN_FLIGHT_LIMIT)
                    + ")",
                "in flight"))
        .means(
            "CloudWatch: ApproximateNumberOfMessagesNotVisible, as a share of the 120,000 that a"
                + " queue may have; at the limit receives get OverLimit.")
        .whatToDo("look for consumers that receive and do not delete, or shorten the timeout.")
        .watchFrom(0.8)
        .badFrom(0.9);
  }

  private static Panel delayed() {
    return stat("Delayed", "short", now(MetricNames.DELAYED))
        .means("CloudWatch: ApproximateNumberOfMessagesDelayed. Sent and not yet due.")
        .whatToDo("nothing: the senders asked for it; unasked, look at the queue's DelaySeconds.");
  }

  private static Panel oldest() {
    return stat(
            "Oldest message", "s", new Target(max(MetricNames.QUEUE_OLDEST_AGE, CHOSEN), "oldest"))
        .means(
            "How long the oldest message that is not gone has been in the queue, whoever has had"
                + " it how often; in a dead-letter queue since its move.")
        .whatToDo("if it climbs a second a second, find out why nobody drains the queue.")
        .watchFrom(60)
        .badFrom(900);
  }

  private static Panel ordinary() {
    return stat(
            "Oldest without poison",
            "s",
            new Target(max(MetricNames.QUEUE_OLDEST_ORDINARY_AGE, CHOSEN), "oldest"))
        .means(
            "CloudWatch: ApproximateAgeOfOldestMessage, which leaves out messages received three"
                + " times or more and counts from the move in a dead-letter queue.")
        .whatToDo(
            "far below the oldest message: some cannot be digested, give the queue a dead-letter"
                + " queue; near it: consumers are too slow.")
        .watchFrom(60)
        .badFrom(900);
  }

  private static Panel drain() {
    return stat("Empty in", "s", new Target(max(MetricNames.QUEUE_DRAIN, CHOSEN), "empty in"))
        .means("When the queue will be empty at the pace of the last half minute.")
        .whatToDo("no figure with messages waiting means that it never will: add consumers.")
        .whenEmpty("it is not emptying")
        .watchFrom(3_600);
  }

  private static Panel traffic() {
    return lines(
            "Messages and empty receives",
            "cps",
            perSecond(MetricNames.QUEUE_SENT, "sent"),
            perSecond(MetricNames.QUEUE_RECEIVED, "received"),
            perSecond(MetricNames.QUEUE_DELETED, "deleted"),
            perSecond(MetricNames.QUEUE_EMPTY_RECEIVES, "empty receives"))
        .means(
            "CloudWatch: NumberOfMessagesSent, NumberOfMessagesReceived, NumberOfMessagesDeleted,"
                + " NumberOfEmptyReceives, a second. Moves to a dead-letter queue are not sends.")
        .whatToDo(
            "the first three should lie on one line; many empty receives are polls without a wait:"
                + " set WaitTimeSeconds.");
  }

  private static Panel backlog() {
    return areas(
            "Messages by state",
            "short",
            new Target(sumBy("state", MetricNames.QUEUE_MESSAGES, CHOSEN), "{{state}}"))
        .means("All that the queue holds.")
        .whatToDo("growing visible: too few consumers; growing inflight: they do not finish.");
  }

  private static Panel ages() {
    return lines(
            "Age of the oldest message",
            "s",
            new Target(maxBy("queue", MetricNames.QUEUE_OLDEST_AGE, CHOSEN), "{{queue}}"),
            new Target(
                maxBy("queue", MetricNames.QUEUE_OLDEST_ORDINARY_AGE, CHOSEN),
                "{{queue}} without poison"))
        .means("How late the work is, with and without messages received three times or more.")
        .whatToDo("a line that climbs a second a second is a queue nobody drains.")
        .watchFrom(60)
        .badFrom(900);
  }

  private static Panel retentionUsed() {
    return lines(
            "Retention used by the oldest message",
            "percentunit",
            new Target(
                "max by (queue) ("
                    + metric(MetricNames.QUEUE_OLDEST_SINCE_SEND, CHOSEN)
                    + " / "
                    + metric(MetricNames.QUEUE_RETENTION, CHOSEN)
                    + ")",
                "{{queue}}"))
        .means(
            "Share of the retention period since the message was sent; a move to a dead-letter"
                + " queue does not start it anew. At 100 % the message is dropped.")
        .whatToDo(
            "add consumers, or lengthen the retention period; of a dead-letter queue, read what"
                + " lies there.")
        .watchFrom(0.5)
        .badFrom(0.75);
  }

  private static Panel drains() {
    return lines(
            "Time until empty",
            "s",
            new Target(maxBy("queue", MetricNames.QUEUE_DRAIN, CHOSEN), "{{queue}}"))
        .means("What the queue holds, divided by how fast that falls.")
        .whatToDo("a gap is a time in which the queue grew or stood still.")
        .whenEmpty("it is not emptying");
  }

  private static Panel redelivered() {
    return lines(
            "Share of receives that are repeats",
            "percentunit",
            new Target(
                share(byQueue(MetricNames.QUEUE_REDELIVERED), byQueue(MetricNames.QUEUE_RECEIVED)),
                "{{queue}}"))
        .means("Receives of messages that had been received before.")
        .whatToDo(
            "consumers fail, or need longer than the visibility timeout: compare with the time from"
                + " receive to delete.")
        .whenEmpty("no receives")
        .watchFrom(0.05)
        .badFrom(0.25);
  }

  private static Panel leaving() {
    return lines(
            "Messages that left undone",
            "cps",
            perSecond(MetricNames.QUEUE_DEAD_LETTERED, "to the dead-letter queue"),
            perSecond(MetricNames.QUEUE_EXPIRED, "dropped after retention"))
        .means("Messages no consumer deleted in the tries or the time they had.")
        .whatToDo("read what lies in the dead-letter queue; what retention dropped is gone.");
  }

  private static Panel size() {
    return lines(
            "Message size, mean",
            "bytes",
            new Target(
                share(byQueue(MetricNames.QUEUE_SENT_BYTES), byQueue(MetricNames.QUEUE_SENT)),
                "{{queue}}"))
        .means("CloudWatch: SentMessageSize, its average: body and attributes.")
        .whatToDo("large bodies cost forces and memory: keep them elsewhere and send a reference.")
        .whenEmpty("no sends");
  }

  private static Panel injected() {
    return lines(
            "Faults injected",
            "cps",
            new Target(rateBy("kind", "millrace_chaos_faults_total", CHOSEN) + " > 0", "{{kind}}"))
        .means("What serve --chaos did to the queue on purpose, as far as its effect was seen.")
        .whatToDo("compare with what your consumers did at the time; unasked, see /chaos.")
        .whenEmpty("none injected");
  }

  private static Panel leases() {
    return lines(
            "Receives that ended without a delete, all queues",
            "cps",
            new Target(rateBy("cause", MetricNames.LEASES_ENDED), "{{cause}}"))
        .means(
            "Messages that became visible again: `timeout` as their time ran out, `released` as a"
                + " consumer gave them back.")
        .whatToDo("timeouts: consumers die or are slower than the visibility timeout.");
  }

  private static Panel waited() {
    return heatmap("From send to first receive", "s", MetricNames.WAITED)
        .means("How long messages waited for a consumer, delays left out.")
        .whatToDo("a band that rises is a backlog; two bands are two kinds of queues.");
  }

  private static Panel held() {
    return heatmap("From receive to delete", "s", MetricNames.HELD)
        .means("How long consumers worked on a message, of those deleted in time.")
        .whatToDo("set visibility timeouts well above the upper edge.");
  }

  private static Panel sizes() {
    return heatmap("Sizes of messages sent", "bytes", MetricNames.MESSAGE_SIZE)
        .means("How many messages of which size came in, bodies and attributes.")
        .whatToDo("SQS takes up to 1 MiB; keep large bodies elsewhere and send a reference.");
  }

  private static Target now(String state) {
    return new Target(sum(MetricNames.QUEUE_MESSAGES, CHOSEN + ",state=\"" + state + "\""), state);
  }

  private static String byQueue(String counter) {
    return rateBy(MetricNames.QUEUE, counter, CHOSEN);
  }

  private static Target perSecond(String counter, String legend) {
    return new Target(rate(counter, CHOSEN), legend);
  }
}
