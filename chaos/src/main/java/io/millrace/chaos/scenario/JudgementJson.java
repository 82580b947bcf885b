package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON, for programs and for whoever comes later. */
final class JudgementJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final double NS_PER_MS = 1e6;

  private JudgementJson() {}

  /**
   * A part's result.
   *
   * @param timelines of the accused attempts
   */
  static String of(ProcResult result, Map<Long, List<String>> timelines) {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("format", 1)
            .put("part", result.title())
            .put("seed", result.seed())
            .put("verdict", result.outcome().name())
            .put("profile", result.judgement().profile().label())
            .put("attempts", result.attempts())
            .put("acknowledged", result.judgement().census().acknowledged())
            .put("lost", result.judgement().lost());
    result.trouble().ifPresent(trouble -> root.put("trouble", trouble));
    ObjectNode fired = root.putObject("fired");
    result.fired().forEach(fired::put);
    ArrayNode skipped = root.putArray("skipped");
    result.skipped().forEach(skipped::add);
    root.set("restartsMs", restarts(result.restartsNs()));
    ArrayNode invariants = root.putArray("invariants");
    result.judgement().verdicts().forEach(each -> invariants.add(invariant(each, timelines)));
    return pretty(root);
  }

  /** A whole run's. */
  static String of(String scenario, Outcome outcome, List<PartResult> results) {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("format", 1)
            .put("scenario", scenario)
            .put("verdict", outcome.name());
    ArrayNode parts = root.putArray("parts");
    for (PartResult result : results) {
      ObjectNode part =
          parts
              .addObject()
              .put("part", result.title())
              .put("seed", result.seed())
              .put("verdict", result.outcome().name());
      ObjectNode fired = part.putObject("fired");
      result.fired().forEach(fired::put);
      ArrayNode remarks = part.putArray("remarks");
      result.remarks().forEach(remarks::add);
    }
    return pretty(root);
  }

  private static ObjectNode restarts(List<Long> restartsNs) {
    long[] sorted = restartsNs.stream().mapToLong(Long::longValue).sorted().toArray();
    ObjectNode node = MAPPER.createObjectNode().put("count", sorted.length);
    if (sorted.length > 0) {
      node.put("median", sorted[sorted.length / 2] / NS_PER_MS)
          .put("max", Arrays.stream(sorted).max().orElseThrow() / NS_PER_MS);
    }
    return node;
  }

  private static ObjectNode invariant(InvariantVerdict each, Map<Long, List<String>> timelines) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("invariant", each.invariant().label())
            .put("verdict", each.verdict().word())
            .put("judged", each.judged())
            .put("undecided", each.undecided());
    if (each.verdict() instanceof Verdict.Unknown unknown) {
      node.put("reason", unknown.reason());
    }
    ObjectNode counts = node.putObject("counts");
    each.counts().forEach(counts::put);
    if (each.verdict() instanceof Verdict.Invalid invalid) {
      node.put("violations", invalid.total());
      ArrayNode findings = node.putArray("findings");
      for (Finding finding : invalid.findings()) {
        ArrayNode timeline =
            findings
                .addObject()
                .put("atMs", finding.atNs() / NS_PER_MS)
                .put("attempt", finding.attempt())
                .put("sentence", finding.sentence())
                .putArray("timeline");
        timelines.getOrDefault(finding.attempt(), List.of()).forEach(timeline::add);
      }
    }
    return node;
  }

  private static String pretty(ObjectNode root) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
