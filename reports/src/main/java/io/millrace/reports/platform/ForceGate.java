package io.millrace.reports.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What durability costs on the queue's own file system while the run goes on: a write of 1 KiB and
 * {@link FileChannel#force}, twenty times a second, into a small file whose blocks were written
 * beforehand, so that a sample holds no allocation. The file is deleted when the gate closes.
 *
 * <p>Twenty small forces a second are the price of knowing; they share the disk with the queue. The
 * lines of its log carry the tag {@value #TAG}.
 */
public final class ForceGate implements Closeable {
  /** The tag in the log. */
  public static final String TAG = "force";

  private static final int WRITE_BYTES = 1024;
  private static final int FILE_BYTES = 1024 * WRITE_BYTES;
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String FILE_NAME = "force-gate.tmp";

  private final ForcedFile file;
  private final MeterThread thread;

  private ForceGate(ForcedFile file, MeterThread thread) {
    this.file = file;
    this.thread = thread;
  }

  /**
   * Starts a gate on its own thread.
   *
   * @param directory on the file system to measure; must exist and be writable
   * @param hlog the log to create, replacing an older one; readable after {@link #close}
   * @throws IOException if either cannot be written
   */
  public static ForceGate start(Path directory, Path hlog) throws IOException {
    ForcedFile file = ForcedFile.create(directory.resolve(FILE_NAME));
    try {
      return new ForceGate(
          file, MeterThread.start(TAG, PERIOD_NANOS, file::writeAndForceNanos, hlog));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Stops the gate, completes its log and deletes its file.
   *
   * @throws IOException if a force or the log failed while it ran
   */
  @Override
  public void close() throws IOException {
    try (file) {
      thread.stop();
    }
  }

  /** The file under the gate; used by the meter's thread, created and closed around its life. */
  private static final class ForcedFile implements Closeable {
    private final FileChannel channel;
    private final Path path;
    private final ByteBuffer record = ByteBuffer.allocateDirect(WRITE_BYTES);
    private long position;

    private ForcedFile(FileChannel channel, Path path) {
      this.channel = channel;
      this.path = path;
    }

    static ForcedFile create(Path path) throws IOException {
      ForcedFile file =
          new ForcedFile(
              FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              path);
      try {
        for (int i = 0; i < FILE_BYTES / WRITE_BYTES; i++) {
          file.writeNext();
        }
        file.channel.force(true);
        return file;
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }

    long writeAndForceNanos() throws IOException {
      LockSupport.parkNanos(PERIOD_NANOS);
      long before = System.nanoTime();
      writeNext();
      channel.force(false);
      return System.nanoTime() - before;
    }

    private void writeNext() throws IOException {
      record.clear();
      while (record.hasRemaining()) {
        channel.write(record, position + record.position());
      }
      position = (position + WRITE_BYTES) % FILE_BYTES;
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        Files.deleteIfExists(path);
      }
    }
  }
}
