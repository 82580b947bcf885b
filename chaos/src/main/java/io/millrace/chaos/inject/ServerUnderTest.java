package io.millrace.chaos.inject;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The server a run talks to, across its lives: each new process serves the same data on the same
 * ports. Owned by one thread.
 */
public final class ServerUnderTest implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final ServerCommand command;
  private final Path log;
  private ServerProcess process;

  private ServerUnderTest(ServerCommand command, Path log, ServerProcess process) {
    this.command = command;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts the first process on free ports.
   *
   * @param log what every process prints
   * @throws IOException if it does not answer
   */
  public static ServerUnderTest start(ServerCommand command, Path log) throws IOException {
    return new ServerUnderTest(
        command, log, ServerProcess.start(command, 0, 0, log, START_TIMEOUT));
  }

  /** The process there is now, or was last. */
  public ServerProcess process() {
    return process;
  }

  /**
   * Starts another process in the place of one that has ended.
   *
   * @throws IOException if it does not answer
   */
  public void restart() throws IOException {
    restart(command);
  }

  /**
   * The same in another way.
   *
   * @param differently a command for the same data directory
   */
  public void restart(ServerCommand differently) throws IOException {
    process = launch(differently).await(START_TIMEOUT);
  }

  /** Starts another process in the place of one that has ended, for somebody to end before long. */
  public ServerProcess.Launch launch() throws IOException {
    return launch(command);
  }

  private ServerProcess.Launch launch(ServerCommand chosen) throws IOException {
    ServerProcess.Addresses addresses = process.addresses();
    return ServerProcess.launch(
        chosen, addresses.endpoint().getPort(), addresses.admin().getPort(), log);
  }

  /** How it is started. */
  public ServerCommand command() {
    return command;
  }

  @Override
  public void close() {
    process.close();
  }
}
