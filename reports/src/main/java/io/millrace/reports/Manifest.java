package io.millrace.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The SHA-256 of files in one directory and its folders, in the form that {@code sha256sum -c}
 * reads:
 *
 * <pre>
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  report.json
 * </pre>
 *
 * @param hashes lower-case hexadecimal, by path below the directory
 */
record Manifest(SortedMap<String, String> hashes) {
  private static final String GAP = "  ";
  private static final int HASH_LETTERS = 64;

  /** A file of the directory, or of a folder in it; never one elsewhere. */
  private static final String FILE = "(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*";

  /** Copies the map. */
  Manifest {
    hashes = Collections.unmodifiableSortedMap(new TreeMap<>(hashes));
  }

  /** Hashes files of a directory. */
  static Manifest of(Path directory, List<String> names) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (String name : names) {
      hashes.put(name, sha256(directory.resolve(name)));
    }
    return new Manifest(hashes);
  }

  /**
   * Reads one.
   *
   * @throws IOException if it cannot be read, or a line of it is not a hash and the name of a file
   *     in the same directory
   */
  static Manifest read(Path file) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String name = line.length() > HASH_LETTERS ? line.substring(HASH_LETTERS) : "";
      if (!name.startsWith(GAP)
          || !line.substring(0, HASH_LETTERS).matches("[0-9a-f]+")
          || !name.strip().matches(FILE)) {
        throw new IOException("a line of the manifest is not a hash and a file name: " + line);
      }
      hashes.put(name.strip(), line.substring(0, HASH_LETTERS));
    }
    return new Manifest(hashes);
  }

  /** Writes it, replacing an older one. */
  void write(Path file) throws IOException {
    StringBuilder lines = new StringBuilder();
    hashes.forEach((name, hash) -> lines.append(hash).append(GAP).append(name).append('\n'));
    Files.writeString(file, lines);
  }

  /** What is not as it says in a directory, a sentence each. */
  List<String> differences(Path directory) throws IOException {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, String> each : hashes.entrySet()) {
      Path file = directory.resolve(each.getKey());
      if (!Files.isRegularFile(file)) {
        differences.add(each.getKey() + " is missing");
      } else if (!sha256(file).equals(each.getValue())) {
        differences.add(each.getKey() + " is not the file that was written: its hash differs");
      }
    }
    return differences;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
