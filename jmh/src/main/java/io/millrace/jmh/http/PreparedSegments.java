package io.millrace.jmh.http;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Files of zeros to write into: each is filled by positional writes of 4 KiB and forced, and the
 * next one is made by a helper thread while the one before is in use, as the engine does with its
 * segments. Larger writes would leave large folios in the page cache, of which one dirty byte costs
 * a force the whole.
 *
 * <p>{@link #next} belongs to one thread, the writer.
 */
final class PreparedSegments implements AutoCloseable {

  /** The engine's own segment size. */
  static final long SEGMENT_BYTES = 128L << 20;

  private static final int WRITE_BYTES = 4 << 10;

  private final Path directory;
  private final long segmentBytes;
  private final ExecutorService helper =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "prepare");
            thread.setDaemon(true);
            return thread;
          });
  private int made;
  private Future<FileChannel> ahead;

  private PreparedSegments(Path directory, long segmentBytes) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.ahead = helper.submit(making());
  }

  /** Begins to make the first file, in a directory made if it is missing. */
  static PreparedSegments open(Path directory, long segmentBytes) throws IOException {
    Files.createDirectories(directory);
    return new PreparedSegments(directory, segmentBytes);
  }

  /**
   * Hands over a prepared file to write into and close; waits if the helper has not finished it.
   */
  FileChannel next() throws IOException {
    try {
      FileChannel segment = ahead.get();
      ahead = helper.submit(making());
      return segment;
    } catch (ExecutionException e) {
      throw new IOException("a segment could not be prepared in " + directory, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a segment was prepared", e);
    }
  }

  long segmentBytes() {
    return segmentBytes;
  }

  private Callable<FileChannel> making() {
    Path file = directory.resolve("segment-" + made++);
    return () -> prepare(file, segmentBytes);
  }

  private static FileChannel prepare(Path file, long bytes) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE);
    try {
      ByteBuffer zeros = ByteBuffer.allocateDirect(WRITE_BYTES);
      for (long at = 0; at < bytes; at += WRITE_BYTES) {
        zeros.clear();
        channel.write(zeros, at);
      }
      channel.force(true);
      try (FileChannel parent = FileChannel.open(file.toAbsolutePath().getParent())) {
        parent.force(true);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    helper.shutdown();
    try {
      ahead.get().close();
    } catch (ExecutionException e) {
      throw new IOException("a segment could not be prepared in " + directory, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
