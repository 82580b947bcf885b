package io.millrace.jmh.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program in a JVM of its own, on this JVM's class path and with this JVM's {@code java}.
 *
 * <p>What it prints, errors included, goes to a file, and the first line that begins with a given
 * word is what {@link #line} waits for. It is ended by {@link #close}, and when this JVM ends in an
 * orderly way.
 */
public final class ChildJvm implements AutoCloseable {

  private static final long STOP_SECONDS = 20;

  private final Process process;
  private final Path log;
  private final CompletableFuture<String> announced = new CompletableFuture<>();
  private final Thread keeper;
  private final Thread endWithUs;

  private ChildJvm(Process process, String announcement, Path log) {
    this.process = process;
    this.log = log;
    this.keeper = new Thread(() -> keepOutput(announcement), "child-output");
    this.endWithUs = new Thread(process::destroyForcibly, "end-child");
  }

  /**
   * Starts the program.
   *
   * @param flags JVM flags, after those of {@link JvmFlags}
   * @param mainClass the program
   * @param arguments its arguments
   * @param announcement what the line begins with that {@link #line} waits for
   * @param log the file for what it prints; replaced
   */
  public static ChildJvm start(
      List<String> flags, String mainClass, List<String> arguments, String announcement, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmFlags.forThisJdk());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ChildJvm child = new ChildJvm(process, announcement, log);
    Runtime.getRuntime().addShutdownHook(child.endWithUs);
    child.keeper.setDaemon(true);
    child.keeper.start();
    return child;
  }

  /**
   * Waits for the announced line.
   *
   * @throws IOException if the program ends without it, or takes longer; the message quotes what it
   *     printed last
   */
  public String line(long seconds) throws IOException {
    try {
      return announced.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("not ready within " + seconds + " s; it said: " + lastWords(), e);
    } catch (ExecutionException e) {
      throw new IOException("ended before it was ready; it said: " + lastWords(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a child started", e);
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it as {@code kill -9} does and waits until it is gone. */
  public void kill() throws IOException {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  /** The last lines it printed. */
  public String lastWords() throws IOException {
    if (!Files.exists(log)) {
      return "(nothing)";
    }
    List<String> lines = Files.readAllLines(log);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
  }

  /** Asks it to end (SIGTERM), and ends it when it does not. */
  @Override
  public void close() throws IOException {
    process.toHandle().destroy();
    awaitExit();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithUs);
    } catch (IllegalStateException e) {
      // This JVM is ending: the hook runs, and finds a process that has ended.
      return;
    }
  }

  // Signals go through the handle: the process's own methods also close the pipe we read from.
  private void awaitExit() throws IOException {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
        process.waitFor();
      }
      keeper.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a child ended", e);
    }
  }

  private void keepOutput(String announcement) {
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferedWriter kept = Files.newBufferedWriter(log)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        kept.write(line);
        kept.newLine();
        kept.flush();
        if (line.startsWith(announcement)) {
          announced.complete(line);
        }
      }
      announced.completeExceptionally(new EOFException("its output ended"));
    } catch (IOException e) {
      announced.completeExceptionally(e);
      throw new UncheckedIOException(e);
    }
  }
}
