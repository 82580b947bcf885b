package io.millrace.jmh.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM flags Chronicle needs, read from the engine's own flag files, which are the only place
 * they are kept.
 */
public final class JvmFlags {

  /** The first JDK that wants, and understands, the second file. */
  private static final int NEWER_JDK = 24;

  private static final String FOLDER = "/io/millrace/engine/";

  private JvmFlags() {}

  /** The flags for the JDK that runs this. */
  public static List<String> forThisJdk() {
    List<String> flags = new ArrayList<>(read("jvm.flags"));
    if (Runtime.version().feature() >= NEWER_JDK) {
      flags.addAll(read("jvm-24.flags"));
    }
    return flags;
  }

  private static List<String> read(String file) {
    try (InputStream in = JvmFlags.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("the engine's " + file + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the engine's " + file, e);
    }
  }
}
