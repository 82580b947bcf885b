package io.millrace.jmh.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the harnesses' commands have in common: where the run record goes, how wrong use is told,
 * and the exit status, 0 when every bar was met and 1 when one was missed.
 */
@Command(mixinStandardHelpOptions = true)
public abstract class HarnessCommand implements Callable<Integer> {

  private static final int MISSED = 1;
  private static final String OUT = "--out";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = OUT,
      defaultValue = "reports/runs/bench",
      description = "directory for the run record (default ${DEFAULT-VALUE})")
  private Path out = Path.of("");

  /** The directory for the run record, made if it was missing. */
  protected final Path out() throws IOException {
    return Files.createDirectories(out);
  }

  /** Refuses wrong use. */
  protected final void require(boolean legal, String otherwise) {
    if (!legal) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /** Refuses a durability that is no word for one. */
  protected final void requireDurability(String durability) {
    require(
        durability.equals("power-loss") || durability.equals("process-crash"),
        "--durability is power-loss or process-crash");
  }

  /** What was typed, without where the record was to go. */
  protected final String command() {
    List<String> typed = new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
    int at = typed.indexOf(OUT);
    if (at >= 0) {
      typed.subList(at, Math.min(at + 2, typed.size())).clear();
    }
    typed.removeIf(word -> word.startsWith(OUT + "="));
    return "./millrace bench " + String.join(" ", typed);
  }

  /** Says where the record lies; returns the exit status it stands for. */
  protected final int told(BenchRecord record) {
    System.out.println("record: " + out.resolve(record.bench() + ".json"));
    return record.passed() ? 0 : MISSED;
  }
}
