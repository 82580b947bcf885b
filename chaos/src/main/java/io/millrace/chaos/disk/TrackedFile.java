package io.millrace.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file, page by page: what is durable of each, and every version seen since its last covering
 * force. Bytes are read from the file itself, whichever way they were written; it is kept open, so
 * that it can be read when its name is gone.
 *
 * <p>Guarded by its {@link RecordingStorage}.
 */
final class TrackedFile implements AutoCloseable {

  /** A page of the page cache. */
  static final int PAGE_BYTES = 4096;

  static final byte[] ZEROS = new byte[PAGE_BYTES];

  private static final byte[] NOTHING = {};

  /** Versions of one page that are told apart; the oldest of the middle ones is forgotten. */
  private static final int VERSIONS_MAX = 6;

  /** A mapped writer may be so far ahead of the last byte that is not zero. */
  private static final int MAPPED_SLACK_BYTES = 64 << 10;

  private static final int READ_BYTES = 256 << 10;

  /** A page that a crash may find in several versions. */
  private static final class Page {
    byte[] durable = ZEROS;
    final List<byte[]> since = new ArrayList<>(2);

    /** What it was when a force failed: a later force takes that for written. */
    byte[] takenForWritten = NOTHING;

    byte[] latest() {
      return since.isEmpty() ? durable : since.get(since.size() - 1);
    }

    /** A version became durable, unless it is thought to be; what came before it is gone. */
    void force(byte[] version) {
      if (version == takenForWritten) {
        return;
      }
      int at = indexOf(version);
      if (at >= 0) {
        durable = version;
        takenForWritten = NOTHING;
        since.subList(0, at + 1).clear();
      } else if (version != durable) {
        // It was forgotten meanwhile: of what is left only the newest is surely later.
        durable = version;
        since.subList(0, since.size() - 1).clear();
      }
    }

    private int indexOf(byte[] version) {
      for (int i = since.size() - 1; i >= 0; i--) {
        if (since.get(i) == version) {
          return i;
        }
      }
      return -1;
    }
  }

  private final FileChannel channel;
  private final List<Page> pages = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);

  /** Beyond this offset nobody writes: the file is a hole. */
  private long dataBytes;

  private long durableBytes;
  private boolean everForced;
  private int forcesInFlight;
  private int failures;

  private TrackedFile(FileChannel channel) {
    this.channel = channel;
  }

  /** A file of which nothing is durable yet. */
  static TrackedFile fresh(Path path) throws IOException {
    return new TrackedFile(FileChannel.open(path, StandardOpenOption.READ));
  }

  /** A file that is durable as it is. */
  static TrackedFile durable(Path path) throws IOException {
    TrackedFile file = fresh(path);
    file.dataBytes = file.channel.size();
    file.force(file.forceBegins(), Integer.MAX_VALUE);
    int last = file.pages.size();
    while (last > 0 && file.pages.get(last - 1).durable == ZEROS) {
      last--;
    }
    file.dataBytes = (long) last * PAGE_BYTES + MAPPED_SLACK_BYTES;
    return file;
  }

  /** Bytes up to an offset may be other than zero from now on. */
  void reaches(long offset) {
    dataBytes = Math.max(dataBytes, offset);
  }

  /** Everything may be other than zero: nobody tells where this file is written. */
  void reachesItsEnd() throws IOException {
    reaches(channel.size());
  }

  /** How many of its forces failed: each open file is to hear of each. */
  int failures() {
    return failures;
  }

  boolean everForced() {
    return everForced;
  }

  /** Notes the versions that the pages have now. */
  void sample() throws IOException {
    long end = Math.min(dataBytes, channel.size());
    for (long at = 0; at < end; at += READ_BYTES) {
      buffer.clear().limit((int) Math.min(READ_BYTES, end - at));
      while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
        // until the buffer is full
      }
      sample((int) (at / PAGE_BYTES), buffer.position());
    }
  }

  private void sample(int firstPage, int bytes) {
    byte[] read = buffer.array();
    for (int from = 0; from < bytes; from += PAGE_BYTES) {
      int to = Math.min(bytes, from + PAGE_BYTES);
      Page page = page(firstPage + from / PAGE_BYTES);
      byte[] latest = page.latest();
      if (!Arrays.equals(latest, 0, to - from, read, from, to)) {
        byte[] version = new byte[PAGE_BYTES];
        System.arraycopy(read, from, version, 0, to - from);
        if (page.since.size() == VERSIONS_MAX) {
          page.since.remove(1);
        }
        page.since.add(Arrays.equals(version, ZEROS) ? ZEROS : version);
      }
    }
  }

  private Page page(int number) {
    while (pages.size() <= number) {
      pages.add(new Page());
    }
    return pages.get(number);
  }

  /**
   * A force is called.
   *
   * @return what stands there now, page by page: what the force will have made durable
   */
  byte[][] forceBegins() throws IOException {
    sample();
    forcesInFlight++;
    return pages.stream().map(Page::latest).toArray(byte[][]::new);
  }

  /**
   * A force succeeded.
   *
   * @param atCall what stood there when it was called
   * @param pagesMax how many pages it covered, from the first; all of them, in a sane storage
   */
  void force(byte[][] atCall, int pagesMax) throws IOException {
    int covered = Math.min(Math.min(pagesMax, atCall.length), pages.size());
    for (int i = 0; i < covered; i++) {
      pages.get(i).force(atCall[i]);
    }
    durableBytes = channel.size();
    int kept = (int) Math.min(pages.size(), (durableBytes + PAGE_BYTES - 1) / PAGE_BYTES);
    pages.subList(kept, pages.size()).clear();
    everForced = true;
    forcesInFlight--;
  }

  /**
   * A force failed: its pages count as clean without having been written, and a later force does
   * not cover them until they are dirtied again.
   */
  void forceFailed() throws IOException {
    sample();
    for (Page page : pages) {
      if (!page.since.isEmpty()) {
        page.takenForWritten = page.latest();
      }
    }
    failures++;
    forcesInFlight--;
  }

  /** A force said that it succeeded, and wrote nothing. */
  void forceLost() {
    forcesInFlight--;
  }

  /**
   * A file as a crash finds it.
   *
   * @param durable its pages as they are on the disk
   * @param since the later versions of each, oldest first
   * @param durableBytes its length on the disk
   * @param bytes its length
   * @param forceInFlight whether a force of it was under way
   */
  record State(
      byte[][] durable, byte[][][] since, long durableBytes, long bytes, boolean forceInFlight) {

    boolean isPending(int page) {
      return since[page].length > 0;
    }

    byte[] newest(int page) {
      return isPending(page) ? since[page][since[page].length - 1] : durable[page];
    }
  }

  State state() throws IOException {
    sample();
    byte[][] durable = new byte[pages.size()][];
    byte[][][] since = new byte[pages.size()][][];
    for (int i = 0; i < pages.size(); i++) {
      durable[i] = pages.get(i).durable;
      since[i] = pages.get(i).since.toArray(byte[][]::new);
    }
    return new State(durable, since, durableBytes, channel.size(), forcesInFlight > 0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
