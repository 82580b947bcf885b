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

  /** What a server logs once its journal is replayed. */
  private static final Pattern RECOVERED = Pattern.compile("recovered \\d+ queues in");

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Where a server answers.
   *
   * @param endpoint the SQS endpoint
   * @param admin health and metrics
   */
  public record Addresses(URI endpoint, URI admin) {}

  private final Launch launch;
  private final Addresses addresses;

  private ServerProcess(Launch launch, Addresses addresses) {
    this.launch = launch;
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
    return launch(command, port, adminPort, log).await(timeout);
  }

  /** Starts a server without waiting; parameters as in {@link #start}. */
  public static Launch launch(ServerCommand command, int port, int adminPort, Path log)
      throws IOException {
    return new Launch(command, port, adminPort, log);
  }

  /** A process that was started and has perhaps not answered yet. Owned by one thread. */
  public static final class Launch {

    private final Process process;

    /** Whether the server is a child of what was started, and so has to be looked for. */
    private final boolean wrapped;

    private final Path log;
    private final Thread atExit;
    private final Thread reader;
    private final CompletableFuture<Addresses> ready = new CompletableFuture<>();

    /** Written by the reader. */
    private volatile boolean recovered;

    private Launch(ServerCommand command, int port, int adminPort, Path log) throws IOException {
      this.log = log;
      wrapped = !command.wrapper().isEmpty();
      process = new ProcessBuilder(command.line(port, adminPort)).redirectErrorStream(true).start();
      atExit = new Thread(process::destroyForcibly, "end-server-" + process.pid());
      Runtime.getRuntime().addShutdownHook(atExit);
      reader = new Thread(this::read, "server-output");
      reader.setDaemon(true);
      reader.start();
    }

    /** The server's process id, as this process sees it: a wrapper's child, if there is one. */
    public long pid() {
      return server().pid();
    }

    /** Whether it has said that it answers. */
    public boolean isReady() {
      return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** Whether it has said that its recovery is over. */
    public boolean hasRecovered() {
      return recovered || isReady();
    }

    /** Whether it runs. */
    public boolean isAlive() {
      return process.isAlive();
    }

    /**
     * Waits until it answers.
     *
     * @throws IOException as {@link ServerProcess#start}; the process is then ended
     */
    public ServerProcess await(Duration timeout) throws IOException {
      try {
        return new ServerProcess(this, ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        end();
        throw new IOException(
            "the server did not answer within " + timeout.toSeconds() + " s; see " + log, e);
      } catch (ExecutionException e) {
        end();
        throw e.getCause() instanceof IOException trouble ? trouble : new IOException(e);
      } catch (InterruptedException e) {
        end();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the server started", e);
      }
    }

    /**
     * Ends it by SIGKILL, waits for its exit and for the end of its output.
     *
     * @return the exit status
     * @throws IOException if interrupted
     */
    public int kill() throws IOException {
      server().destroyForcibly();
      int status = awaitExit();
      try {
        reader.join(STOP_TIMEOUT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the server was ending", e);
      }
      return status;
    }

    private int awaitExit() throws IOException {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the server was ending", e);
      } finally {
        removeHook();
      }
    }

    /**
     * The server. Looking for a child reads every process of the machine, which takes milliseconds:
     * a kill that is to meet a request under way cannot wait for that.
     */
    private ProcessHandle server() {
      if (!wrapped) {
        return process.toHandle();
      }
      return process
          .descendants()
          .filter(each -> each.children().findAny().isEmpty())
          .findFirst()
          .orElse(process.toHandle());
    }

    private void stop() {
      server().destroy(); // Process.destroy would also cut its last words off
      try {
        if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
          server().destroyForcibly();
        }
        reader.join(STOP_TIMEOUT.toMillis());
      } catch (InterruptedException e) {
        server().destroyForcibly();
        Thread.currentThread().interrupt();
      }
      removeHook();
    }

    /** Copies the output to the log until the process closes it; completes {@code ready}. */
    private void read() {
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
          recovered |= RECOVERED.matcher(line).find();
          Matcher matcher = READY.matcher(line);
          if (matcher.find()) {
            ready.complete(
                new Addresses(URI.create(matcher.group(1)), URI.create(matcher.group(2))));
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

    private void end() {
      server().destroyForcibly();
      removeHook();
    }

    /** While the JVM goes down no hook can be taken away, and what it would do is done here. */
    private void removeHook() {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException goingDown) {
        server().destroyForcibly();
      }
    }
  }

  /** Where it answers. */
  public Addresses addresses() {
    return addresses;
  }

  /** The process id. */
  public long pid() {
    return launch.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return launch.isAlive();
  }

  /**
   * Ends it by SIGKILL and waits for its exit.
   *
   * @return the exit status
   * @throws IOException if interrupted
   */
  public int kill() throws IOException {
    return launch.kill();
  }

  /** Waits for its exit and returns the status. */
  int awaitExit() throws IOException {
    return launch.awaitExit();
  }

  /** Ends it by SIGTERM, and by SIGKILL if that takes too long; its last words are kept. */
  @Override
  public void close() {
    launch.stop();
  }
}
