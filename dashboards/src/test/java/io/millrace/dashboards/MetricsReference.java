package io.millrace.dashboards;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Writes METRICS.md from what a server and the lab export and from the advice kept beside this
 * class.
 */
final class MetricsReference {

  private static final String HEAD =
      """
      # Metrics

      Every metric of a Millrace server and of the lab, written from their own registries. Scrape `/metrics/per-queue` of
      the server's admin port for series of single queues, `/metrics` for all of them summed as `queue="_other"`. Counters
      start at 0 with the process and never fall while it lives, whatever queues come and go; histograms are classic ones,
      whose `_bucket`, `_count` and `_sum` carry the name given here. Values are at most a second old.

      ## CloudWatch's metrics

      What Amazon SQS shows of a standard queue under `AWS/SQS`, and what to read here instead. CloudWatch has one value a
      minute and stops after six idle hours; these are exact at each scrape.

      | CloudWatch | here | mind |
      |---|---|---|
      | ApproximateNumberOfMessagesVisible | `millrace_queue_messages{state="visible"}` | CloudWatch's is an estimate that may need a minute of quiet to be right; this is a count |
      | ApproximateNumberOfMessagesNotVisible | `millrace_queue_messages{state="inflight"}` | the bound is `millrace_queue_inflight_limit` |
      | ApproximateNumberOfMessagesDelayed | `millrace_queue_messages{state="delayed"}` | only what was sent with a delay; a message that a consumer put off by its visibility timeout is in flight, there and here |
      | ApproximateAgeOfOldestMessage | `millrace_queue_oldest_message_age_without_poison_seconds` | CloudWatch leaves out messages received three times or more, so a message no consumer can digest hides; `millrace_queue_oldest_message_age_seconds` has them. In a dead-letter queue, there and here, the age starts anew at the move (to the second) while retention goes on from the original send: for that compare `millrace_queue_oldest_message_since_send_seconds`, which CloudWatch lacks, and set the retention of a dead-letter queue longer than its source's |
      | NumberOfMessagesSent | `rate(millrace_queue_messages_sent_total[5m])` | a move to a dead-letter queue is no send, here and there: alert on what is visible in it |
      | NumberOfMessagesReceived | `rate(millrace_queue_messages_received_total[5m])` | repeats included, here and there |
      | NumberOfMessagesDeleted | `rate(millrace_queue_messages_deleted_total[5m])` | CloudWatch counts each successful call, so twice if the same handle is used twice; here a message counts once |
      | NumberOfEmptyReceives | `rate(millrace_queue_empty_receives_total[5m])` | a long poll that ends with nothing counts once, however long it was: an idle consumer that waits 20 s makes three a minute |
      | SentMessageSize | `rate(millrace_queue_messages_sent_bytes_total[5m]) / rate(millrace_queue_messages_sent_total[5m])` | the average; its distribution over all queues is `millrace_message_size_bytes` |

      ## The server's metrics

      Every `millrace_` metric has a unit in its name where it has one: seconds and bytes, never parts of them.
      """;

  private static final String LAB =
      """

      ## The lab's metrics

      Of `./millrace run` while it is at work, at `/metrics` of `--metrics-port` (9326).
      """;

  private MetricsReference() {}

  static String text(Exported server, Exported lab) throws IOException {
    Properties advice = advice();
    StringBuilder page = new StringBuilder(HEAD);
    table(server, advice, page);
    page.append(LAB);
    table(lab, advice, page);
    page.append("\n## The JVM and the process\n\nFrom the Prometheus client for Java.\n");
    page.append(
        "\n| name | type | unit | labels | meaning | read by |\n|---|---|---|---|---|---|\n");
    Map<String, Set<String>> readers = readers();
    for (Exported.Family family : server.families().values()) {
      if (!family.isOurs()) {
        page.append(row(family)).append(' ').append(readersOf(family, readers)).append(" |\n");
      }
    }
    return page.toString();
  }

  /** The dashboards and rules that read a metric, as PromQL names it. */
  static Map<String, Set<String>> readers() throws IOException {
    Map<String, Set<String>> readers = new HashMap<>();
    for (JsonNode dashboard : DashboardsTest.files()) {
      String title = dashboard.path("title").asString().replace("Millrace / ", "");
      for (JsonNode panel : DashboardsTest.panels(dashboard)) {
        for (JsonNode target : panel.path("targets")) {
          PromQl.metrics(target.path("expr").asString())
              .forEach(name -> readers.computeIfAbsent(name, first -> new TreeSet<>()).add(title));
        }
      }
    }
    for (Rules.Rule rule : Rules.all()) {
      PromQl.metrics(rule.expression())
          .forEach(
              name -> readers.computeIfAbsent(name, first -> new TreeSet<>()).add(rule.name()));
    }
    return readers;
  }

  private static String readersOf(Exported.Family family, Map<String, Set<String>> readers) {
    Set<String> all = new TreeSet<>();
    for (String suffix : new String[] {"", "_bucket", "_count", "_sum"}) {
      all.addAll(readers.getOrDefault(family.promQlName() + suffix, Set.of()));
    }
    return all.isEmpty() ? "not charted" : String.join(", ", all);
  }

  private static void table(Exported exported, Properties advice, StringBuilder page) {
    page.append(
        "\n| name | type | unit | labels | meaning | what to do |\n|---|---|---|---|---|---|\n");
    for (Exported.Family family : exported.families().values()) {
      if (family.isOurs()) {
        page.append(row(family)).append(' ');
        page.append(Objects.requireNonNull(advice.getProperty(family.name()), family.name()));
        page.append(" |\n");
      }
    }
  }

  /** What to do by family; every one has some. */
  static Properties advice() throws IOException {
    Properties advice = new Properties();
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(MetricsReference.class.getResourceAsStream("advice.properties")),
            StandardCharsets.UTF_8)) {
      advice.load(in);
    }
    return advice;
  }

  private static String row(Exported.Family family) {
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(
            family.promQlName(),
            family.type(),
            family.unit(),
            String.join(", ", family.labels()),
            family.help().replace("\\\"", "\"").replace("|", "\\|"));
  }
}
