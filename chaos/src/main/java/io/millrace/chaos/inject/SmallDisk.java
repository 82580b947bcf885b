package io.millrace.chaos.inject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A small file system of its own at a directory, which fills up and can be made larger. It lives in
 * memory, so it tells nothing of forces. Mounting takes root. Owned by one thread.
 */
public final class SmallDisk implements AutoCloseable {

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Why there can be none here; empty if there can. */
  public static Optional<String> whyNone() {
    return "root".equals(System.getProperty("user.name"))
            && Files.isReadable(Path.of("/proc/mounts"))
        ? Optional.empty()
        : Optional.of("a file system is mounted by root, on Linux, alone");
  }

  /**
   * Mounts one.
   *
   * @param directory where; made if it is missing
   * @param bytes how much it holds
   * @throws IOException if it cannot be mounted
   */
  public static SmallDisk mount(Path directory, long bytes) throws IOException {
    Files.createDirectories(directory);
    run(
        List.of(
            "mount", "-t", "tmpfs", "-o", "size=" + bytes, "millrace-lab", directory.toString()));
    return new SmallDisk(directory);
  }

  /** How much room is left, in bytes. */
  public long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Makes it hold so much. */
  public void grow(long bytes) throws IOException {
    run(List.of("mount", "-o", "remount,size=" + bytes, directory.toString()));
  }

  /** Unmounts it; what it held is gone. Nobody may have a file of it open. */
  @Override
  public void close() throws IOException {
    run(List.of("umount", directory.toString()));
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mounting", e);
    }
  }
}
