package io.millrace.chaos.disk;

import java.nio.file.Path;

/**
 * An image that an engine did not come back from as it must.
 *
 * @param seed of the life it was drawn from: {@code ./millrace chaos disk --seed SEED} runs that
 *     life again
 * @param moment what was under way at the cut
 * @param strategy how the image was drawn
 * @param profile what the file system promised
 * @param kind what went wrong
 * @param sentence what went wrong, in words
 * @param evidence a directory: the image, the history, the verdicts
 */
public record ImageFailure(
    long seed,
    Moment moment,
    PageStrategy strategy,
    CrashProfile profile,
    Kind kind,
    String sentence,
    Path evidence) {

  /** What can go wrong. */
  public enum Kind {
    /** An acknowledged message did not come back. */
    LOST,
    /** A message came that nobody sent so. */
    TORN,
    /** The engine did not open, or did not take or give messages as it must. */
    WEDGED,
    /** The engine named damage where a power cut can have done none. */
    FALSE_DAMAGE,
    /** Another invariant was broken. */
    OTHER
  }
}
