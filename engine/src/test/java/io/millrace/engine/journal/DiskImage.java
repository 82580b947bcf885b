package io.millrace.engine.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a journal's directory as a crash would leave it, for a test to damage and open. */
final class DiskImage {

  /** More than a small test segment ever holds; beyond it files are sparse. */
  static final int FILE_BYTES_MAX = 3 << 20;

  static final int PAGE_BYTES = 4096;

  private DiskImage() {}

  /** Copies every file's first bytes. */
  static Path copy(Path root, Path target) throws IOException {
    for (Path file : files(root)) {
      Path copy = target.resolve(root.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.write(copy, head(file));
    }
    return target;
  }

  /** The first bytes of a file. */
  static byte[] head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(FILE_BYTES_MAX);
    }
  }

  /** Every regular file below a directory. */
  static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The file of a segment. */
  static Path segment(Path root, long number) throws IOException {
    return files(root).stream()
        .filter(file -> file.getFileName().toString().equals(ChronicleWriter.fileName(number)))
        .findFirst()
        .orElseThrow();
  }

  static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(offset);
      access.write(bytes);
    }
  }

  static void zeroPage(Path file, long page) throws IOException {
    overwrite(file, page * PAGE_BYTES, new byte[PAGE_BYTES]);
  }

  static void truncate(Path file, long bytes) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(bytes);
    }
  }
}
