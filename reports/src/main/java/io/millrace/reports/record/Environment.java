package io.millrace.reports.record;

import java.util.List;

/**
 * Where a run took place, as far as it can explain the figures. Never a host name, a user name or
 * an absolute path. What could not be read says {@value #UNKNOWN}, or -1 for a number.
 *
 * @param os operating system and release, such as "Debian GNU/Linux 12 (bookworm)"
 * @param kernel kernel release
 * @param arch processor architecture as the JVM names it
 * @param cpuModel processor model
 * @param cpus processors the JVM may use
 * @param memoryBytes the machine's memory
 * @param clocksource the kernel's clock source, such as "tsc" or "kvm-clock"
 * @param governor frequency governor of processor 0
 * @param transparentHugePages the kernel's setting, such as "madvise"
 * @param loadAverageStart 1-minute load average before the run
 * @param loadAverageEnd 1-minute load average after it
 * @param stealPercent share of processor time taken by the hypervisor during the run, 0 to 100
 * @param fileSystem file system of the data directory, such as "ext4"
 * @param mountOptions its mount options, paths left out
 * @param dataDir the data directory, relative to the run directory
 * @param jdk the lab's Java: vendor, version
 * @param jvmFlags the lab's JVM flags, paths replaced
 * @param serverJdk the server's Java: vendor, version
 * @param serverJvmFlags the server's JVM flags, paths replaced
 */
public record Environment(
    String os,
    String kernel,
    String arch,
    String cpuModel,
    int cpus,
    long memoryBytes,
    String clocksource,
    String governor,
    String transparentHugePages,
    double loadAverageStart,
    double loadAverageEnd,
    double stealPercent,
    String fileSystem,
    List<String> mountOptions,
    String dataDir,
    String jdk,
    List<String> jvmFlags,
    String serverJdk,
    List<String> serverJvmFlags) {
  /** Stands for what could not be read. */
  public static final String UNKNOWN = "unknown";

  /** Copies the lists. */
  public Environment {
    mountOptions = List.copyOf(mountOptions);
    jvmFlags = List.copyOf(jvmFlags);
    serverJvmFlags = List.copyOf(serverJvmFlags);
  }
}
