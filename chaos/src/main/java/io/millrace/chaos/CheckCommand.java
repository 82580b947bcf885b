package io.millrace.chaos;

import io.millrace.chaos.check.Evidence;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.JudgementText;
import io.millrace.chaos.check.Profile;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.check.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a history that somebody kept. */
@Command(
    name = "check",
    description = "Judges a history: a directory of *.history logs, or a run that holds one.",
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {

  private static final int INVALID = 1;
  private static final int UNKNOWN = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "HISTORY", description = "the directory")
  private Path history = Path.of("");

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "whose promises: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}",
      completionCandidates = Profiles.class,
      defaultValue = "strict")
  private String profile = Profile.STRICT.label();

  /** What may be said after {@code --profile}. */
  static final class Profiles implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Profile.values()).map(Profile::label).iterator();
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Path logs = logs();
      Judgement judgement = Judge.judge(logs, rules());
      Set<Long> accused =
          judgement.findings().stream().map(Finding::attempt).collect(Collectors.toSet());
      out.print(
          JudgementText.of(
              judgement, accused.isEmpty() ? new TreeMap<>() : Evidence.gather(logs, accused)));
      out.flush();
      return statusOf(judgement.overall());
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new ParameterException(
          spec.commandLine(), "there is no history at " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Path logs() {
    Path within = history.resolve("history");
    return Files.isDirectory(within) ? within : history;
  }

  private Rules rules() {
    for (Profile each : Profile.values()) {
      if (each.label().equals(profile)) {
        return Rules.of(each);
      }
    }
    throw new ParameterException(spec.commandLine(), "there is no profile " + profile);
  }

  private static int statusOf(Verdict verdict) {
    if (verdict instanceof Verdict.Valid) {
      return 0;
    }
    return verdict instanceof Verdict.Invalid ? INVALID : UNKNOWN;
  }
}
