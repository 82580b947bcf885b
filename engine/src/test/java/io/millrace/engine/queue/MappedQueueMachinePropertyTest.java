package io.millrace.engine.queue;

import io.millrace.engine.shard.MappedBacklogs;
import java.io.IOException;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The queue machine over the backlog the engine uses, its blocks captured every now and then. */
class MappedQueueMachinePropertyTest extends QueueMachineProperties {

  @SuppressWarnings("NullAway.Init")
  private static MappedBacklogs backlogs;

  @BeforeContainer
  static void open() throws IOException {
    backlogs = MappedBacklogs.open();
  }

  @AfterContainer
  static void close() throws IOException {
    backlogs.close();
  }

  @Override
  Backlog emptyBacklog() {
    return backlogs.next();
  }
}
