package io.millrace.jmh.check;

import io.millrace.chaos.check.Census;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import java.io.IOException;
import java.nio.file.Path;

/** Judges a history and says how long it took; the program of the small JVM. */
final class CheckStage {

  /** What the line of figures begins with. */
  static final String DONE = "judged ";

  private CheckStage() {}

  /** Judges the directory that is the one argument. */
  public static void main(String[] arguments) throws IOException {
    long startNanos = System.nanoTime();
    Judgement judgement = Judge.judge(Path.of(arguments[0]), Rules.STRICT);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    Census census = judgement.census();
    long operations =
        census.attempts()
            + census.polls()
            + census.brokenPolls()
            + census.deleted()
            + census.unknownDeletes()
            + census.failedDeletes();
    System.out.println(
        DONE
            + operations
            + " "
            + seconds
            + " "
            + judgement.findings().size()
            + " "
            + judgement.overall().word());
  }
}
