package io.millrace.chaos.check;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a history is held to.
 *
 * @param profile whose promises
 * @param timerSlack how far the server's clock may be off the clients' over one visibility timeout
 * @param liveness how long after the end of its lease or its delay a message may take to come while
 *     somebody polls
 * @param grace how long an operation may be under way, if the history does not tell; after twice
 *     this a message that was surely deleted is forgotten but for two bits
 * @param wallSlack how far the server's wall clock may be off the clients'
 * @param retentionSlack how long after its retention a message may still be received
 * @param purgeWindow how long after a purge a message sent before it may be received, and one sent
 *     after it may be purged
 * @param budget for what {@link Profile#AWS_STANDARD} does not promise: receives after a confirmed
 *     delete, and within a lease
 * @param required the invariants that must have been exercised; another that was not leaves the
 *     verdict of the run as it is
 */
public record Rules(
    Profile profile,
    Duration timerSlack,
    Duration liveness,
    Duration grace,
    Duration wallSlack,
    Duration retentionSlack,
    Duration purgeWindow,
    Budget budget,
    Set<Invariant> required) {

  /** What any run exercises that sends, receives and deletes. */
  public static final Set<Invariant> ANY_RUN =
      Collections.unmodifiableSet(
          EnumSet.of(
              Invariant.LOSS,
              Invariant.PHANTOM,
              Invariant.INTEGRITY,
              Invariant.FAILED_SEND,
              Invariant.INFO_SEND,
              Invariant.ZOMBIE,
              Invariant.EXCLUSIVITY,
              Invariant.EXPLAINED_DUPLICATES,
              Invariant.RECEIVE_COUNT,
              Invariant.HANDLES,
              Invariant.WORK_DONE));

  /** For a server on this machine, with polls and timeouts of some seconds. */
  public static final Rules STRICT =
      new Rules(
          Profile.STRICT,
          Duration.ofMillis(250),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ZERO,
          Budget.NONE,
          ANY_RUN);

  /**
   * For any endpoint that behaves as Amazon documents it (Amazon SQS developer guide, "Standard
   * queues"; API reference, PurgeQueue).
   */
  public static final Rules AWS_STANDARD =
      new Rules(
          Profile.AWS_STANDARD,
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(15),
          Duration.ofSeconds(60),
          new Budget(10, 1_000),
          ANY_RUN);

  /** Copies the set. */
  public Rules {
    required = Set.copyOf(required);
  }

  /** The rules of a profile. */
  public static Rules of(Profile profile) {
    return profile == Profile.STRICT ? STRICT : AWS_STANDARD;
  }

  /** These rules for a server whose timers are exact, as a simulated one's. */
  public Rules withSlack(Duration timers, Duration itsLiveness) {
    return new Rules(
        profile,
        timers,
        itsLiveness,
        grace,
        wallSlack,
        retentionSlack,
        purgeWindow,
        budget,
        required);
  }

  /** These rules with other invariants that must have been exercised. */
  public Rules requiring(Set<Invariant> invariants) {
    return new Rules(
        profile,
        timerSlack,
        liveness,
        grace,
        wallSlack,
        retentionSlack,
        purgeWindow,
        budget,
        invariants);
  }

  boolean strict() {
    return profile == Profile.STRICT;
  }

  long timerSlackNs() {
    return timerSlack.toNanos();
  }

  long livenessNs() {
    return liveness.toNanos();
  }

  long graceNs() {
    return grace.toNanos();
  }

  long purgeWindowNs() {
    return purgeWindow.toNanos();
  }
}
