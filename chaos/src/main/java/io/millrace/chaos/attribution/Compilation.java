package io.millrace.chaos.attribution;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a JVM's compilers have worked since it was started: while that grows fast, the JVM is
 * not yet the one that will be measured.
 */
public final class Compilation {

  /** A JVM is warm when its compilers are busy for no more than this share of the time. */
  public static final double RESTING_SHARE = 0.05;

  private static final Pattern TICKS = Pattern.compile("(?m)^java\\.ci\\.totalTime=(\\d+)$");
  private static final Pattern TICKS_PER_SECOND =
      Pattern.compile("(?m)^sun\\.os\\.hrt\\.frequency=(\\d+)$");
  private static final double NANOS = 1e9;

  private Compilation() {}

  /**
   * All threads of the compilers together, by the clock: a thread that waits for a core counts as
   * busy. In ns.
   *
   * @param pid of this JVM, or of another one of this machine
   * @return empty where it does not tell: no such process, or not HotSpot with its counters
   */
  public static OptionalLong nanos(long pid) throws IOException {
    if (pid == ProcessHandle.current().pid()) {
      return here();
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      return OptionalLong.empty();
    }
    String counters = Jcmd.ask(pid, "PerfCounter.print");
    Matcher ticks = TICKS.matcher(counters);
    Matcher frequency = TICKS_PER_SECOND.matcher(counters);
    return ticks.find() && frequency.find()
        ? OptionalLong.of(
            (long) (Long.parseLong(ticks.group(1)) * NANOS / Long.parseLong(frequency.group(1))))
        : OptionalLong.empty();
  }

  private static OptionalLong here() {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    return compilers != null && compilers.isCompilationTimeMonitoringSupported()
        ? OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(compilers.getTotalCompilationTime()))
        : OptionalLong.empty();
  }
}
