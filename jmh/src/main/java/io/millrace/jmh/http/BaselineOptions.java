package io.millrace.jmh.http;

import java.nio.file.Path;

/**
 * The few options of the baselines' processes; plain {@code --name value} pairs, since only {@link
 * HttpRatio} types them.
 *
 * @param loops event loop threads
 * @param directory where the group-commit server keeps its segments
 * @param force whether the group-commit server forces a batch before it answers
 */
record BaselineOptions(int loops, Path directory, boolean force) {

  static BaselineOptions parse(String... arguments) {
    int loops = 1;
    Path directory = Path.of("");
    boolean force = true;
    for (int i = 0; i < arguments.length; i += 2) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      switch (arguments[i]) {
        case "--loops" -> loops = Integer.parseInt(value);
        case "--data" -> directory = Path.of(value);
        case "--force" -> force = Boolean.parseBoolean(value);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    return new BaselineOptions(loops, directory, force);
  }
}
