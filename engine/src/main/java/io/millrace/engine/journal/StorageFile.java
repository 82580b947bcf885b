package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file of a {@link Storage}. Any thread, at the same time. */
public interface StorageFile extends AutoCloseable {

  /** The name it was opened by. */
  Path path();

  /** Its length in bytes. */
  long bytes() throws IOException;

  /**
   * Reads from a position until the buffer is full or the file ends.
   *
   * @return bytes read, 0 at the end of the file
   */
  int read(ByteBuffer into, long position) throws IOException;

  /**
   * Writes all of the buffer's remaining bytes at a position; not durable before {@link #force}.
   */
  void write(ByteBuffer from, long position) throws IOException;

  /**
   * Reserves disk blocks for a range without changing its bytes or the file's length, so that a
   * later write there, through a map too, cannot run out of space. Where the file system offers no
   * such thing this does nothing.
   *
   * @throws NoSpaceException if there is no room; nothing may be relied on then
   */
  void reserve(long position, long bytes) throws IOException;

  /** Cuts the file to a length; not durable before {@link #force}. */
  void truncate(long bytes) throws IOException;

  /**
   * Makes the bytes written so far durable, by whatever way they were written (a map included), and
   * the length with them.
   *
   * @throws IOException if the device failed: then bytes written since the last success may be lost
   *     though they can still be read, and a later success says nothing about them
   */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
