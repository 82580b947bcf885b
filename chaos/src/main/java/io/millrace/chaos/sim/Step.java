package io.millrace.chaos.sim;

/**
 * One line of a schedule. A step is complete in itself: what it names by a number (a receipt, a
 * poll) is looked up when its turn comes, so that a schedule stays runnable when steps are taken
 * out of it.
 */
public sealed interface Step {

  /** What a client asks. */
  sealed interface Operation extends Step {}

  /** Something that goes wrong. */
  sealed interface Fault extends Step {}

  /** What becomes of a request and of its answer. */
  enum Fate {
    ANSWERED,
    /** It is done and the answer never arrives. */
    ANSWER_LOST,
    /** It arrives twice. */
    ARRIVES_TWICE
  }

  /** Stands for the queue's own delay or visibility timeout. */
  int QUEUE_DEFAULT = -1;

  record Send(int queue, int delaySeconds, Fate fate) implements Operation {}

  record SendBatch(int queue, int size, Fate fate) implements Operation {}

  record Receive(int queue, int max, int waitSeconds, int visibilitySeconds, Fate fate)
      implements Operation {}

  /** Deletes by the n-th receipt kept, modulo their number; no receipt, no delete. */
  record Delete(int receipt, Fate fate) implements Operation {}

  /** Deletes by the n-th receipt and others of its queue. */
  record DeleteBatch(int receipt, int size, Fate fate) implements Operation {}

  record ChangeVisibility(int receipt, int seconds, Fate fate) implements Operation {}

  record ChangeVisibilityBatch(int receipt, int size, int seconds) implements Operation {}

  record Purge(int queue) implements Operation {}

  record Counts(int queue) implements Operation {}

  record SetVisibility(int queue, int seconds) implements Operation {}

  /** Deletes in one queue by a receipt of another. */
  record DeleteElsewhere(int receipt, int queue) implements Operation {}

  /** Deletes by a handle that nobody was given, made from one that somebody was. */
  record DeleteForged(int receipt, int character) implements Operation {}

  /** Withdraws the n-th poll that waits. */
  record CancelPoll(int poll) implements Operation {}

  /** Nobody asks for a while. */
  record Wait(int ms) implements Step {}

  /**
   * The server dies.
   *
   * @param powerCut whether the machine dies with it
   * @param site where
   * @param n at the n-th such place from now
   * @param tail what a power cut leaves of what was not forced
   * @param downMs how long until it is started again
   * @param again how many places of its recovery the next start passes before it dies too; 0 if it
   *     does not
   */
  record Crash(boolean powerCut, CrashSite site, int n, Tail tail, int downMs, int again)
      implements Fault {}

  /** What a power cut leaves of what was not forced. */
  enum Tail {
    NOTHING,
    ALL,
    /** A first part; the last record of it is likely cut in two. */
    PART,
    /** All, with one bit flipped in one record. */
    FLIPPED
  }

  /** The next force fails. */
  record FailForce() implements Fault {}

  /** Forces take long. */
  record SlowForce(int ms) implements Fault {}

  /**
   * The disk is full.
   *
   * @param reserveBytes what is left of it for work that frees space
   */
  record FillDisk(int ms, int reserveBytes) implements Fault {}

  /** The wall clock is set. */
  record StepClock(int ms) implements Fault {}

  /** A bit flips in the durable record of a message that is there. */
  record FlipBit(int message, int bit) implements Fault {}
}
