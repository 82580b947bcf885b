package io.millrace.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report publish RUN}. */
@Command(
    name = "publish",
    description = {
      "Copies a run's page and what it is made from, verifies the copy, and lists it in index.html.",
      "Exit status: 0 published, 1 refused (it does not verify, is over 5 MB, or its name is taken),"
          + " 2 wrong use or not a run."
    },
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = {
        "The directory of a run, a load run or a fault experiment, such as reports/runs/<time>;",
        "or the record of a harness, a JSON file."
      })
  private Path directory;

  @Option(
      names = "--into",
      paramLabel = "FOLDER",
      defaultValue = "reports/published",
      description = "The folder of published runs; default ${DEFAULT-VALUE}.")
  private Path into;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The bundle's folder; default the run's start and what it was.")
  private Optional<String> name = Optional.empty();

  /** Created by picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  PublishCommand() {}

  @Override
  public Integer call() {
    if (name.isPresent() && !name.get().matches("[A-Za-z0-9][A-Za-z0-9.-]*")) {
      throw new ParameterException(
          spec.commandLine(), "--name takes letters, digits, dots and dashes, not " + name.get());
    }
    try {
      Path published = publish(new Publication(into));
      spec.commandLine()
          .getOut()
          .println(
              published.resolve("report.html").toAbsolutePath().normalize().toUri().toString());
      return Main.DONE;
    } catch (Publication.RefusedException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Main.NOT_HELD;
    } catch (IOException e) {
      spec.commandLine().getErr().println(directory + " cannot be published: " + Main.why(e));
      return Main.WRONG_USE;
    }
  }

  private Path publish(Publication publication) throws IOException, Publication.RefusedException {
    if (Files.isRegularFile(directory)) {
      return publication.publishRecord(directory, name);
    }
    Bundle run = Main.bundleAt(directory, spec);
    if (!Files.exists(run.manifestFile())
        && (run instanceof HarnessDirectory || run instanceof ChaosDirectory)) {
      run.finish();
    }
    return publication.publish(run, name.isPresent() ? name.get() : run.defaultName());
  }
}
