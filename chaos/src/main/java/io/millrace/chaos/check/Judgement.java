package io.millrace.chaos.check;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a judge says of a run.
 *
 * @param profile whose promises it was held to
 * @param required the invariants that must have been exercised
 * @param verdicts one for each invariant, in the order of {@link Invariant}
 * @param census how much happened
 * @param cutLogs names of the logs without an end; what they no longer hold could have changed a
 *     verdict
 */
public record Judgement(
    Profile profile,
    Set<Invariant> required,
    List<InvariantVerdict> verdicts,
    Census census,
    List<String> cutLogs) {

  /** Copies the lists. */
  public Judgement {
    required = Set.copyOf(required);
    verdicts = List.copyOf(verdicts);
    cutLogs = List.copyOf(cutLogs);
  }

  /**
   * The verdicts that bear on the run: of those that were not exercised, only the required ones.
   */
  public List<InvariantVerdict> counted() {
    return verdicts.stream()
        .filter(
            each ->
                each.exercised()
                    || each.verdict() instanceof Verdict.Invalid
                    || required.contains(each.invariant()))
        .toList();
  }

  /**
   * The verdict of the run, by the verdicts that {@linkplain #counted() bear} on it: INVALID beats
   * UNKNOWN beats VALID; a cut log leaves nothing valid.
   */
  public Verdict overall() {
    Verdict worst =
        cutLogs.isEmpty()
            ? Verdict.valid()
            : new Verdict.Unknown("logs without an end: " + String.join(", ", cutLogs));
    for (InvariantVerdict each : counted()) {
      if (each.verdict() instanceof Verdict.Invalid) {
        return each.verdict();
      } else if (each.verdict() instanceof Verdict.Unknown && worst instanceof Verdict.Valid) {
        worst = each.verdict();
      }
    }
    return worst;
  }

  /** The verdict on one invariant. */
  public InvariantVerdict of(Invariant invariant) {
    return verdicts.stream()
        .filter(each -> each.invariant() == invariant)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(invariant + " was not judged"));
  }

  /** How often one invariant was broken. */
  public long violations(Invariant invariant) {
    return of(invariant).verdict() instanceof Verdict.Invalid invalid ? invalid.total() : 0;
  }

  /** How many acknowledged messages were lost. */
  public long lost() {
    return violations(Invariant.LOSS);
  }

  /** Duplicates by {@linkplain DuplicateCause#label() cause}, zeroes included. */
  public Map<String, Long> duplicates() {
    return of(Invariant.EXPLAINED_DUPLICATES).counts();
  }

  /** All findings kept, in the order of the invariants. */
  public List<Finding> findings() {
    return verdicts.stream()
        .map(InvariantVerdict::verdict)
        .filter(Verdict.Invalid.class::isInstance)
        .map(Verdict.Invalid.class::cast)
        .flatMap(invalid -> invalid.findings().stream())
        .toList();
  }
}
