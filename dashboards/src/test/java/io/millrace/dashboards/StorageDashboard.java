package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.heatmap;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.max;
import static io.millrace.dashboards.Query.metric;
import static io.millrace.dashboards.Query.min;
import static io.millrace.dashboards.Query.quantile;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.rateBy;
import static io.millrace.dashboards.Query.share;
import static io.millrace.dashboards.Query.sum;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import io.millrace.engine.telemetry.MetricNames;
import java.util.List;

/** Disk and journal by use, saturation and errors. */
final class StorageDashboard {

  private StorageDashboard() {}

  static Dashboard build() {
    return Dashboard.ofServers(
        "storage",
        "Storage",
        "The journal and the disk under it: use, saturation, errors, and what a restart costs.",
        List.of(),
        List.of(
            new Row(
                "", 4, List.of(free(), fullIn(), forceFailures(), damaged(), recovery(), age())),
            new Row("Forces", 9, List.of(forceHeat(), forceQuantiles())),
            new Row("", 8, List.of(batch(), forces())),
            new Row("Appends", 9, List.of(appendHeat(), written())),
            new Row("Space", 8, List.of(bytes(), room())),
            new Row("", 8, List.of(segments(), amplification())),
            new Row("Housekeeping and memory", 8, List.of(housekeeping(), faults()))));
  }

  private static Panel free() {
    return stat(
            "Disk free",
            "percentunit",
            new Target(
                "min("
                    + metric(MetricNames.DISK_FREE_BYTES)
                    + " / "
                    + metric(MetricNames.DISK_SIZE_BYTES)
                    + ")",
                "free"))
        .means("Share of the data directory's file system that is free.")
        .whatToDo("make room or drain queues; full, sends are refused and nothing is lost.")
        .badBelow(0.05);
  }

  private static Panel fullIn() {
    return stat(
            "Disk in 4 h",
            "bytes",
            new Target(
                "min(predict_linear(" + metric(MetricNames.DISK_FREE_BYTES) + "[1h], 14400))",
                "free in 4 h"))
        .means("Free bytes in four hours if the last hour goes on.")
        .whatToDo("below zero it will be full: find the queue that grows, or make room.")
        .badBelow(0);
  }

  private static Panel forceFailures() {
    return stat(
            "Failed forces",
            "short",
            new Target("sum(" + increase(MetricNames.JOURNAL_FORCE_FAILURES) + ")", "failed"))
        .means("Forces that the disk refused within the last hour.")
        .whatToDo("a disk that refuses a force is failing: move the data directory.")
        .decimals(0)
        .badFrom(1);
  }

  private static Panel damaged() {
    return stat(
            "Damaged records",
            "short",
            new Target(
                "sum("
                    + metric(MetricNames.RECOVERY_QUARANTINED)
                    + ") + sum("
                    + increase(MetricNames.MESSAGES_DAMAGED)
                    + ")",
                "damaged"))
        .means("Records the last recovery set aside, and messages unreadable within an hour.")
        .whatToDo("stop, save the data directory, read the log: it names each record.")
        .decimals(0)
        .badFrom(1);
  }

  private static Panel recovery() {
    return stat("Last recovery", "s", new Target(max(MetricNames.RECOVERY_DURATION), "recovery"))
        .means("How long the server took to read its journal when it last started.")
        .whatToDo("compare with the records replayed: many mean late checkpoints.")
        .watchFrom(2)
        .badFrom(10);
  }

  private static Panel age() {
    return stat(
            "Last checkpoint",
            "s",
            new Target("max(time() - " + metric(MetricNames.CHECKPOINT_TIME) + ")", "age"))
        .means("Time since the last checkpoint.")
        .whatToDo("if it grows without end under load, the log says why.")
        .whenEmpty("none yet")
        .watchFrom(3_600);
  }

  private static Panel forceHeat() {
    return heatmap("Force duration", "s", MetricNames.JOURNAL_FORCE_DURATION)
        .means("How long forces of the journal to the disk took.")
        .whatToDo("a band of milliseconds is another writer on the disk, or the disk.");
  }

  private static Panel forceQuantiles() {
    return lines(
            "Force duration, quantiles",
            "s",
            new Target(quantile(0.5, MetricNames.JOURNAL_FORCE_DURATION), "p50"),
            new Target(quantile(0.99, MetricNames.JOURNAL_FORCE_DURATION), "p99"),
            new Target(quantile(0.999, MetricNames.JOURNAL_FORCE_DURATION), "p99.9"))
        .means("The floor of every send at the power-loss level.")
        .whatToDo("0.1 to 0.3 ms is an SSD; 10 ms is the whole budget of a send.")
        .whenEmpty("no forces")
        .badFrom(0.01);
  }

