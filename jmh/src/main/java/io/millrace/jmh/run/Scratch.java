package io.millrace.jmh.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory for what a run needs only while it runs; closing deletes it and all that is in it.
 *
 * @param path absolute
 */
public record Scratch(Path path) implements AutoCloseable {

  /** Makes a new one inside a directory, which is made if it is missing and stays. */
  public static Scratch in(Path directory) throws IOException {
    Path parent = Files.createDirectories(directory.toAbsolutePath());
    return new Scratch(Files.createTempDirectory(parent, "scratch-"));
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
