package io.millrace.chaos.scenario;

import java.io.PrintWriter;
import java.util.Locale;

/** What a person who waits is told: a line for every step. Owned by the conducting thread. */
public final class RunOutput {

  private final PrintWriter out;
  private final long startedNs = System.nanoTime();

  /** Lines to a writer. */
  public RunOutput(PrintWriter out) {
    this.out = out;
  }

  /** Says something. */
  void say(String line) {
    out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - startedNs) / 1e9, line);
    out.flush();
  }

  /** A fault was done. */
  void fault(int number, int of, String title, String detail) {
    say("fault %d/%d %s: %s".formatted(number, of, title, detail));
  }

  /** Text as it is. */
  void print(String text) {
    out.print(text);
    out.flush();
  }
}
