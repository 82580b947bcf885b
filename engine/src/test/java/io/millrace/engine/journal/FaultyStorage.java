package io.millrace.engine.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** The real storage with a disk that can fill up and a device whose forces can fail. */
public final class FaultyStorage extends ForwardingStorage {

  /** Bytes that may still be reserved. */
  public final AtomicLong roomBytes = new AtomicLong(Long.MAX_VALUE);

  /** Whether file forces fail. */
  public volatile boolean forcesFail;

  /** File forces that succeeded. */
  public final AtomicLong forces = new AtomicLong();

  public FaultyStorage() {
    super(new FileStorage());
  }

  @Override
  protected StorageFile wrap(StorageFile file) {
    return new FaultyFile(file);
  }

  private final class FaultyFile extends ForwardingFile {

    private FaultyFile(StorageFile file) {
      super(file);
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      if (roomBytes.addAndGet(-bytes) < 0) {
        roomBytes.addAndGet(bytes);
        throw new NoSpaceException(path() + ": the test's disk is full", null);
      }
      super.reserve(position, bytes);
    }

    @Override
    public void force() throws IOException {
      if (forcesFail) {
        throw new IOException(path() + ": the test's device failed");
      }
      super.force();
      forces.incrementAndGet();
    }
  }
}
