package io.millrace.chaos.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Delta debugging: makes a list that fails smaller until no single element can be left out (Zeller
 * and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
 */
final class Shrinker {

  /** Whether a list still fails as the whole one did. */
  interface Fails {
    boolean with(List<Integer> kept);
  }

  private final Fails fails;
  private int triesLeft;

  /**
   * A shrinker.
   *
   * @param triesMax how often it may ask
   */
  Shrinker(Fails fails, int triesMax) {
    this.fails = fails;
    this.triesLeft = triesMax;
  }

  /** The smallest list found; the whole one is known to fail. */
  List<Integer> shrink(List<Integer> whole) {
    List<Integer> current = whole;
    int parts = 2;
    while (current.size() >= 2 && triesLeft > 0) {
      List<Integer> smaller = withoutOnePart(current, parts);
      if (smaller.size() < current.size()) {
        current = smaller;
        parts = Math.max(2, parts - 1);
      } else if (parts >= current.size()) {
        break;
      } else {
        parts = Math.min(current.size(), parts * 2);
      }
    }
    return current;
  }

  private List<Integer> withoutOnePart(List<Integer> current, int parts) {
    for (int part = 0; part < parts && triesLeft > 0; part++) {
      int from = (int) ((long) current.size() * part / parts);
      int to = (int) ((long) current.size() * (part + 1) / parts);
      List<Integer> rest = new ArrayList<>(current.subList(0, from));
      rest.addAll(current.subList(to, current.size()));
      triesLeft--;
      if (fails.with(rest)) {
        return rest;
      }
    }
    return current;
  }
}
