package io.millrace.chaos.scenario;

import java.util.List;

/**
 * An experiment with an intent.
 *
 * @param name its name
 * @param intent what it is to find out, in one sentence
 * @param parts what is done, one after another
 * @param wantsRareStates whether every rare state must occur, in whichever part
 * @param text the document it was read from
 */
public record Scenario(
    String name, String intent, List<Part> parts, boolean wantsRareStates, String text) {

  /** Copies the list. */
  public Scenario {
    parts = List.copyOf(parts);
  }

  /** The same with a share of its faults and its time. */
  public Scenario share(double share) {
    return new Scenario(
        name,
        intent,
        parts.stream().map(part -> part.share(share)).toList(),
        wantsRareStates,
        text);
  }
}
