package io.millrace.dashboards;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs of Debian's packages that tests use where they are installed. */
final class Tool {

  private Tool() {}

  /** What a program printed, both streams, and how it ended. */
  record Ended(int status, String output) {}

  /** Where a program is; the test is skipped, with the reason, where it is not. */
  static Path require(String name, String debianPackage) {
    Optional<Path> found = find(name);
    assumeTrue(found.isPresent(), name + " is not installed (Debian's " + debianPackage + ")");
    return found.orElseThrow();
  }

  private static Optional<Path> find(String name) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /** Runs a program to its end. */
  static Ended run(Path program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
