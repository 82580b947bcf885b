package io.millrace.reports.platform;

import static io.millrace.reports.record.Environment.UNKNOWN;

import io.millrace.reports.record.Environment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what can explain a run's figures: machine, kernel, file system, Java, and the load before
 * and after. On Linux from {@code /proc} and {@code /sys}; elsewhere most of it stays "unknown".
 * Never fails and never names the host, a user or an absolute path.
 */
public final class EnvironmentCapture {
  private static final double NOT_KNOWN = -1;
  private static final int STEAL_COLUMN = 7;
  private static final int CPU_COLUMNS = 8;
  private static final Pattern CHOSEN = Pattern.compile("\\[(\\S+)]");

  /** Columns of {@code /proc/self/mountinfo} before its optional fields; see proc(5). */
  private static final int MOUNT_POINT_COLUMN = 4;

  private static final int MOUNT_OPTIONS_COLUMN = 5;

  private final Path root;
  private final double loadAverageStart;
  private final long[] cpuTicksStart;

  private EnvironmentCapture(Path root) {
    this.root = root;
    this.loadAverageStart = loadAverage();
    this.cpuTicksStart = cpuTicks();
  }

  /** Notes the load before a run; call {@link #finish} after it. */
  public static EnvironmentCapture begin() {
    return new EnvironmentCapture(Path.of("/"));
  }

  /** As {@link #begin()}, reading {@code proc}, {@code sys} and {@code etc} below another root. */
  static EnvironmentCapture begin(Path root) {
    return new EnvironmentCapture(root);
  }

  /**
   * Captures the environment at the end of a run.
   *
   * @param runDirectory where the run's files go
   * @param dataDirectory the server's data directory; recorded relative to the run directory when
   *     it lies in it, by its last name otherwise
   * @param serverJdk the server's Java, as {@link #jdk()} names one
   * @param serverJvmFlags the server's JVM flags; paths and secrets are taken out here
   */
  public Environment finish(
      Path runDirectory, Path dataDirectory, String serverJdk, List<String> serverJvmFlags) {
    Mount mount = mountOf(dataDirectory.toAbsolutePath().normalize());
    return new Environment(
        os(),
        firstLine("proc/sys/kernel/osrelease").orElse(System.getProperty("os.version", UNKNOWN)),
        System.getProperty("os.arch", UNKNOWN),
        valueOf("proc/cpuinfo", "model name").orElse(UNKNOWN),
        Runtime.getRuntime().availableProcessors(),
        memoryBytes(),
        firstLine("sys/devices/system/clocksource/clocksource0/current_clocksource")
            .orElse(UNKNOWN),
        firstLine("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").orElse(UNKNOWN),
        firstLine("sys/kernel/mm/transparent_hugepage/enabled")
            .map(EnvironmentCapture::chosen)
            .orElse(UNKNOWN),
        loadAverageStart,
        loadAverage(),
        stealPercent(cpuTicksStart, cpuTicks()),
        mount.fileSystem(),
        mount.options(),
        relative(runDirectory, dataDirectory),
        jdk(),
        Discreet.flags(ManagementFactory.getRuntimeMXBean().getInputArguments()),
        serverJdk,
        Discreet.flags(serverJvmFlags));
  }

  /** This JVM's Java: vendor and version, such as {@code Eclipse Adoptium 17.0.15+6}. */
  public static String jdk() {
    return System.getProperty("java.vendor", UNKNOWN) + " " + Runtime.version();
  }

  /** A mounted file system. */
  private record Mount(String fileSystem, List<String> options) {}

  private String os() {
    return valueOf("etc/os-release", "PRETTY_NAME")
        .map(name -> name.replace("\"", ""))
        .orElse(System.getProperty("os.name", UNKNOWN));
  }

  private long memoryBytes() {
    Matcher kib =
        Pattern.compile("(\\d+) kB").matcher(valueOf("proc/meminfo", "MemTotal").orElse(""));
    return kib.matches() ? Long.parseLong(kib.group(1)) * 1024 : (long) NOT_KNOWN;
  }

  private double loadAverage() {
    try {
      return firstLine("proc/loadavg")
          .map(line -> Double.parseDouble(line.split(" ", -1)[0]))
          .orElse(NOT_KNOWN);
    } catch (NumberFormatException e) {
      return NOT_KNOWN;
    }
  }

  /** The columns user to steal of the first line of {@code /proc/stat}; empty when not readable. */
  private long[] cpuTicks() {
    try {
      String[] columns = firstLine("proc/stat").orElse("").split(" +", -1);
      return columns.length > CPU_COLUMNS
          ? Arrays.stream(columns, 1, CPU_COLUMNS + 1).mapToLong(Long::parseLong).toArray()
          : new long[0];
    } catch (NumberFormatException e) {
      return new long[0];
    }
  }

  private static double stealPercent(long[] before, long[] after) {
    if (before.length == 0 || after.length == 0) {
      return NOT_KNOWN;
    }
    long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
    long steal = after[STEAL_COLUMN] - before[STEAL_COLUMN];
    return all <= 0 ? 0 : Math.round(10_000.0 * steal / all) / 100.0;
  }

  /** The mount with the longest mount point above a path. */
  private Mount mountOf(Path path) {
    Mount found = new Mount(UNKNOWN, List.of());
    int longest = -1;
    for (String line : lines("proc/self/mountinfo")) {
      int dash = line.indexOf(" - ");
      if (dash < 0) {
        continue;
      }
      String[] left = line.substring(0, dash).split(" ", -1);
      String[] right = line.substring(dash + 3).split(" ", -1);
      if (left.length <= MOUNT_OPTIONS_COLUMN || right.length < 3) {
        continue;
      }
      Path mountPoint = Path.of(left[MOUNT_POINT_COLUMN].replace("\\040", " "));
      // Equal length too: a later mount on the same point hides the earlier one.
      if (path.startsWith(mountPoint) && mountPoint.getNameCount() >= longest) {
        longest = mountPoint.getNameCount();
        List<String> options = new ArrayList<>();
        options.addAll(List.of(left[MOUNT_OPTIONS_COLUMN].split(",", -1)));
        options.addAll(List.of(right[2].split(",", -1)));
        found = new Mount(right[0], Discreet.mountOptions(options));
      }
    }
    return found;
  }

  private static String relative(Path runDirectory, Path dataDirectory) {
    Path run = runDirectory.toAbsolutePath().normalize();
    Path data = dataDirectory.toAbsolutePath().normalize();
    Path shown = data.startsWith(run) ? run.relativize(data) : data.getFileName();
    return shown == null ? UNKNOWN : shown.toString();
  }

  /** The word in brackets of a setting such as {@code always [madvise] never}. */
  private static String chosen(String setting) {
    Matcher matcher = CHOSEN.matcher(setting);
    return matcher.find() ? matcher.group(1) : setting;
  }

  /** The value of the first line that starts with a key and a colon or an equals sign. */
  private Optional<String> valueOf(String file, String key) {
    Pattern pattern = Pattern.compile(Pattern.quote(key) + "\\s*[:=]\\s*(.*)");
    return lines(file).stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1).strip())
        .findFirst();
  }

  private Optional<String> firstLine(String file) {
    return lines(file).stream().findFirst().map(String::strip).filter(line -> !line.isEmpty());
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      // Not Linux, or hidden from this process: the field says "unknown".
      return List.of();
    }
  }
}
