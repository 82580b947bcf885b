package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The one port for file operations: what touches a disk passes here, so that a test can fail it,
 * record it, or cut the power between two calls.
 *
 * <p>Nothing is durable until the matching force returned: bytes by {@link StorageFile#force},
 * names (create, delete, move) by {@link #forceDirectory} of the directory they stand in. Any
 * thread.
 *
 * <p>Every method throws {@link NoSpaceException} where the file system has no room, and another
 * {@link IOException} for any other failure.
 */
public interface Storage {

  /** Makes a directory and its missing parents; no error if it is there. */
  void createDirectories(Path directory) throws IOException;

  /** The entries of a directory, sorted by name; empty if there is no such directory. */
  List<Path> list(Path directory) throws IOException;

  /** Makes a new empty file, open for reading and writing; fails if the name is taken. */
  StorageFile create(Path file) throws IOException;

  /** Opens an existing file for reading and writing. */
  StorageFile open(Path file) throws IOException;

  /**
   * Removes a file or an empty directory; no error if it is gone. Its space returns when closed.
   */
  void delete(Path path) throws IOException;

  /** Renames a file within its file system, replacing the target in one step. */
  void move(Path from, Path to) throws IOException;

  /** Makes all names in a directory durable: what was created, deleted, moved in or out. */
  void forceDirectory(Path directory) throws IOException;
}