  private static Panel batch() {
    return heatmap("Records a force made durable", "short", MetricNames.JOURNAL_FORCE_BATCH)
        .means("How many records shared a force.")
        .whatToDo("it grows with load, as it should; always 1 under load means one client.");
  }

  private static Panel forces() {
    return lines(
            "Forces and records",
            "cps",
            new Target(rate(MetricNames.JOURNAL_FORCES), "forces"),
            new Target(rate(MetricNames.JOURNAL_FORCED_RECORDS), "records made durable"),
            new Target(rate(MetricNames.JOURNAL_RECORDS), "records appended"))
        .means("What is appended, and what is durable, a second.")
        .whatToDo("appended above durable for long: the disk does not keep pace.");
  }

  private static Panel appendHeat() {
    return heatmap("Append duration", "s", MetricNames.JOURNAL_APPEND_DURATION)
        .means("How long the copy of a record into the journal took.")
        .whatToDo("milliseconds are page faults: memory is short or space came late.");
  }

  private static Panel written() {
    return lines(
            "Bytes sent and written",
            "Bps",
            new Target(rate(MetricNames.MESSAGES_SENT_BYTES), "messages sent"),
            new Target(rate(MetricNames.JOURNAL_WRITTEN_BYTES), "written to the journal"))
        .means("What callers sent, and what the journal took.")
        .whatToDo("far apart with large messages: look at messages carried forward.");
  }

  private static Panel bytes() {
    return lines(
            "Journal on the disk",
            "bytes",
            new Target(sum(MetricNames.JOURNAL_DISK_BYTES), "on the disk"),
            new Target(sum(MetricNames.JOURNAL_LIVE_BYTES), "alive"),
            new Target(sum(MetricNames.JOURNAL_RESERVED_BYTES), "reserved ahead"))
        .means("What the journal takes, what of it is needed, what is prepared for the writer.")
        .whatToDo("beyond four times the live bytes plus two segments: few old messages hold it.");
  }

  private static Panel room() {
    return lines(
            "Disk free and size",
            "bytes",
            new Target(min(MetricNames.DISK_FREE_BYTES), "free"),
            new Target(min(MetricNames.DISK_SIZE_BYTES), "size"))
        .means("The file system the data directory lies on.")
        .whatToDo("a free line that falls while the journal does not grow: look at neighbours.");
  }

  private static Panel segments() {
    return lines("Segments", "short", new Target(sum(MetricNames.JOURNAL_SEGMENTS), "segments"))
        .means("Files the journal consists of.")
        .whatToDo("if it only grows, so does the backlog, or an old message holds segments.");
  }

  private static Panel amplification() {
    return lines(
            "Bytes written for a byte sent",
            "short",
            new Target(
                share(
                    rate(MetricNames.JOURNAL_WRITTEN_BYTES), rate(MetricNames.MESSAGES_SENT_BYTES)),
                "write amplification"))
        .means("Records of receives and deletes, headers, and what was carried forward.")
        .whatToDo("small messages cost more by nature; a rise alone is carrying forward.")
        .whenEmpty("no sends");
  }

  private static Panel housekeeping() {
    return lines(
            "Checkpoints, segments dropped, messages carried",
            "cps",
            new Target(rate(MetricNames.CHECKPOINTS), "checkpoints"),
            new Target(rate(MetricNames.JOURNAL_SEGMENTS_DROPPED), "segments dropped"),
            new Target(rate(MetricNames.JOURNAL_CARRIED_FORWARD), "messages carried forward"))
        .means("What keeps recovery short and the disk small.")
        .whatToDo("no checkpoints under load: the log says why.");
  }

  private static Panel faults() {
    return lines(
            "Page faults", "cps", new Target(rateBy("kind", MetricNames.PAGE_FAULTS), "{{kind}}"))
        .means("Pages that were not there when touched; major ones were read from the disk.")
        .whatToDo("major ones under load: give the host memory, or the process less heap.")
        .whenEmpty("only Linux tells");
  }

  /** Over the last hour, whatever the zoom. */
  private static String increase(String counter) {
    return "increase(" + metric(counter) + "[1h])";
  }
}
