package io.millrace.reports.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a harness other than the load run has to say, as it wrote it into {@code NAME.json}. Plan
 * and figures are trees of the harness's own.
 *
 * @param bench which harness, with what tells this run of it from others
 * @param command repeats the run; empty in a record older than this field
 * @param startedAt the run's start by the wall clock
 * @param seconds how long it took
 * @param gitCommit full hash of the commit that ran, or "unknown"
 * @param gitDirty whether the work tree had uncommitted changes
 * @param environment where it ran
 * @param plan what was set out to do
 * @param measured what was measured
 * @param bars what was asked of figures
 */
public record HarnessRecord(
    String bench,
    @Nullable String command,
    Instant startedAt,
    double seconds,
    String gitCommit,
    boolean gitDirty,
    Environment environment,
    JsonNode plan,
    JsonNode measured,
    List<LoadRecord.Bar> bars) {

  private static final String OF_PAIRS = "ofPairs";

  /** Copies the list; refuses the record of a load run, which has a page of its own. */
  public HarnessRecord {
    bars = List.copyOf(bars);
    command = command == null ? "" : command;
    if (bench.startsWith(LoadRecord.PREFIX)) {
      throw new IllegalArgumentException(bench + " is a load run");
    }
  }

  /** What repeats the run; empty in a record older than this field. */
  @Override
  public String command() {
    return command == null ? "" : command;
  }

  /**
   * A ratio among the figures.
   *
   * @param name its path, in words; of servers that took turns, their names
   * @param ratio pair by pair
   */
  public record NamedRatio(String name, LoadRecord.Ratio ratio) {}

  /** Whether a JSON document is such a record. */
  public static boolean is(JsonNode json) {
    return json.path("bench").isString()
        && json.has("measured")
        && !json.path("bench").asString().startsWith(LoadRecord.PREFIX);
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it cannot be read, or is not the record of a harness
   */
  public static HarnessRecord read(Path file) throws IOException {
    try {
      return RecordMapper.LENIENT.treeToValue(
          RecordMapper.LENIENT.readTree(Files.readString(file)), HarnessRecord.class);
    } catch (JacksonException e) {
      throw new IOException(
          "not the record of a harness: " + Objects.toString(e.getOriginalMessage()), e);
    }
  }

  /** The servers that took turns, if this harness drove any. */
  public Optional<Turns> turns() {
    return Turns.of(plan, measured);
  }

  /** Every ratio with its pairs, wherever among the figures it stands. */
  public List<NamedRatio> ratios() {
    Optional<Turns> turns = turns();
    if (turns.isPresent()) {
      return turns.get().ratios().stream()
          .map(each -> new NamedRatio(each.name(), each.ratio()))
          .toList();
    }
    List<NamedRatio> ratios = new ArrayList<>();
    ratios("", measured, ratios);
    return ratios;
  }

  private static void ratios(String path, JsonNode node, List<NamedRatio> ratios) {
    if (node.has(OF_PAIRS)) {
      ratios.add(
          new NamedRatio(
              path.strip(), RecordMapper.LENIENT.treeToValue(node, LoadRecord.Ratio.class)));
    } else if (node.isObject()) {
      node.properties()
          .forEach(each -> ratios(path + " " + each.getKey(), each.getValue(), ratios));
    }
  }
}
