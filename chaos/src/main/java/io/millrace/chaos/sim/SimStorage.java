package io.millrace.chaos.sim;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The files beside the journal: real ones, since one of them is mapped, but nothing is ever forced.
 * What a force would have made durable is remembered instead, so that a power cut can take the rest
 * away: of bytes that no force covered each page is as it was at the last force or as it is now, of
 * changes of names that no force of the directory covered any last part may be undone.
 *
 * <p>Outlives the starts of one run. Changes of files are places where a crash may come.
 */
final class SimStorage extends ForwardingStorage {

  private static final int PAGE_BYTES = 4_096;
  private static final FileStorage FILES = new FileStorage();

  /** Undoes one change of a name. */
  private interface Undo {
    void undo() throws IOException;
  }

  private final CrashFuse fuse;
  private final Map<Path, byte[]> durable = new HashMap<>();
  private final Map<Path, Long> dirtyTo = new HashMap<>();
  private final ArrayDeque<Undo> unforcedNames = new ArrayDeque<>();
  private boolean recovering;

  SimStorage(CrashFuse fuse) {
    super(FILES);
    this.fuse = fuse;
  }

  /** Whether what comes is done by a start that recovers. */
  void recovering(boolean itIs) {
    recovering = itIs;
  }

  /** What the disk holds after a power cut; pages are drawn one by one. */
  void powerCut(SplittableRandom draws) {
    try {
      int mode = draws.nextInt(3);
      for (Map.Entry<Path, Long> dirty : new ArrayList<>(dirtyTo.entrySet())) {
        if (Files.exists(dirty.getKey())) {
          cut(dirty.getKey(), Math.toIntExact(dirty.getValue()), mode, draws);
        }
      }
      dirtyTo.clear();
      int undone = draws.nextInt(unforcedNames.size() + 1);
      for (int i = 0; i < undone; i++) {
        unforcedNames.removeLast().undo();
      }
      unforcedNames.clear();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated disk", e);
    }
  }

  private void cut(Path path, int bytes, int mode, SplittableRandom draws) throws IOException {
    byte[] before = durable.getOrDefault(path, new byte[0]);
    byte[] now = new byte[bytes];
    try (StorageFile file = FILES.open(path)) {
      file.read(ByteBuffer.wrap(now), 0);
      for (int at = 0; at < bytes; at += PAGE_BYTES) {
        boolean lost = mode == 0 || (mode == 1 && draws.nextBoolean());
        if (lost) {
          byte[] page = new byte[Math.min(PAGE_BYTES, bytes - at)];
          if (at < before.length) {
            System.arraycopy(before, at, page, 0, Math.min(page.length, before.length - at));
          }
          file.write(ByteBuffer.wrap(page), at);
        }
      }
      remember(path, file, bytes);
    }
  }

  private void remember(Path path, StorageFile file, int bytes) throws IOException {
    byte[] image = durable.get(path);
    if (image == null || image.length != bytes) {
      image = new byte[bytes];
      durable.put(path, image);
    }
    file.read(ByteBuffer.wrap(image), 0);
  }

  private void pass(Path path, String what) {
    if (recovering) {
      fuse.pass(CrashSite.RECOVERY, "while a start recovers, " + what + " " + path.getFileName());
    } else if (String.valueOf(path.getFileName()).startsWith("checkpoint")) {
      fuse.pass(CrashSite.CHECKPOINT, what + " " + path.getFileName());
    }
  }

  @Override
  public StorageFile create(Path file) throws IOException {
    pass(file, "before the creation of");
    StorageFile created = super.create(file);
    unforcedNames.add(() -> forget(file));
    return created;
  }

  private void forget(Path file) throws IOException {
    super.delete(file);
    durable.remove(file);
    dirtyTo.remove(file);
  }

  @Override
  protected StorageFile wrap(StorageFile file) {
    return new SimFile(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    pass(path, "before the deletion of");
    if (Files.exists(path)) {
      byte[] content = Files.readAllBytes(path);
      forget(path);
      unforcedNames.add(
          () -> {
            Files.write(path, content);
            durable.put(path, content);
          });
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    pass(from, "before the renaming of");
    super.move(from, to);
    rename(from, to);
    unforcedNames.add(
        () -> {
          if (Files.exists(to)) {
            super.move(to, from);
            rename(to, from);
          }
        });
  }

  private void rename(Path from, Path to) {
    byte[] image = durable.remove(from);
    if (image != null) {
      durable.put(to, image);
    }
    Long dirty = dirtyTo.remove(from);
    if (dirty != null) {
      dirtyTo.put(to, dirty);
    }
  }

  @Override
  public void forceDirectory(Path directory) {
    pass(directory.resolve(recovering ? "" : "checkpoint names"), "before the force of");
    unforcedNames.clear();
  }

  /** An open file; what was written is dirty until a force. */
  private final class SimFile extends ForwardingFile {

    SimFile(StorageFile file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      pass(path(), "before a write of");
      long end = position + from.remaining();
      super.write(from, position);
      dirtyTo.merge(path(), end, Math::max);
    }

    @Override
    public void reserve(long position, long bytes) {
      // The simulated disk is never short of blocks for the backlog.
    }

    @Override
    public void truncate(long bytes) throws IOException {
      pass(path(), "before a cut of");
      super.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      pass(path(), "before the force of");
      long known = durable.getOrDefault(path(), new byte[0]).length;
      long bytes = Math.max(known, dirtyTo.getOrDefault(path(), 0L));
      remember(path(), this, Math.toIntExact(bytes));
    }
  }
}
