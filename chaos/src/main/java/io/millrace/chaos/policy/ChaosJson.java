package io.millrace.chaos.policy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes policies and faults as JSON. A policy written here is read back by {@link PolicyDocument}
 * as the same value.
 */
public final class ChaosJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ChaosJson() {}

  /** The policy as a document. */
  public static String of(ChaosPolicy policy) {
    return MAPPER.writeValueAsString(node(policy));
  }

  /** The policy in force and what became of it, for {@code GET /chaos}. */
  public static String of(ChaosPolicy policy, FaultLog log, List<String> skipped) {
    ObjectNode root = MAPPER.createObjectNode();
    root.set("policy", node(policy));
    ArrayNode faults = root.putArray("faults");
    log.counts()
        .forEach(
            (key, count) ->
                faults
                    .addObject()
                    .put("kind", key.kind().wireName())
                    .put("queue", key.queue())
                    .put("planned", count.planned())
                    .put("fired", count.fired())
                    .put("missed", count.missed()));
    ArrayNode reasons = root.putArray("skipped");
    skipped.forEach(reasons::add);
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  /** Lines of the log, one object a line. */
  public static String of(List<FaultLog.Line> lines) {
    StringBuilder text = new StringBuilder(lines.size() * 160);
    for (FaultLog.Line line : lines) {
      ObjectNode node =
          MAPPER
              .createObjectNode()
              .put("number", line.number())
              .put("fault", line.fault())
              .put("kind", line.kind().wireName())
              .put("queue", line.queue())
              .put("target", line.target())
              .put("stage", line.stage().name())
              .put("atNanos", line.atNanos())
              .put("detail", line.detail());
      text.append(MAPPER.writeValueAsString(node)).append('\n');
    }
    return text.toString();
  }

  /**
   * Reads lines of a log back.
   *
   * @throws IOException if they are none
   */
  public static List<FaultLog.Line> lines(String text) throws IOException {
    List<FaultLog.Line> lines = new ArrayList<>();
    for (String each : text.lines().toList()) {
      try {
        JsonNode line = MAPPER.readTree(each);
        String kind = line.required("kind").asString();
        lines.add(
            new FaultLog.Line(
                line.required("number").asLong(),
                line.required("fault").asLong(),
                Mishap.named(kind).orElseThrow(() -> new IOException("no fault is called " + kind)),
                line.required("queue").asString(),
                line.required("target").asString(),
                FaultLog.Stage.valueOf(line.required("stage").asString()),
                line.required("atNanos").asLong(),
                line.required("detail").asString()));
      } catch (JacksonException | IllegalArgumentException e) {
        throw new IOException("no line of a fault log: " + each, e);
      }
    }
    return lines;
  }

  private static ObjectNode node(ChaosPolicy policy) {
    ObjectNode root = MAPPER.createObjectNode().put("seed", policy.seed());
    ObjectNode queues = root.putObject("queues");
    policy
        .queues()
        .forEach(
            (queue, faults) -> {
              ObjectNode section = queues.putObject(queue);
              faults.rules().values().forEach(rule -> put(section, rule));
              faults
                  .order()
                  .ifPresent(
                      order ->
                          section
                              .putObject("order")
                              .put("policy", order.policy().wireName())
                              .put("width", order.width()));
            });
    ArrayNode clock = root.putArray("clock");
    policy
        .clock()
        .forEach(
            step -> clock.addObject().put("after-ms", step.afterMs()).put("by-ms", step.byMs()));
    return root;
  }

  private static void put(ObjectNode section, FaultRule rule) {
    Mishap kind = rule.kind();
    ObjectNode node = section.putObject(kind.wireName()).put("rate", rule.rate());
    if (rule.after() > 0) {
      node.put("after", rule.after());
    }
    if (rule.max() != Long.MAX_VALUE) {
      node.put("max", rule.max());
    }
    if (kind.takes(Mishap.Setting.MS)) {
      node.putArray("ms").add(rule.span().minMs()).add(rule.span().maxMs());
    }
    if (kind.takes(Mishap.Setting.ACTIONS)) {
      ArrayNode actions = node.putArray("actions");
      rule.actions().stream().sorted().map(SqsAction::wireName).forEach(actions::add);
    }
    if (kind.takes(Mishap.Setting.ANSWER)) {
      node.put("answer", rule.answer().wireName());
    }
    if (kind.takes(Mishap.Setting.BYTES_PER_SECOND)) {
      node.put("bytes-per-second", rule.bytesPerSecond());
    }
  }
}
