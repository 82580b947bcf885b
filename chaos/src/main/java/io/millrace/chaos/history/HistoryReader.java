package io.millrace.chaos.history;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Reads one session's log from its start to its end record, or to the first record that is short or
 * damaged.
 *
 * <p>Not safe for use by several threads.
 */
public final class HistoryReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path path;
  private final DataInputStream in;
  private final int session;
  private final Origin origin;
  private final byte[] record = new byte[EntryCodec.RECORD_BYTES_MAX];
  private final CRC32C crc = new CRC32C();
  private State state = State.READING;

  private enum State {
    READING,
    WHOLE,
    CUT
  }

  private HistoryReader(Path path, DataInputStream in, int session, Origin origin) {
    this.path = path;
    this.in = in;
    this.session = session;
    this.origin = origin;
  }

  /**
   * Opens a log.
   *
   * @throws IOException if it cannot be read, is no log, or is of a version this reader does not
   *     know
   */
  public static HistoryReader open(Path path) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES));
    try {
      byte[] head = in.readNBytes(EntryCodec.FILE_HEAD_BYTES);
      if (head.length < EntryCodec.FILE_HEAD_BYTES
          || !Arrays.equals(head, 0, 8, EntryCodec.MAGIC, 0, 8)) {
        throw new IOException(path + " is no history log");
      }
      ByteBuffer fields = ByteBuffer.wrap(head, 8, EntryCodec.FILE_HEAD_BYTES - 8);
      int version = fields.getShort();
      if (version < EntryCodec.FIRST_VERSION || version > EntryCodec.VERSION) {
        throw new IOException(
            path + " is of version " + version + "; this reads up to " + EntryCodec.VERSION);
      }
      fields.getShort();
      int session = fields.getInt();
      return new HistoryReader(path, in, session, new Origin(fields.getLong(), fields.getLong()));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The next entry; empty at the end of what can be read.
   *
   * @throws IOException if the file cannot be read, or holds an intact record that this version
   *     does not know
   */
  public Optional<Entry> next() throws IOException {
    if (state != State.READING) {
      return Optional.empty();
    }
    int length = readRecord();
    if (length < 0) {
      state = State.CUT;
      return Optional.empty();
    }
    if (record[0] == EntryCodec.END || record[0] == EntryCodec.END_V1) {
      state = State.WHOLE;
      return Optional.empty();
    }
    try {
      return Optional.of(EntryCodec.decode(ByteBuffer.wrap(record, 0, length)));
    } catch (IllegalArgumentException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * The longest operation of a log as its end record tells, without reading what is before it;
   * empty if the log was cut, or is of a version that did not tell.
   *
   * @throws IOException if the file cannot be read
   */
  static OptionalLong longestNs(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(EntryCodec.END_RECORD_BYTES);
      long at = file.size() - end.capacity();
      if (at < EntryCodec.FILE_HEAD_BYTES) {
        return OptionalLong.empty();
      }
      while (end.hasRemaining() && file.read(end, at + end.position()) >= 0) {
        // The read moves the buffer's position on.
      }
      end.flip();
      int length = end.getInt();
      int expectedCrc = end.getInt();
      CRC32C crc = new CRC32C();
      crc.update(end.duplicate());
      boolean whole =
          length == end.remaining()
              && (int) crc.getValue() == expectedCrc
              && end.get() == EntryCodec.END;
      return whole ? OptionalLong.of(end.getLong()) : OptionalLong.empty();
    }
  }

  /** Whether the end record was reached. False before the end, and for ever after a cut. */
  public boolean whole() {
    return state == State.WHOLE;
  }

  /** The session the log is of. */
  public int session() {
    return session;
  }

  /** The run's origin. */
  public Origin origin() {
    return origin;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The length of the next record, now in {@link #record}; negative if it is short or damaged. */
  private int readRecord() throws IOException {
    try {
      int length = in.readInt();
      int expectedCrc = in.readInt();
      if (length < 1 || length > record.length) {
        return -1;
      }
      in.readFully(record, 0, length);
      crc.reset();
      crc.update(record, 0, length);
      return (int) crc.getValue() == expectedCrc ? length : -1;
    } catch (EOFException cut) {
      return -1;
    }
  }
}
