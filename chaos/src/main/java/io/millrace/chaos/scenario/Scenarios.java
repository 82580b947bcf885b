package io.millrace.chaos.scenario;

import io.millrace.chaos.document.DocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The scenarios that come with the lab, and those in files. */
public final class Scenarios {

  private static final List<String> NAMES =
      List.of(
          "crash-storm",
          "power-loss",
          "full-disk",
          "flaky-network",
          "worst-legal-sqs",
          "clock-jumps",
          "release");
  private static final String ENDING = ".yaml";

  private Scenarios() {}

  /** Names of those that come with the lab. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * One that comes with the lab.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Scenario named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("'" + name + "' is no scenario; there are " + NAMES);
    }
    try (InputStream in = Scenarios.class.getResourceAsStream(name + ENDING)) {
      if (in == null) {
        throw new IllegalStateException("the class path carries no scenario " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ScenarioDocument.parse(name, name + ENDING, text);
    } catch (DocumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the scenario " + name + " cannot be read", e);
    }
  }

  /**
   * One in a file; its name is the file's, without the ending.
   *
   * @throws IOException if it cannot be read
   * @throws DocumentException if it is no scenario
   */
  public static Scenario in(Path file) throws IOException, DocumentException {
    String name = String.valueOf(file.getFileName());
    return ScenarioDocument.parse(
        name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
        file.toString(),
        Files.readString(file));
  }
}
