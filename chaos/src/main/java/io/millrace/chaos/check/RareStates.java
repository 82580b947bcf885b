package io.millrace.chaos.check;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How often each {@link RareState} occurred, over one run or many.
 *
 * <p>Not safe for use by several threads.
 */
public final class RareStates {

  private final Map<RareState, Long> counts = new EnumMap<>(RareState.class);

  /** None yet. */
  public RareStates() {
    for (RareState state : RareState.values()) {
      counts.put(state, 0L);
    }
  }

  /** It occurred. */
  public void occurred(RareState state) {
    counts.merge(state, 1L, Long::sum);
  }

  /** What occurred in another run occurred too. */
  public void addAll(RareStates others) {
    others.counts.forEach((state, count) -> counts.merge(state, count, Long::sum));
  }

  /** How often it occurred. */
  public long count(RareState state) {
    return counts.getOrDefault(state, 0L);
  }

  /** Those that never occurred. */
  public Set<RareState> missing() {
    Set<RareState> missing = EnumSet.allOf(RareState.class);
    missing.removeIf(state -> count(state) > 0);
    return missing;
  }
}
