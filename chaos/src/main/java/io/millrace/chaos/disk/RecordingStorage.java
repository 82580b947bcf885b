package io.millrace.chaos.disk;

import io.millrace.chaos.disk.NameTree.DirectoryNode;
import io.millrace.chaos.disk.NameTree.FileNode;
import io.millrace.chaos.disk.NameTree.Node;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Real files, and the knowledge of what a power cut would leave of them. Nothing is really forced:
 * the page cache stands for memory, and what a disk holds is kept here, by these rules (POSIX and
 * Linux's page cache over block devices, as in ALICE, OSDI 2014):
 *
 * <ul>
 *   <li>A force that succeeds makes durable what the file held when it was called, however it was
 *       written, and its length. What is written while it runs is not covered.
 *   <li>Any page written since may be on the disk in any of its versions: the kernel writes back
 *       when it pleases, and a disk keeps any subset of what it was not told to flush. A page never
 *       forced may be zeroes beside neighbours that are not.
 *   <li>After a force that fails, its pages count as clean: a later force does not cover them until
 *       they are dirtied again. Whoever has the file open another time hears of it once, from the
 *       next force there; who opens it later does not.
 *   <li>A file's length lies between the durable one and the present one.
 *   <li>Names are durable once their directory was forced; of those changed since, {@link
 *       CrashProfile} tells which survive.
 * </ul>
 *
 * <p>Versions are sampled at every force of a file, at every change of its name and at every
 * capture, so a version between two samples is not seen: the model is sound and not complete.
 *
 * <p>Threads: any; one lock, under which captures are taken, so none falls into the middle of a
 * force's effect.
 */
public final class RecordingStorage extends ForwardingStorage implements AutoCloseable {

  /** Hears of every operation; may take a capture. Called under the storage's lock. */
  @FunctionalInterface
  interface Watcher {

    /** Something is about to happen, or has just happened. */
    void at(Moment moment, String what) throws IOException;
  }

  private final CrashProfile profile;
  private final LabClock clock;
  private final NameTree names;
  private final Set<FileNode> tracked = new LinkedHashSet<>();
  private final Device device;
  private Watcher watcher = (moment, what) -> {};

  /** Set by a force of the journal that fails, until one succeeds. */
  private boolean tailIsRewritten;

  /**
   * A storage over an existing directory, everything below which is durable as it is.
   *
   * @param base holds the data directory
   * @param device decides what becomes of forces
   */
  RecordingStorage(Path base, CrashProfile profile, Device device, LabClock clock)
      throws IOException {
    super(new FileStorage());
    this.device = device;
    this.profile = profile;
    this.clock = clock;
    this.names = new NameTree(base);
    try {
      adopt(base);
      names.forceAll();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void adopt(Path directory) throws IOException {
    for (Path path : entriesOf(directory)) {
      if (Files.isDirectory(path)) {
        names.created(path, new DirectoryNode());
        adopt(path);
      } else {
        track(path, TrackedFile.durable(path));
      }
    }
  }

  private FileNode track(Path path, TrackedFile content) {
    FileNode file = new FileNode(content);
    tracked.add(file);
    names.created(path, file);
    return file;
  }

  /** Says who hears of operations from now on. */
  synchronized void watch(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /** What a power cut now would leave. */
  synchronized Capture capture(Moment moment, String what) throws IOException {
    findStrangers(names.base());
    return Capture.of(names, moment, what, clock);
  }

  /** Files that came without this port: Chronicle's own table. */
  private void findStrangers(Path directory) throws IOException {
    DirectoryNode node = names.directory(directory);
    for (Path path : entriesOf(directory)) {
      Node known = node.now().get(String.valueOf(path.getFileName()));
      if (known == null) {
        TrackedFile stranger = TrackedFile.fresh(path);
        stranger.reachesItsEnd();
        track(path, stranger);
      } else if (known instanceof DirectoryNode) {
        findStrangers(path);
      }
    }
  }

  private static List<Path> entriesOf(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  private static Moment momentOf(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.startsWith("checkpoint-") || name.equals("backlog") || name.startsWith("shard-")) {
      return Moment.CHECKPOINT;
    }
    return name.equals("manifest") || name.startsWith("receipt-key")
        ? Moment.START
        : Moment.TRAFFIC;
  }

  /** Where the tail is being written again, all of it is that. */
  private Moment during(Moment moment) {
    return tailIsRewritten ? Moment.TAIL_REWRITE : moment;
  }

  private static boolean isSegment(Path path) {
    return path.toString().endsWith(".cq4");
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    ArrayDeque<Path> missing = new ArrayDeque<>();
    Path path = directory;
    while (path != null && !Files.isDirectory(path)) {
      missing.push(path);
      path = path.getParent();
    }
    super.createDirectories(directory);
    for (Path made : missing) {
      names.created(made, new DirectoryNode());
    }
    watcher.at(momentOf(directory), "after making " + directory.getFileName());
  }

  @Override
  public synchronized StorageFile create(Path file) throws IOException {
    StorageFile created = super.create(file);
    watcher.at(during(isSegment(file) ? Moment.ROLL : momentOf(file)), "after creating " + file);
    return created;
  }

  @Override
  public synchronized StorageFile open(Path file) throws IOException {
    return super.open(file);
  }

  @Override
  protected StorageFile wrap(StorageFile file) throws IOException {
    Node node = names.find(file.path());
    FileNode known =
        node instanceof FileNode tracking
            ? tracking
            : track(file.path(), TrackedFile.fresh(file.path()));
    return new RecordedFile(file, known);
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    Node node = names.find(path);
    if (node instanceof FileNode file) {
      file.content().sample();
    }
    Moment moment = isSegment(path) ? Moment.DROP : momentOf(path);
    boolean there = Files.exists(path);
    super.delete(path);
    if (node != null) {
      names.deleted(path);
    }
    if (there) {
      watcher.at(moment == Moment.CHECKPOINT ? Moment.DROP : moment, "after deleting " + path);
    }
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    for (Path path : List.of(from, to)) {
      if (names.find(path) instanceof FileNode file) {
        file.content().sample();
      }
    }
    super.move(from, to);
    names.moved(from, to);
    watcher.at(momentOf(to), "after moving " + from + " to " + to.getFileName());
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    findStrangers(directory);
    Moment moment = during(momentOf(directory));
    watcher.at(moment, "before forcing the names in " + directory);
    switch (device.fateOf(directory).ending()) {
      case FAILS -> throw new IOException(directory + ": the device failed");
      case SUCCEEDS -> {
        if (profile == CrashProfile.EXT4) {
          names.forceAll();
        } else {
          names.force(names.directory(directory));
        }
      }
      case IS_LOST -> {} // and nobody knows
    }
    letGo();
    watcher.at(moment, "after forcing the names in " + directory);
  }

  /** Closes the files that no crash can find any more. */
  private void letGo() throws IOException {
    Set<Node> reachable = names.reachable();
    for (FileNode file : List.copyOf(tracked)) {
      if (!reachable.contains(file)) {
        tracked.remove(file);
        file.content().close();
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (FileNode file : tracked) {
      file.content().close();
    }
    tracked.clear();
  }

  /** A file that is written through the port, through maps, and forced here alone. */
  private final class RecordedFile extends ForwardingFile {

    private final FileNode node;

    /** The file's failed forces that were told here, or came before it was opened. */
    private int failuresTold;

    RecordedFile(StorageFile file, FileNode node) {
      super(file);
      this.node = node;
      this.failuresTold = node.content().failures();
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (RecordingStorage.this) {
        long end = position + from.remaining();
        super.write(from, position);
        node.content().reaches(end);
        if (!isSegment(path())) {
          watcher.at(momentOf(path()), "after writing " + path());
        }
      }
    }

    @Override
    public void reserve(long position, long bytes) throws IOException {
      super.reserve(position, bytes);
      synchronized (RecordingStorage.this) {
        node.content().reaches(position + bytes);
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      synchronized (RecordingStorage.this) {
        node.content().sample();
        super.truncate(bytes);
        watcher.at(isSegment(path()) ? Moment.DROP : momentOf(path()), "after cutting " + path());
      }
    }

    @Override
    public void force() throws IOException {
      Device.ForceFate fate = device.fateOf(path());
      TrackedFile content = node.content();
      byte[][] atCall;
      Moment moment = momentOf(path());
      synchronized (RecordingStorage.this) {
        atCall = content.forceBegins();
        if (isSegment(path())) {
          moment = content.everForced() ? Moment.FORCE : Moment.ROLL;
        }
        watcher.at(during(moment), "in a force of " + path());
      }
      if (!fate.takes().isZero()) {
        LockSupport.parkNanos(this, fate.takes().toNanos());
      }
      synchronized (RecordingStorage.this) {
        ends(fate, content, atCall, moment);
      }
    }

    private void ends(Device.ForceFate fate, TrackedFile content, byte[][] atCall, Moment moment)
        throws IOException {
      watcher.at(during(moment), "at the end of a force of " + path());
      switch (fate.ending()) {
        case FAILS -> {
          content.forceFailed();
          failuresTold = content.failures();
          tailIsRewritten |= isSegment(path());
          throw new IOException(path() + ": the device failed");
        }
        case IS_LOST -> content.forceLost();
        case SUCCEEDS -> {
          if (profile == CrashProfile.EXT4 && names.isPending(node)) {
            names.forceAll();
          }
          content.force(atCall, fate.pagesMax());
        }
      }
      if (failuresTold != content.failures()) {
        failuresTold = content.failures();
        tailIsRewritten |= isSegment(path());
        throw new IOException(path() + ": the device failed earlier");
      }
      watcher.at(during(moment), "after a force of " + path());
      tailIsRewritten &= !isSegment(path());
    }
  }
}
