package io.millrace.jmh.load;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * How the kernel's scheduler treats a thread that wakes.
 *
 * <p>On a machine whose cores are busy, an ordinary thread whose timer has fired waits until one of
 * those that run has had its turn, for milliseconds: the kernel is fair, and the message that was
 * due leaves late. A load generator on a machine of its own would not wait for the server. {@link
 * #prompt} gives its thread what such a machine gives: the lowest of the real-time priorities,
 * which come before every ordinary thread. It must do little at a time, since nobody ordinary can
 * take the core from it.
 */
enum Standing {
  /** Real time, first in first out, at the lowest priority: it runs as soon as it wakes. */
  REAL_TIME("in real time (SCHED_FIFO 1)"),

  /** As every thread: it may wait for those that run. */
  ORDINARY("like any other thread");

  /** Of {@code sched.h}, the same on every architecture of Linux. */
  private static final int SCHED_FIFO = 1;

  /** Threads that this one starts are ordinary. */
  private static final int SCHED_RESET_ON_FORK = 0x4000_0000;

  private static final int CALLING_THREAD = 0;
  private static final int LOWEST_PRIORITY = 1;

  private final String words;

  private interface Posix extends Library {
    /** {@code struct sched_param} is one int. */
    int sched_setscheduler(int thread, int policy, int[] priority) throws LastErrorException;
  }

  private static final class Linked {
    private static final Posix POSIX = Native.load("c", Posix.class);
  }

  Standing(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }

  /**
   * Asks for the calling thread to run as soon as it wakes. The kernel grants it to root and to
   * whom {@code ulimit -r} or {@code CAP_SYS_NICE} allows it; a thread it is refused to stays as it
   * was.
   *
   * @return what the thread's standing is now
   */
  static Standing prompt() {
    try {
      Linked.POSIX.sched_setscheduler(
          CALLING_THREAD, SCHED_FIFO | SCHED_RESET_ON_FORK, new int[] {LOWEST_PRIORITY});
      return REAL_TIME;
    } catch (LastErrorException | UnsatisfiedLinkError refused) {
      return ORDINARY;
    }
  }
}
