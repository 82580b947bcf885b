package io.millrace.engine.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * The JVM flags without which Chronicle fails, or worse, opens read-only without a word.
 *
 * <p>Their text is the resource {@code jvm.flags}, the same that the launcher and the tests use.
 */
final class ChronicleFlags {

  private static final String RESOURCE = "/io/millrace/engine/jvm.flags";

  private ChronicleFlags() {}

  /**
   * Checks that this JVM was started with them.
   *
   * @throws JournalFailedException if not; the message lists them all
   */
  static void require() {
    Module jdk = Object.class.getModule();
    Module ours = ChronicleFlags.class.getModule();
    boolean started =
        jdk.isExported("sun.nio.ch", ours)
            && jdk.isExported("jdk.internal.ref", ours)
            && jdk.isExported("jdk.internal.util", ours)
            && jdk.isOpen("java.lang.reflect", ours);
    if (!started) {
      throw new JournalFailedException("this JVM lacks flags; start java with:\n" + text(), null);
    }
  }

  private static String text() {
    try (InputStream in = ChronicleFlags.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        return "the arguments in " + RESOURCE;
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> "  " + line)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "the arguments in " + RESOURCE + " (" + e.getMessage() + ")";
    }
  }
}
