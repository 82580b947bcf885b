package io.millrace.dashboards;

import io.millrace.chaos.run.LabFixture;
import io.millrace.chaos.run.LabMetrics;
import io.millrace.chaos.serve.FaultMetricsFixture;
import io.millrace.engine.shard.CountersFixture;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Health;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.ConnectionCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that a real admin port exports, as OpenMetrics text and taken apart.
 *
 * @param families by name, without a counter's {@code _total} or an info's {@code _info}
 * @param samples label names by name of the sample, as Prometheus stores it
 */
record Exported(String text, Map<String, Family> families, Map<String, Set<String>> samples) {

  /**
   * A metric with all its series.
   *
   * @param unit empty for none
   */
  record Family(String name, String type, String unit, String help, Set<String> labels) {

    /** Whether it is Millrace's own; the others are those of its JVM. */
    boolean isOurs() {
      return name.startsWith("millrace_");
    }

    /** As PromQL writes it. */
    String promQlName() {
      return switch (type) {
        case "counter" -> name + "_total";
        case "info" -> name + "_info";
        default -> name;
      };
    }
  }

  private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");

  /** Of the admin port of a server with faults, each of its metrics with a sample. */
  static Exported ofServer() throws IOException, InterruptedException {
    ShardCounters shard = new ShardCounters();
    CountersFixture.add(shard, "orders").sent.increment();
    shard.checkpointAtMs.set(1);
    Telemetry telemetry = Telemetry.create(BuildInfo.ofBuild());
    telemetry.show(shard, System::currentTimeMillis, Telemetry.QUEUES_SHOWN_DEFAULT);
    telemetry.show(new ConnectionCounters());
    telemetry.showDisk(Path.of("."));
    FaultMetricsFixture.register(telemetry.registry());
    telemetry.shardObserver().forced(200_000, 3);
    telemetry.requestObserver().observed(Action.SEND_MESSAGE, Optional.empty(), 300_000, false);
    telemetry
        .requestObserver()
        .observed(Action.RECEIVE_MESSAGE, Optional.of(ErrorCode.OVER_LIMIT), 300_000, true);
    try (AdminServer server =
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            telemetry.registry(),
            () -> Health.OK,
            Map.of("/metrics/per-queue", AdminServer.metrics(telemetry::scrapePerQueue)))) {
      URI metrics =
          URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics/per-queue");
      System.gc(); // some of the JVM's metrics exist once they were told of a collection
      Exported exported = scrape(metrics);
      for (int scrapes = 1; !exported.samples().containsKey(AFTER_A_COLLECTION); scrapes++) {
        if (scrapes == SCRAPES_MAX) {
          throw new AssertionError("no collection was told of");
        }
        exported = scrape(metrics);
      }
      return exported;
    }
  }

  private static final String AFTER_A_COLLECTION = "jvm_memory_pool_allocated_bytes_total";
  private static final int SCRAPES_MAX = 10_000;

  /** Of the lab's port after a run, each of its metrics with a sample. */
  static Exported ofLab() throws IOException, InterruptedException {
    try (LabMetrics lab = LabFixture.openAfterARun()) {
      return scrape(lab.uri());
    }
  }

  static Exported scrape(URI metrics) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(metrics)
            .header("Accept", "application/openmetrics-text; version=1.0.0")
            .timeout(Duration.ofSeconds(20))
            .build();
    String text = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    Map<String, String> types = new TreeMap<>();
    Map<String, String> units = new TreeMap<>();
    Map<String, String> help = new TreeMap<>();
    Map<String, Set<String>> samples = new TreeMap<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# ")) {
        String[] words = line.split(" ", 4);
        switch (words[1]) {
          case "TYPE" -> types.put(words[2], words[3]);
          case "UNIT" -> units.put(words[2], words[3]);
          case "HELP" -> help.put(words[2], words[3]);
          default -> {}
        }
      } else {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
          throw new AssertionError("no sample: " + line);
        }
        Set<String> labels = samples.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
          labels.add(label.group(1));
        }
      }
    }
    Map<String, Family> families = new TreeMap<>();
    types.forEach(
        (name, type) ->
            families.put(
                name,
                new Family(
                    name,
                    type,
                    units.getOrDefault(name, ""),
                    help.getOrDefault(name, ""),
                    labels(name, samples))));
    return new Exported(text, families, samples);
  }

  /** The labels of a family's samples, without those its type brings along. */
  private static Set<String> labels(String family, Map<String, Set<String>> samples) {
    Set<String> labels = new TreeSet<>();
    for (String suffix : new String[] {"", "_total", "_info", "_count", "_bucket", "_sum"}) {
      labels.addAll(samples.getOrDefault(family + suffix, Set.of()));
    }
    labels.remove("le");
    return labels;
  }
}
