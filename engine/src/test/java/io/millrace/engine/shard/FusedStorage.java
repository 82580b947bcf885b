package io.millrace.engine.shard;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Real files; each change of them may be where the process ends. */
final class FusedStorage extends ForwardingStorage {

  private final Fuse fuse;

  FusedStorage(Fuse fuse) {
    super(new FileStorage());
    this.fuse = fuse;
  }

  @Override
  protected StorageFile wrap(StorageFile file) {
    return new FusedFile(file);
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    fuse.step("creating " + file);
    return super.create(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    fuse.step("deleting " + path);
    super.delete(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    fuse.step("moving " + from);
    super.move(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    fuse.step("forcing " + directory);
    super.forceDirectory(directory);
  }

  private final class FusedFile extends ForwardingFile {

    private FusedFile(StorageFile file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      fuse.step("writing " + path());
      super.write(from, position);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      fuse.step("cutting " + path());
      super.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      fuse.step("forcing " + path());
      super.force();
    }
  }
}
