package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of a few mebibytes, mounted for one test; where mounts are forbidden it skips. */
public final class SmallDisk implements AutoCloseable {

  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  /** One in memory. */
  public static SmallDisk tmpfs(Path under, int mebibytes) throws IOException {
    return mount(under, "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs");
  }

  /** An ext4 image. */
  public static SmallDisk ext4(Path under, int mebibytes) throws IOException {
    Path image = under.resolve("image");
    try (StorageFile file = new FileStorage().create(image)) {
      file.write(ByteBuffer.allocate(1), ((long) mebibytes << 20) - 1);
    }
    assumeThat(run("mkfs.ext4", "-q", "-F", image.toString())).as("mkfs.ext4 works").isTrue();
    return mount(under, "-o", "loop", image.toString());
  }

  private static SmallDisk mount(Path under, String... arguments) throws IOException {
    Path mount = Files.createDirectory(under.resolve("mount"));
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    command.add(mount.toString());
    assumeThat(run(command.toArray(String[]::new))).as("this machine permits mounts").isTrue();
    return new SmallDisk(mount);
  }

  public Path path() {
    return mount;
  }

  @Override
  public void close() {
    // Lazily, since the backlog file stays mapped until its buffers are collected.
    assertThat(run("umount", "--lazy", mount.toString())).as("umount").isTrue();
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
