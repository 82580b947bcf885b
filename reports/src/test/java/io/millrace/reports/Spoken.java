package io.millrace.reports;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What {@code report} said and how it ended.
 *
 * @param code its exit status
 * @param out its standard output
 * @param err its standard error
 */
record Spoken(int code, String out, String err) {

  /** Runs the command as a user would. */
  static Spoken report(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int code = command.execute(words);
    return new Spoken(code, out.toString(), err.toString());
  }
}
