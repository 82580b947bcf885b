package io.millrace.chaos.inject;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, known by the one line it prints when it answers: {@code
 * millrace ready: URL admin URL}. Everything it prints is kept in a log file. Ended with the lab's
 * JVM at the latest.
 */
public final class ServerProcess implements AutoCloseable {

  /** 128 + 9: what a process ended by SIGKILL leaves, as the JDK reports it. */
  public static final int EXIT_KILLED = 137;

  private static final Pattern READY =
      Pattern.compile("millrace ready: (http://\\S+) admin (http://\\S+)");
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Where a server answers.
   *
   * @param endpoint the SQS endpoint
   * @param admin health and metrics
   */
  public record Addresses(URI endpoint, URI admin) {}

  private final Process process;
  private final Thread atExit;
  private final Thread reader;
  private final Addresses addresses;

  private ServerProcess(Process process, Thread atExit, Thread reader, Addresses addresses) {
    this.process = process;
    this.atExit = atExit;
    this.reader = reader;
    this.addresses = addresses;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param command how it is started
   * @param port its port; 0 for a free one
   * @param adminPort its admin port; 0 for a free one
   * @param log where its output goes; made or appended to
   * @param timeout how long it may take to answer
   * @throws IOException if it could not be started, ended, or did not answer in time; the message
   *     says what it printed last
   */
  public static ServerProcess start(
      ServerCommand command, int port, int adminPort, Path log, Duration timeout)
      throws IOException {
    Process process =
        new ProcessBuilder(command.line(port, adminPort)).redirectErrorStream(true).start();
    Thread atExit = new Thread(process::destroyForcibly, "end-server-" + process.pid());
    Runtime.getRuntime().addShutdownHook(atExit);
    CompletableFuture<Addresses> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, log, ready), "server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      Addresses addresses = ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new ServerProcess(process, atExit, reader, addresses);
    } catch (TimeoutException e) {
      end(process, atExit);
      throw new IOException(
          "the server did not answer within " + timeout.toSeconds() + " s; see " + log, e);
    } catch (ExecutionException e) {
      end(process, atExit);
      throw e.getCause() instanceof IOException trouble ? trouble : new IOException(e);
    } catch (InterruptedException e) {
      end(process, atExit);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server started", e);
    }
  }

  /** Where it answers. */
  public Addresses addresses() {
    return addresses;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Ends it by SIGKILL and waits for its exit.
   *
   * @return the exit status
   * @throws IOException if interrupted
   */
  public int kill() throws IOException {
    process.destroyForcibly();
    return awaitExit();
  }

  /** Waits for its exit and returns the status. */
  int awaitExit() throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server was ending", e);
    } finally {
      removeHook(process, atExit);
    }
  }

  /** Ends it by SIGTERM, and by SIGKILL if that takes too long; its last words are kept. */
  @Override
  public void close() {
    process.toHandle().destroy(); // Process.destroy would also cut its last words off
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      reader.join(STOP_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    removeHook(process, atExit);
  }

  /**
   * Copies the output to the log until the process closes it; completes {@code ready} one way or
   * the other.
   */
  private static void read(Process process, Path log, CompletableFuture<Addresses> ready) {
    String last = "it printed nothing";
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferedWriter out =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      String line = in.readLine();
      while (line != null) {
        out.write(line);
        out.newLine();
        out.flush();
        last = line;
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          ready.complete(new Addresses(URI.create(matcher.group(1)), URI.create(matcher.group(2))));
        }
        line = in.readLine();
      }
      ready.completeExceptionally(
          new IOException("the server ended before it answered; its last words: " + last));
    } catch (IOException e) {
      ready.completeExceptionally(e);
      if (process.isAlive()) {
        throw new UncheckedIOException("the server's output could not be kept in " + log, e);
      }
    }
  }

  private static void end(Process process, Thread atExit) {
    process.destroyForcibly();
    removeHook(process, atExit);
  }

  /** While the JVM goes down no hook can be taken away, and what it would do is done here. */
  private static void removeHook(Process process, Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException goingDown) {
      process.destroyForcibly();
    }
  }
}
