package io.millrace.reports;

import io.millrace.reports.page.PublishedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A page and what it is made from, in one directory: what can be verified and published. */
sealed interface Bundle permits RunDirectory, LoadDirectory, HarnessDirectory, ChaosDirectory {

  /** The directory. */
  Path path();

  /** The page. */
  default Path pageFile() {
    return path().resolve("report.html");
  }

  /** The hashes of what the page is made from. */
  default Path manifestFile() {
    return path().resolve("MANIFEST.sha256");
  }

  /**
   * The files that the page is made from and that are there, by their paths below the directory.
   */
  List<String> sources() throws IOException;

  /** Writes the page anew, and gives what is to be said of it, its address last. */
  default List<String> render() throws IOException {
    Files.writeString(pageFile(), page());
    return List.of(pageFile().toAbsolutePath().normalize().toUri().toString());
  }

  /** The page as it would be written now. */
  String page() throws IOException;

  /**
   * The pages inside this one, each in a folder of its own with what it is made from; they are
   * verified and published with it.
   */
  default List<Bundle> parts() throws IOException {
    return List.of();
  }

  /** Writes the page and the manifest of what it is made from. */
  default void finish() throws IOException {
    Files.writeString(pageFile(), page());
    Manifest.of(path(), sources()).write(manifestFile());
  }

  /** Computes again what can be, from what lies beside the record. */
  Recomputation recompute() throws IOException;

  /**
   * How it is listed among those published.
   *
   * @param directory its folder beside the list
   */
  PublishedPage.Published listed(String directory) throws IOException;

  /** A name that tells it from others. */
  String defaultName() throws IOException;

  /** An instant and a word, as the name of a folder. */
  static String named(Instant started, String word) {
    return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .format(started)
        + "-"
        + word.replaceAll("[^A-Za-z0-9.-]+", "-");
  }

  /** The last part of a path, as text. */
  static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }
}
