package io.millrace.chaos.inject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Signals the JDK has no call for, and what the kernel shows of a process. */
public final class Signals {

  private static final Path PROCESSES = Path.of("/proc");

  private Signals() {}

  /** Why a process cannot be stopped and continued here; empty if it can. */
  public static Optional<String> whyNoPause() {
    return Files.isReadable(PROCESSES.resolve("self/stat"))
        ? Optional.empty()
        : Optional.of("no /proc shows here whether a process is stopped");
  }

  /** Why a server cannot be given a process table of its own here; empty if it can. */
  public static Optional<String> whyNoOwnProcessIds() {
    try {
      Process probe =
          new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
              .redirectErrorStream(true)
              .start();
      String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return waitFor(probe) == 0
          ? Optional.empty()
          : Optional.of("no process table of its own: " + said.strip());
    } catch (IOException e) {
      return Optional.of("no process table of its own: " + e.getMessage());
    }
  }

  /** Sends SIGSTOP. */
  public static void stop(long pid) throws IOException {
    send("-STOP", pid);
  }

  /** Sends SIGCONT. */
  public static void proceed(long pid) throws IOException {
    send("-CONT", pid);
  }

  /** Whether the kernel says that a process is stopped. */
  public static boolean isStopped(long pid) throws IOException {
    String stat = Files.readString(PROCESSES.resolve(pid + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
  }

  /** The process id that a process has in its own process table. */
  public static long innerPid(long pid) throws IOException {
    List<String> lines = Files.readAllLines(PROCESSES.resolve(pid + "/status"));
    for (String line : lines) {
      if (line.startsWith("NSpid:")) {
        return Long.parseLong(line.substring(line.lastIndexOf('\t') + 1));
      }
    }
    throw new IOException("the kernel names no process id within a table for " + pid);
  }

  private static void send(String signal, long pid) throws IOException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
    if (waitFor(kill) != 0) {
      throw new IOException("kill " + signal + " " + pid + " failed");
    }
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
