package io.millrace.chaos.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One session's log, appended by the one thread that owns it. Entries are gathered in memory and
 * written 64 KiB at a time: the lab must not add a system call to each operation it times, and a
 * lab that dies gives no verdict anyway.
 *
 * <p>Not safe for use by several threads, but for {@link #newestNs}.
 */
public final class HistoryWriter implements HistorySink, AutoCloseable {

  /** The ending of a log file's name. */
  public static final String SUFFIX = ".history";

  private static final int BUFFER_BYTES = 64 * 1024;

  private final FileChannel file;
  private final Path path;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();

  /** Written by the owner alone; read by whoever watches the run. */
  private volatile long lastReturnedNs = Long.MIN_VALUE;

  private long longestNs;

  private HistoryWriter(FileChannel file, Path path) {
    this.file = file;
    this.path = path;
  }

  /**
   * Makes a new log file.
   *
   * @param directory an existing directory
   * @param session the session the log is of, from 0
   * @param origin the run's origin, the same for all its logs
   */
  public static HistoryWriter create(Path directory, int session, Origin origin)
      throws IOException {
    Path path = directory.resolve("session-%03d%s".formatted(session, SUFFIX));
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    HistoryWriter writer = new HistoryWriter(file, path);
    writer
        .buffer
        .put(EntryCodec.MAGIC)
        .putShort((short) EntryCodec.VERSION)
        .putShort((short) 0)
        .putInt(session)
        .putLong(origin.nanoTime())
        .putLong(origin.wallClockMs());
    return writer;
  }

  /**
   * Appends an entry.
   *
   * @throws IllegalArgumentException if it returned before the entry appended last: the log is in
   *     the order of completion
   * @throws UncheckedIOException if the file could not be written; the history is then incomplete
   *     and says so when read
   */
  @Override
  public void append(Entry entry) {
    if (entry.returnedNs() < lastReturnedNs) {
      throw new IllegalArgumentException(
          path + ": an entry that returned at " + entry.returnedNs() + " after " + lastReturnedNs);
    }
    lastReturnedNs = entry.returnedNs();
    longestNs = Math.max(longestNs, entry.operationNs());
    makeRoom();
    int start = buffer.position();
    buffer.position(start + EntryCodec.RECORD_HEAD_BYTES);
    EntryCodec.encode(entry, buffer);
    finishRecord(start);
  }

  /** Marks the log as whole and closes it. */
  @Override
  public void close() throws IOException {
    if (!file.isOpen()) {
      return;
    }
    try (file) {
      makeRoom();
      int start = buffer.position();
      buffer.position(start + EntryCodec.RECORD_HEAD_BYTES);
      buffer.put(EntryCodec.END).putLong(longestNs);
      finishRecord(start);
      flush();
    } catch (UncheckedIOException e) {
      throw new IOException(path + ": the end of the history could not be written", e);
    }
  }

  /**
   * When the entry appended last returned, in ns since the origin; {@link Long#MIN_VALUE} before
   * the first. Any thread may ask.
   */
  public long newestNs() {
    return lastReturnedNs;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Whether a file is a session's log, by its name. */
  static boolean isLog(Path file) {
    return Files.isRegularFile(file) && file.getFileName().toString().endsWith(SUFFIX);
  }

  private void makeRoom() {
    if (buffer.remaining() < EntryCodec.RECORD_BYTES_MAX) {
      flush();
    }
  }

  private void finishRecord(int start) {
    int end = buffer.position();
    int bodyAt = start + EntryCodec.RECORD_HEAD_BYTES;
    crc.reset();
    crc.update(buffer.array(), bodyAt, end - bodyAt);
    buffer.putInt(start, end - bodyAt).putInt(start + 4, (int) crc.getValue());
  }

  private void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": the history could not be written", e);
    }
    buffer.clear();
  }
}
