package io.millrace.chaos.scenario;

import java.time.Duration;

/**
 * What clients do meanwhile.
 *
 * @param clients how many at once, each in a thread of its own with one request at a time, 1 to 64
 * @param pauseMs the mean pause of a client between two requests, 0 to 1,000
 * @param bodyBytes size of every body, 128 to 262,144
 * @param seconds how long faults of the policy are on; faults of the process take the time they
 *     take
 */
public record LoadSetup(int clients, int pauseMs, int bodyBytes, int seconds) {

  /** Enough to have several changes under way at any instant. */
  public static final LoadSetup DEFAULT = new LoadSetup(6, 4, 512, 10);

  /** Short, so that what is left in flight comes again within the run. */
  static final Duration VISIBILITY = Duration.ofSeconds(1);

  /** The longest delay of a message, and the longest visibility timeout asked for. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  /** After so many receives a message goes to the dead-letter queue. */
  static final int RECEIVES_MAX = 3;
}
