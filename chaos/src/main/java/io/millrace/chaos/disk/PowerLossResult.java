package io.millrace.chaos.disk;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.history.FaultKind;
import java.util.List;
import java.util.Map;

/**
 * What a power-loss trial found.
 *
 * @param plan what it did
 * @param images how many images were judged
 * @param lives how many engines lived and were cut
 * @param enginesBroken how many of them gave up, as they must on a device whose every force fails
 * @param cuts how many cuts were drawn from
 * @param seconds how long it took
 * @param faults faults that fired, with how often
 * @param byStrategy images by how they were drawn
 * @param byMoment images by what was under way at the cut; an image that was cut twice counts twice
 * @param states rare states with the number of images that went through them
 * @param verdicts for each invariant how many images gave which verdict
 * @param withLoss images that lacked at least one page or name that was written
 * @param pagesLost pages that were written and are not on the images
 * @param pagesTorn pages that are a mix of sectors on the images
 * @param tailKept sends that were under way at a cut and whose message came
 * @param tailLost sends that were under way at a cut and whose message did not come
 * @param failures everything that went wrong
 */
public record PowerLossResult(
    PowerLossPlan plan,
    int images,
    int lives,
    int enginesBroken,
    int cuts,
    double seconds,
    Map<FaultKind, Long> faults,
    Map<PageStrategy, Integer> byStrategy,
    Map<Moment, Integer> byMoment,
    Map<RareSight, Integer> states,
    Map<Invariant, Tally> verdicts,
    int withLoss,
    long pagesLost,
    long pagesTorn,
    long tailKept,
    long tailLost,
    List<ImageFailure> failures) {

  /** Copies. */
  public PowerLossResult {
    faults = Map.copyOf(faults);
    byStrategy = Map.copyOf(byStrategy);
    byMoment = Map.copyOf(byMoment);
    states = Map.copyOf(states);
    verdicts = Map.copyOf(verdicts);
    failures = List.copyOf(failures);
  }

  /**
   * Verdicts by their word.
   *
   * @param valid images where it held
   * @param invalid images where it was broken
   * @param unknown images where it was not exercised, or could not be told
   */
  public record Tally(int valid, int invalid, int unknown) {

    /** Of an invariant that no image was judged by. */
    public static final Tally NONE = new Tally(0, 0, 0);
  }

  /** The rare states that other tiers look for too, once for each image that went through one. */
  public RareStates rareStates() {
    RareStates rare = new RareStates();
    states.forEach(
        (sight, count) -> {
          for (int i = 0; i < count; i++) {
            sight.known().ifPresent(rare::occurred);
          }
        });
    return rare;
  }

  /** How many images failed in one way. */
  public long failures(ImageFailure.Kind kind) {
    return failures.stream().filter(failure -> failure.kind() == kind).count();
  }

  /** Whether every planned image was judged and none lacked anything it must have. */
  public boolean isValid() {
    return failures.isEmpty() && images == plan.images() && withLoss > 0;
  }
}
