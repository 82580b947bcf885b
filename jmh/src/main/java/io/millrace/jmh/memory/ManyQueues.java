package io.millrace.jmh.memory;

import static io.millrace.jmh.memory.Workbench.require;

import io.millrace.engine.Engine;
import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many queues at the {@code power-loss} level, made one after another: each awaited, each forced.
 * Heap and disk are taken before, after they are made, and after each has served a message and
 * holds another.
 */
final class ManyQueues {

  private static final int VISIBILITY_SECONDS = 30;

  private ManyQueues() {}

  static void run(Workbench bench) throws IOException {
    int count = (int) bench.count();
    try (Engine engine = bench.open(Durability.POWER_LOSS)) {
      Traffic first = new Traffic(engine, "first");
      first.create();
      first.fill(10, number -> 0);
      long heapBefore = Workbench.liveHeapBytes();
      long diskBefore = diskBytes(bench.data());
      List<Traffic> queues = new ArrayList<>(count);
      long startNanos = System.nanoTime();
      for (int i = 0; i < count; i++) {
        Traffic queue = new Traffic(engine, "queue-" + i);
        queue.create();
        queues.add(queue);
      }
      bench.figure("createSeconds", (System.nanoTime() - startNanos) / 1e9);
      report(bench, "created", count, heapBefore, diskBefore);
      for (Traffic queue : queues) {
        queue.fill(10, number -> 0);
        long came = queue.receive(10, VISIBILITY_SECONDS, (number, message) -> true);
        require(came == 10, "a queue gave " + came + " of its 10 messages");
        require(queue.state().visible() == 0, "a queue is not empty: " + queue.state());
      }
      report(bench, "used", count, heapBefore, diskBefore);
    }
    try (Engine engine = bench.open(Durability.POWER_LOSS)) {
      for (int i = 0; i < count; i++) {
        require(
            new Traffic(engine, "queue-" + i).state().visible() == 0, "a queue after the restart");
      }
    }
  }

  private static void report(
      Workbench bench, String when, int count, long heapBefore, long diskBefore)
      throws IOException {
    bench.figure(when + "HeapBytesEach", (double) (Workbench.liveHeapBytes() - heapBefore) / count);
    bench.figure(when + "DiskBytesEach", (double) (diskBytes(bench.data()) - diskBefore) / count);
  }

  /** Blocks really taken, which sparse files make fewer than their length. */
  private static long diskBytes(Path directory) throws IOException {
    Process du =
        new ProcessBuilder("du", "-sk", directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(text.split("\\s", -1)[0]) * 1024;
  }
}
