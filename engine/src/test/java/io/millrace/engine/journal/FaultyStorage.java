package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The real storage with a disk that can fill up and a device whose forces can fail. */
public final class FaultyStorage extends ForwardingStorage {

  /** Bytes that may still be reserved; what is deleted or cut off comes back. */
  public final AtomicLong roomBytes = new AtomicLong(Long.MAX_VALUE >> 1);

  /** Whether file forces fail. */
  public volatile boolean forcesFail;

  /** How often the device failed to take pages that the kernel wrote back by itself. */
  private final AtomicLong failedWriteBacks = new AtomicLong();

  /** File forces that succeeded. */
  public final AtomicLong forces = new AtomicLong();

  /** Up to where each file has its blocks; reserving those again costs nothing. */
  private final ConcurrentHashMap<Path, Long> reservedTo = new ConcurrentHashMap<>();

  public FaultyStorage() {
    super(new FileStorage());
  }

  /**
   * Pages are lost while no force waits for them. As on Linux each open file hears of it once, from
   * its own next force; the other forces succeed.
   */
  public void failWriteBack() {
    failedWriteBacks.incrementAndGet();
  }

  @Override
  protected StorageFile wrap(StorageFile file) {
    return new FaultyFile(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    super.delete(path);
    giveBack(path, 0);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    super.move(from, to);
    giveBack(to, 0);
    Long bytes = reservedTo.remove(from);
    if (bytes != null) {
      reservedTo.put(to, bytes);
    }
  }

  private void take(Path path, long to) throws NoSpaceException {
    long more = to - reservedTo.getOrDefault(path, 0L);
    if (more <= 0) {
      return;
    }
    if (roomBytes.addAndGet(-more) < 0) {
      roomBytes.addAndGet(more);
      throw new NoSpaceException(path + ": the test's disk is full", null);
    }
    reservedTo.put(path, to);
  }

  private void giveBack(Path path, long from) {
    Long to = reservedTo.remove(path);
    if (to != null) {
      reservedTo.put(path, Math.min(from, to));
      roomBytes.addAndGet(Math.max(0, to - from));
    }
  }

  private final class FaultyFile extends ForwardingFile {

    /** The failures it was told of, or that came before it was opened. */
    private final AtomicLong told = new AtomicLong(failedWriteBacks.get());

    private FaultyFile(StorageFile file) {
      super(file);
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      take(path(), position + bytes);
      super.reserve(position, bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      super.truncate(bytes);
      giveBack(path(), bytes);
    }

    @Override
    public void force() throws IOException {
      if (forcesFail) {
        throw new IOException(path() + ": the test's device failed");
      }
      long failed = failedWriteBacks.get();
      if (told.getAndSet(failed) != failed) {
        throw new IOException(path() + ": the test's device failed earlier");
      }
      super.force();
      forces.incrementAndGet();
    }
  }
}
