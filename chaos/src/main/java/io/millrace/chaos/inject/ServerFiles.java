package io.millrace.chaos.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server's data directory tells of what the server is doing, to somebody outside who knows
 * the names in it:
 *
 * <pre>
 * journal/GENERATION/SEGMENT.cq4     zero from the first byte until the writer goes over to it
 * shard-0/checkpoint-NUMBER.tmp      while a checkpoint is being written
 * </pre>
 */
final class ServerFiles {

  private static final String SEGMENT = ".cq4";
  private static final String TEMPORARY = ".tmp";

  private final Path data;

  ServerFiles(Path data) {
    this.data = data;
  }

  /** The segment that was made last; empty if there is none. */
  Optional<Path> newestSegment() {
    Optional<Path> generation = last(data.resolve("journal"), "");
    return generation.flatMap(directory -> last(directory, SEGMENT));
  }

  /** Whether anything was written to a segment, or it is gone. */
  boolean hasBegun(Path segment) {
    try (FileChannel file = FileChannel.open(segment)) {
      ByteBuffer first = ByteBuffer.allocate(Integer.BYTES);
      return file.read(first, 0) == Integer.BYTES && first.getInt(0) != 0;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(segment + " cannot be read", e);
    }
  }

  /** The checkpoint that is being written, or was when its writer died. */
  Optional<Path> unfinishedCheckpoint() {
    return last(data.resolve("shard-0"), TEMPORARY);
  }

  /** Whether a process has a file of the journal open; false where that cannot be seen. */
  boolean readsJournal(long pid) {
    Path journal = data.resolve("journal").toAbsolutePath().normalize();
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.anyMatch(file -> pointsInto(file, journal));
    } catch (IOException | UncheckedIOException goneOrNoProc) {
      return false;
    }
  }

  private static boolean pointsInto(Path file, Path directory) {
    try {
      Path target = Files.readSymbolicLink(file);
      return target.startsWith(directory) && target.toString().endsWith(SEGMENT);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static Optional<Path> last(Path directory, String ending) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .max(Comparator.comparing(Path::toString));
    } catch (NoSuchFileException notYet) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be listed", e);
    }
  }
}
