package io.millrace.engine.shard;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.queue.Backlog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets tests of other rooms use mapped backlogs: many in one file, each gone when it is asked for.
 */
public final class MappedBacklogs implements AutoCloseable {

  /** So many backlogs may be in use at a time. */
  private static final int ALIVE = 4;

  private final Path directory;
  private final BlockFile file;
  private final MappedBacklog[] alive = new MappedBacklog[ALIVE];
  private int given;

  private MappedBacklogs(Path directory, BlockFile file) {
    this.directory = directory;
    this.file = file;
  }

  /** A file of its own in a directory of its own; both go with {@link #close}. */
  public static MappedBacklogs open() throws IOException {
    Path directory = Files.createTempDirectory("backlogs");
    return new MappedBacklogs(
        directory, BlockFile.open(new FileStorage(), directory.resolve("backlog")));
  }

  /**
   * An empty backlog. The fourth before it is emptied; those in use are captured by a checkpoint,
   * so that they are written by copying.
   */
  public Backlog next() {
    int ordinal = file.beginCheckpoint();
    for (MappedBacklog each : alive) {
      if (each != null) {
        each.capture();
      }
    }
    file.oldestKept(ordinal);
    MappedBacklog old = alive[given % ALIVE];
    if (old != null) {
      old.clear();
    }
    MappedBacklog fresh = new MappedBacklog(file, new SegmentTally());
    alive[given++ % ALIVE] = fresh;
    return fresh;
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.delete(directory.resolve("backlog"));
    Files.delete(directory);
  }
}
