package io.millrace.chaos.inject;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Signals the JDK has no call for, and what the kernel shows of a process. */
public final class Signals {

  private static final Path PROCESSES = Path.of("/proc");

  /** Asks whether one could be sent. */
  private static final int NO_SIGNAL = 0;

  /** As Linux numbers them on x86 and ARM. */
  private static final int SIGCONT = 18;

  private static final int SIGSTOP = 19;

  /** A call takes microseconds; a program that is started for it, milliseconds. */
  private interface Posix extends Library {
    int kill(int pid, int signal) throws LastErrorException;
  }

  private static final class Linked {
    private static final Posix POSIX = Native.load("c", Posix.class);
  }

  private Signals() {}

  /** Why a process cannot be stopped and continued here; empty if it can. */
  public static Optional<String> whyNoPause() {
    if (!Files.isReadable(PROCESSES.resolve("self/stat"))) {
      return Optional.of("no /proc shows here whether a process is stopped");
    }
    try {
      send(NO_SIGNAL, ProcessHandle.current().pid());
      return Optional.empty();
    } catch (IOException | UnsatisfiedLinkError e) {
      return Optional.of("no signal can be sent here: " + e.getMessage());
    }
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
    send(SIGSTOP, pid);
  }

  /** Sends SIGCONT. */
  public static void proceed(long pid) throws IOException {
    send(SIGCONT, pid);
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

  private static void send(int signal, long pid) throws IOException {
    try {
      Linked.POSIX.kill(Math.toIntExact(pid), signal);
    } catch (LastErrorException e) {
      throw new IOException("signal %d to process %d failed".formatted(signal, pid), e);
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
