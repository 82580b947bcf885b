package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A storage that passes everything on: the base of those that watch or spoil what an engine does to
 * its files. A decorator overrides the calls it is about, and {@link #wrap} for what happens in
 * files.
 */
public abstract class ForwardingStorage implements Storage {

  private final Storage storage;

  protected ForwardingStorage(Storage storage) {
    this.storage = storage;
  }

  /** Gives a file that was just created or opened its decorator. */
  protected abstract StorageFile wrap(StorageFile file) throws IOException;

  @Override
  public void createDirectories(Path directory) throws IOException {
    storage.createDirectories(directory);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return storage.list(directory);
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    return wrap(storage.create(file));
  }

  @Override
  public StorageFile open(Path file) throws IOException {
    return wrap(storage.open(file));
  }

  @Override
  public void delete(Path path) throws IOException {
    storage.delete(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    storage.move(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    storage.forceDirectory(directory);
  }

  /** A file that passes everything on. */
  public static class ForwardingFile implements StorageFile {

    private final StorageFile file;

    protected ForwardingFile(StorageFile file) {
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
      file.reserve(position, bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      file.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
