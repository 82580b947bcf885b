package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The real storage with a disk that can fill up and a device whose forces can fail. */
final class FaultyStorage implements Storage {

  private final Storage real = new FileStorage();

  /** Bytes that may still be reserved. */
  final AtomicLong roomBytes = new AtomicLong(Long.MAX_VALUE);

  /** Whether file forces fail. */
  volatile boolean forcesFail;

  /** File forces that succeeded. */
  final AtomicLong forces = new AtomicLong();

  @Override
  public void createDirectories(Path directory) throws IOException {
    real.createDirectories(directory);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return real.list(directory);
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return new FaultyFile(real.create(file));
  }

  @Override
  public StorageFile open(Path file) throws IOException {
    return new FaultyFile(real.open(file));
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    real.move(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    real.forceDirectory(directory);
  }

  private final class FaultyFile implements StorageFile {
    private final StorageFile file;

    FaultyFile(StorageFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long bytes() throws IOException {
      return file.bytes();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      file.write(from, position);
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      if (roomBytes.addAndGet(-bytes) < 0) {
        roomBytes.addAndGet(bytes);
        throw new NoSpaceException(path() + ": the test's disk is full", null);
      }
      file.reserve(position, bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      file.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      if (forcesFail) {
        throw new IOException(path() + ": the test's device failed");
      }
      file.force();
      forces.incrementAndGet();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
