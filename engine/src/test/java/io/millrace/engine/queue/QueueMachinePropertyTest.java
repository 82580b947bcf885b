package io.millrace.engine.queue;

/** The queue machine over the backlog of tests and of the simulator. */
class QueueMachinePropertyTest extends QueueMachineProperties {

  @Override
  Backlog emptyBacklog() {
    return new HeapBacklog();
  }
}
