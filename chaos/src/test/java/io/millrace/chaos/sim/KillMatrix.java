package io.millrace.chaos.sim;

import io.millrace.chaos.check.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which planted bug was flagged by which invariant, in how many seeds.
 *
 * <pre>
 * { "format": 1,
 *   "tier": "sim",
 *   "profile": "strict",
 *   "invariants": [ "no-loss", ... ],            the columns, and "engine-trouble": the engine stopped
 *   "bugs": [
 *     { "name": "reply-before-force",
 *       "door": "journal",                       where it was let in: service, journal, storage, clock
 *       "expected": "no-loss",                   the invariant it breaks
 *       "caughtAtSeed": 1,                       the first seed, from 1, at which anything was flagged
 *       "expectedAtSeed": 1,                     the first at which the expected invariant was
 *       "seeds": 8,                              how many seeds ran
 *       "flagged": { "no-loss": 7, ... } } ] }   in how many of them each invariant was flagged
 * </pre>
 */
final class KillMatrix {

  private static final int FORMAT = 1;

  private static final class Row {
    private final PlantedBug bug;
    private final Map<String, Integer> flagged = new LinkedHashMap<>();
    private int seeds;
    private int caughtAt;
    private int expectedAt;

    private Row(PlantedBug bug) {
      this.bug = bug;
    }
  }

  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** What one seed flagged. */
  void add(PlantedBug bug, int seed, Set<String> failures) {
    Row row = rows.computeIfAbsent(bug.name(), each -> new Row(bug));
    row.seeds++;
    failures.forEach(label -> row.flagged.merge(label, 1, Integer::sum));
    if (row.caughtAt == 0 && !failures.isEmpty()) {
      row.caughtAt = seed;
    }
    if (row.expectedAt == 0 && failures.contains(bug.expected())) {
      row.expectedAt = seed;
    }
  }

  void write(Path file) throws IOException {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode matrix = mapper.createObjectNode();
    matrix.put("format", FORMAT).put("tier", "sim").put("profile", "strict");
    ArrayNode invariants = matrix.putArray("invariants");
    Arrays.stream(Invariant.values()).forEach(each -> invariants.add(each.label()));
    invariants.add(SimRun.TROUBLE);
    ArrayNode bugs = matrix.putArray("bugs");
    for (Row row : rows.values()) {
      ObjectNode bug =
          bugs.addObject()
              .put("name", row.bug.name())
              .put("door", row.bug.door().name().toLowerCase(Locale.ROOT))
              .put("expected", row.bug.expected())
              .put("caughtAtSeed", row.caughtAt)
              .put("expectedAtSeed", row.expectedAt)
              .put("seeds", row.seeds);
      ObjectNode flagged = bug.putObject("flagged");
      row.flagged.forEach(flagged::put);
    }
    Files.writeString(file, mapper.writeValueAsString(matrix) + "\n");
  }
}
