package io.millrace.jmh.load;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.document.MarkedDocument;
import io.millrace.chaos.document.MarkedDocument.Field;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads workloads.
 *
 * <pre>
 * intent: What it is to find out.
 * arrivals: constant                # or poisson, or {burst: 50}
 * rates: [500, 1000, 2000]          # sends a second, a leg of the run each; 0 only empties the backlog
 * seconds: 60                       # measured, after the warm-up
 * message-bytes: 1024
 * durability: power-loss            # or process-crash
 * queues: [1]
 * consumers: [2]                    # over all queues
 * handler-ms: 0                     # a consumer's work on one message
 * wait-seconds: 1                   # of a poll
 * backlog: 0                        # messages waiting before the first poll
 * sends-max: 256                    # sends under way at once
 * slo-ms: 10
 * </pre>
 *
 * <p>What is unknown is an error: an option misspelt would measure something else.
 */
final class WorkloadDocument {

  /** The workloads that come with the harness, by intent. */
  static final List<String> NAMES =
      List.of(
          "sub-10ms",
          "saturation",
          "backlog-drain",
          "long-poll-crowd",
          "big-messages",
          "consumers-scale",
          "many-queues");

  private static final List<String> FIELDS =
      List.of(
          "intent",
          "arrivals",
          "rates",
          "seconds",
          "message-bytes",
          "durability",
          "queues",
          "consumers",
          "handler-ms",
          "wait-seconds",
          "backlog",
          "sends-max",
          "slo-ms");

  private static final int RATE_MAX = 1_000_000;
  private static final int COUNT_MAX = 10_000;

  private final MarkedDocument document;
  private final String name;

  // The defaults are those of the comment above.
  private String intent = "";
  private Arrivals arrivals = new Arrivals.Constant();
  private List<Integer> rates = List.of(1_000);
  private int seconds = 60;
  private int messageBytes = 1_024;
  private String durability = "power-loss";
  private List<Integer> queues = List.of(1);
  private List<Integer> consumers = List.of(2);
  private int handlerMs;
  private int waitSeconds = 1;
  private int backlog;
  private int sendsMax = 256;
  private int sloMs = 10;

  private WorkloadDocument(MarkedDocument document, String name) {
    this.document = document;
    this.name = name;
  }

  /**
   * Reads one that comes with the harness, or a file.
   *
   * @param nameOrFile one of {@link #NAMES}, or a path
   * @throws IOException if the file cannot be read
   * @throws DocumentException if it does not say a workload; each complaint names its line
   */
  static Workload read(String nameOrFile) throws IOException, DocumentException {
    if (NAMES.contains(nameOrFile)) {
      String file = nameOrFile + ".yaml";
      try (InputStream in = WorkloadDocument.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new AssertionError("no " + file + " on the class path");
        }
        return parse(nameOrFile, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    Path file = Path.of(nameOrFile);
    if (!Files.exists(file)) {
      throw new IOException(
          "no workload is called " + nameOrFile + ", and no file; there are " + NAMES);
    }
    String fileName = String.valueOf(file.getFileName());
    return new WorkloadDocument(MarkedDocument.read(file), fileName.replaceFirst("\\.ya?ml$", ""))
        .workload();
  }

  /** Reads a text. */
  static Workload parse(String name, String text) throws DocumentException {
    return new WorkloadDocument(MarkedDocument.parse(name, text), name).workload();
  }

  private Workload workload() throws DocumentException {
    for (Field field : document.fields(document.root(), "a workload")) {
      take(field);
    }
    if (intent.isEmpty()) {
      document.complain(document.root(), "a workload says its intent");
    }
    if (rates.contains(0) && (backlog == 0 || rates.size() > 1)) {
      document.complain(document.root(), "rate 0 stands alone, and wants a backlog to empty");
    }
    document.check();
    return new Workload(
        name,
        intent,
        arrivals,
        rates,
        seconds,
        messageBytes,
        durability,
        queues,
        consumers,
        handlerMs,
        waitSeconds,
        backlog,
        sendsMax,
        sloMs);
  }

  private void take(Field field) {
    Node value = field.value();
    switch (field.name()) {
      case "intent" -> intent = document.text(value);
      case "arrivals" -> arrivals = arrivals(value);
      case "rates" -> rates = numbers(value, 0, RATE_MAX);
      case "seconds" -> seconds = number(value, 1, 86_400);
      case "message-bytes" -> messageBytes = number(value, Numbered.BYTES_MIN, 1 << 20);
      case "durability" -> {
        durability = document.text(value);
        if (!durability.equals("power-loss") && !durability.equals("process-crash")) {
          document.complain(value, "'" + durability + "' is neither power-loss nor process-crash");
        }
      }
      case "queues" -> queues = numbers(value, 1, COUNT_MAX);
      case "consumers" -> consumers = numbers(value, 1, COUNT_MAX);
      case "handler-ms" -> handlerMs = number(value, 0, 60_000);
      case "wait-seconds" -> waitSeconds = number(value, 0, 20);
      case "backlog" -> backlog = number(value, 0, 10_000_000);
      case "sends-max" -> sendsMax = number(value, 1, COUNT_MAX);
      case "slo-ms" -> sloMs = number(value, 1, 3_600_000);
      default -> document.unknown(field, "a workload", FIELDS);
    }
  }

  private Arrivals arrivals(Node value) {
    if (MarkedDocument.isMap(value)) {
      for (Field field : document.fields(value, "arrivals")) {
        if (field.name().equals("burst")) {
          return new Arrivals.Burst(number(field.value(), 2, 100_000));
        }
        document.unknown(field, "arrivals", List.of("burst"));
      }
      return arrivals;
    }
    return switch (document.text(value)) {
      case "constant" -> new Arrivals.Constant();
      case "poisson" -> new Arrivals.Poisson();
      default -> {
        document.complain(value, "arrivals are constant, poisson or {burst: N}");
        yield arrivals;
      }
    };
  }

  private List<Integer> numbers(Node list, int min, int max) {
    List<Integer> numbers = new ArrayList<>();
    for (Node item : document.items(list)) {
      numbers.add(number(item, min, max));
    }
    if (numbers.isEmpty()) {
      document.complain(list, "at least one number is expected here");
      numbers.add(min);
    }
    return numbers;
  }

  private int number(Node value, int min, int max) {
    OptionalLong number = document.number(value, min, max);
    return number.isPresent() ? (int) number.getAsLong() : min;
  }
}
