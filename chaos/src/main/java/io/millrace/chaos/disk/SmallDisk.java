package io.millrace.chaos.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of some mebibytes, mounted while it is open. */
final class SmallDisk implements AutoCloseable {

  private static final long COMMAND_SECONDS_MAX = 30;

  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  /** Whether there is one. */
  sealed interface Mounted {}

  /**
   * There is.
   *
   * @param disk it
   */
  record Ready(SmallDisk disk) implements Mounted {}

  /**
   * This machine permits none.
   *
   * @param reason why
   */
  record Refused(String reason) implements Mounted {}

  /** Mounts an ext4 image, or where that is not to be had a file system in memory. */
  static Mounted mount(Path under, int mebibytes) throws IOException {
    Path mount = Files.createDirectory(under.resolve("mount"));
    Path image = under.resolve("disk.image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    String refused = run("mkfs.ext4", "-q", "-F", image.toString());
    if (refused.isEmpty()) {
      refused = run("mount", "-o", "loop", image.toString(), mount.toString());
    }
    if (!refused.isEmpty()) {
      String inMemory =
          run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", mount.toString());
      if (!inMemory.isEmpty()) {
        return new Refused("no small file system can be mounted: " + refused + "; " + inMemory);
      }
    }
    return new Ready(new SmallDisk(mount));
  }

  Path path() {
    return mount;
  }

  /** Unmounts it; lazily, since a file stays mapped until its buffers are collected. */
  @Override
  public void close() throws IOException {
    String refused = run("umount", "--lazy", mount.toString());
    if (!refused.isEmpty()) {
      throw new IOException(mount + " cannot be unmounted: " + refused);
    }
  }

  /** Runs a command; returns what it said if it failed, nothing if it did not. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return command[0] + " does not end";
      }
      return process.exitValue() == 0 ? "" : command[0] + " failed: " + said;
    } catch (IOException e) {
      return command[0] + " cannot be run: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return command[0] + " was interrupted";
    }
  }
}
