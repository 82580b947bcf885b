package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Stretches;
import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.engine.shard.ShardObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The embedded engine's forces of a millisecond and more, as the engine itself tells them: what its
 * storage port adds to a force is in them, which a flight recording cannot see. The engine's
 * flusher writes, any thread reads.
 */
final class ForceTimes implements ShardObserver {

  private final Queue<Stretch> forces = new ConcurrentLinkedQueue<>();

  @Override
  public void forced(long nanos, int records) {
    if (nanos >= Stretches.NANOS_MIN) {
      long toNanoTime = System.nanoTime();
      forces.add(new Stretch(toNanoTime - nanos, toNanoTime));
    }
  }

  @Override
  public void appended(long nanos) {}

  @Override
  public void sent(int bytes) {}

  @Override
  public void firstReceived(long waitedMs) {}

  @Override
  public void deletedInFlight(long heldMs) {}

  /** Those so far, on the axis of a pace. */
  List<Stretch> stretches(Pace pace) {
    long originNs = pace.origin().nanoTime();
    return forces.stream()
        .map(force -> new Stretch(force.fromNs() - originNs, force.toNs() - originNs))
        .toList();
  }
}
