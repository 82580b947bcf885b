package io.millrace.chaos.disk;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.journal.Storage;
import java.io.IOException;
import java.nio.file.Path;

/** Opens engines as a trial wants them: small, so that everything happens often. */
final class LabEngine {

  /** The data directory below an image's base; made by the engine, as on any first start. */
  static final String DATA = "data";

  private static final long SEGMENT_BYTES = 64 << 10;
  private static final long CHECKPOINT_BYTES = 48 << 10;

  private LabEngine() {}

  static Engine open(Path base, Storage storage, LabClock clock) throws IOException {
    return Engine.open(
        EngineConfig.at(base.resolve(DATA))
            .withStorage(storage)
            .withTime(clock)
            .withCallbacks(Runnable::run)
            .withJournal(SEGMENT_BYTES, CHECKPOINT_BYTES));
  }
}
