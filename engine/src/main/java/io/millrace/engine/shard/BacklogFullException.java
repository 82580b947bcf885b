package io.millrace.engine.shard;

import java.nio.file.Path;

/**
 * The disk gave no more space for a backlog that had to grow; the journal holds everything, the
 * shard stops.
 */
final class BacklogFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BacklogFullException(Path path) {
    super("no space left on device for " + path.getFileName());
  }
}
