package io.millrace.jmh.memory;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * What a stage works with.
 *
 * @param data the directory that the stages of a soak share
 * @param count of messages
 * @param time the engine's clock
 */
record Workbench(Path data, long count, ShiftedTime time) {

  /** What a figure's line begins with. */
  static final String FIGURE = "soak ";

  private static final String QUEUE = "soak";
  private static final double MIB = 1 << 20;

  /** Opens the engine; one that is not closed is killed with the process. */
  Engine open(Durability durability) throws IOException {
    return Engine.open(
        EngineConfig.at(data.resolve("engine"))
            .withDurability(durability)
            .withTime(time)
            .withCallbacks(Runnable::run));
  }

  /** The soak's queue. */
  Traffic traffic(Engine engine) {
    return new Traffic(engine, QUEUE);
  }

  /** A byte a message, kept in a file from stage to stage and outside the heap. */
  MappedByteBuffer counts() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            data.resolve("counts"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return file.map(FileChannel.MapMode.READ_WRITE, 0, count);
    }
  }

  /** Tells the parent. */
  void figure(String name, double value) {
    System.out.println(FIGURE + name + " " + String.format(Locale.ROOT, "%.3f", value));
  }

  /** Tells the parent. */
  void figure(String name, long value) {
    System.out.println(FIGURE + name + " " + value);
  }

  /** Tells the parent the heap in use after a full collection, in MiB. */
  void liveHeap(String name) {
    figure(name, liveHeapBytes() / MIB);
  }

  /** Bytes of heap in use after a full collection. */
  static long liveHeapBytes() {
    // Twice: the first lets cleaners and reference handlers do their part.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Processor time of this process, all threads, the compiler's and collector's included. */
  static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /**
   * Ends the stage.
   *
   * @throws AssertionError unless so
   */
  static void require(boolean so, String otherwise) {
    if (!so) {
      throw new AssertionError(otherwise);
    }
  }
}
