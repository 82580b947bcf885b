package io.millrace.reports.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/**
 * How far the checkers can be trusted: bugs planted behind the engine's doors on purpose, and which
 * invariant flagged each in how many simulated runs. Read from {@code kill-matrix.json}, which the
 * lab's own tests write.
 *
 * @param format of the file, {@value #FORMAT}
 * @param tier where the bugs ran
 * @param profile of the judge
 * @param invariants every checker that looked
 * @param bugs one row each
 */
public record KillMatrix(
    int format, String tier, String profile, List<String> invariants, List<Bug> bugs) {

  private static final int FORMAT = 1;
  private static final String RESOURCE = "kill-matrix.json";

  /**
   * One planted bug.
   *
   * @param name what it does
   * @param door where it was let in
   * @param expected the invariant it breaks
   * @param caughtAtSeed the first seed, from 1, at which anything was flagged; 0 if nothing was
   * @param expectedAtSeed the first at which the expected invariant was; 0 if it never was
   * @param seeds how many ran
   * @param flagged in how many of them each invariant was flagged
   */
  public record Bug(
      String name,
      String door,
      String expected,
      int caughtAtSeed,
      int expectedAtSeed,
      int seeds,
      Map<String, Integer> flagged) {

    /** Copies the map, its keys in alphabetical order. */
    public Bug {
      flagged = Collections.unmodifiableMap(new TreeMap<>(flagged));
    }

    /** Which invariants flagged it and how often, as words. */
    public String flaggedInWords() {
      return flagged.entrySet().stream()
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /** Copies the lists. */
  public KillMatrix {
    if (format != FORMAT) {
      throw new IllegalArgumentException("format " + format + " where " + FORMAT + " is read");
    }
    invariants = List.copyOf(invariants);
    bugs = List.copyOf(bugs);
  }

  /** The matrix of this build. */
  public static KillMatrix ofThisBuild() {
    try (InputStream in = KillMatrix.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build has no " + RESOURCE);
      }
      return RecordMapper.LENIENT.readValue(in, KillMatrix.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JacksonException e) {
      throw new IllegalStateException(RESOURCE + " is no kill matrix", e);
    }
  }

  /** How many bugs were found by the invariant they break. */
  public long found() {
    return bugs.stream().filter(bug -> bug.expectedAtSeed() > 0).count();
  }
}
