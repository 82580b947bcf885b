package io.millrace.reports.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a fault experiment has to say, as the lab wrote it into {@code verdict.json}.
 *
 * @param scenario the experiment's name
 * @param verdict the worst of its parts', or UNKNOWN when a rare state that was asked for never
 *     occurred
 * @param parts in the order they were run
 */
public record ChaosRecord(String scenario, Verdict verdict, List<Part> parts) {

  /** Copies the list. */
  public ChaosRecord {
    parts = List.copyOf(parts);
  }

  /**
   * One part.
   *
   * @param part its title
   * @param seed of its plan
   * @param verdict how it ended
   * @param fired how often each fault fired, by name
   * @param remarks what else is to be said of it, a line each
   */
  public record Part(
      String part,
      long seed,
      Verdict verdict,
      SortedMap<String, Long> fired,
      List<String> remarks) {
    /** Copies the collections. */
    public Part {
      fired = Collections.unmodifiableSortedMap(new TreeMap<>(fired));
      remarks = List.copyOf(remarks);
    }

    /** How often any fault fired. */
    public long faults() {
      return fired.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * What the judge said of one part whose history it read; {@code judgement.json} of the part.
   *
   * @param verdict how it ended
   * @param acknowledged messages
   * @param lost of these
   * @param fired how often each fault fired, by name
   * @param invariants every guarantee
   */
  public record PartJudgement(
      Verdict verdict,
      long acknowledged,
      long lost,
      Map<String, Long> fired,
      List<JudgedInvariant> invariants) {
    /** Copies the collections. */
    public PartJudgement {
      fired = Collections.unmodifiableMap(new TreeMap<>(fired));
      invariants = List.copyOf(invariants);
    }
  }

  /**
   * One guarantee.
   *
   * @param invariant its name
   * @param verdict whether it held
   * @param judged how many cases were decided
   * @param undecided how many could not be
   */
  public record JudgedInvariant(String invariant, Verdict verdict, long judged, long undecided) {}

  /** Whether a JSON document is such a record. */
  public static boolean is(JsonNode json) {
    return json.path("scenario").isString() && json.path("parts").isArray();
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it cannot be read, or is not the record of an experiment
   */
  public static ChaosRecord read(Path file) throws IOException {
    return read(file, ChaosRecord.class);
  }

  /**
   * Reads a part's judgement.
   *
   * @throws IOException if it cannot be read, or is none
   */
  public static PartJudgement readJudgement(Path file) throws IOException {
    return read(file, PartJudgement.class);
  }

  /**
   * Reads when, where and from what a run was made.
   *
   * @throws IOException if it cannot be read, or does not say that
   */
  public static Circumstances readCircumstances(Path file) throws IOException {
    return read(file, Circumstances.class);
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    try {
      return RecordMapper.LENIENT.readValue(Files.readString(file), type);
    } catch (JacksonException e) {
      throw new IOException(
          file.getFileName()
              + " is not of a fault experiment: "
              + Objects.toString(e.getOriginalMessage()),
          e);
    }
  }
}
