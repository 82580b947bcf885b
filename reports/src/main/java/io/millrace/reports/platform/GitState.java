package io.millrace.reports.platform;

import io.millrace.reports.record.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which source a run was built from.
 *
 * @param commit full hash, or {@code unknown} where there is no git or no repository
 * @param dirty whether the work tree had changes that are not committed; false when not known
 */
public record GitState(String commit, boolean dirty) {
  private static final long GIT_SECONDS = 10;

  /** Asks git about the repository a directory lies in; never fails. */
  public static GitState of(Path directory) {
    Optional<String> commit = git(directory, "rev-parse", "--verify", "HEAD");
    return new GitState(
        commit.map(String::strip).filter(hash -> !hash.isEmpty()).orElse(Environment.UNKNOWN),
        commit.isPresent()
            && git(directory, "status", "--porcelain")
                .map(changes -> !changes.isBlank())
                .orElse(false));
  }

  /** What a git command printed; empty when it failed, took too long or is not installed. */
  private static Optional<String> git(Path directory, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            // A process cannot be started in the directory of no name, which Path.of("") is.
            .directory(directory.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Without this, status may rewrite the index of the repository it was only asked about.
    builder.environment().putAll(Map.of("GIT_OPTIONAL_LOCKS", "0"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? Optional.of(printed) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
