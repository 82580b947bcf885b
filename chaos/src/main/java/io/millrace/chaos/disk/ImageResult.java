package io.millrace.chaos.disk;

import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.history.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What became of one image.
 *
 * @param moments what was under way at each cut, the first first
 * @param drawn what the last image was like
 * @param history everything that clients knew, sorted by return
 * @param judgement of the history; empty if the engine did not come so far
 * @param failures what went wrong, in the words of {@link ImageFailure}; empty if nothing
 * @param states rare states it went through
 * @param tailKept sends of unknown outcome whose message came
 * @param tailLost sends of unknown outcome whose message did not come
 */
record ImageResult(
    List<Moment> moments,
    CrashImage.Drawn drawn,
    List<Entry> history,
    Optional<Judgement> judgement,
    List<Wrong> failures,
    Set<RareSight> states,
    int tailKept,
    int tailLost) {

  ImageResult {
    moments = List.copyOf(moments);
    history = List.copyOf(history);
    failures = List.copyOf(failures);
    states = Set.copyOf(states);
  }

  /**
   * Something that went wrong.
   *
   * @param kind what
   * @param sentence in words
   */
  record Wrong(ImageFailure.Kind kind, String sentence) {}
}
