package io.millrace.engine.shard;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Real files; each change of them may be where the process ends. */
final class FusedStorage implements Storage {

  private final Storage files = new FileStorage();
  private final Fuse fuse;

  FusedStorage(Fuse fuse) {
    this.fuse = fuse;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    files.createDirectories(directory);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    fuse.step("creating " + file);
    return new FusedFile(files.create(file));
  }

  @Override
  public StorageFile open(Path file) throws IOException {
    return new FusedFile(files.open(file));
  }

  @Override
  public void delete(Path path) throws IOException {
    fuse.step("deleting " + path);
    files.delete(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    fuse.step("moving " + from);
    files.move(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    fuse.step("forcing " + directory);
    files.forceDirectory(directory);
  }

  private final class FusedFile implements StorageFile {

    private final StorageFile file;

    private FusedFile(StorageFile file) {
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
      fuse.step("writing " + file.path());
      file.write(from, position);
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      file.reserve(position, bytes);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      fuse.step("cutting " + file.path());
      file.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      fuse.step("forcing " + file.path());
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
