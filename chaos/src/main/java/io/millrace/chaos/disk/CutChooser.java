package io.millrace.chaos.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Chooses when the power is cut: by chance, at most so often at each {@link Moment}, so that rare
 * moments have their share. The engine goes on after a cut; each is one disk to be drawn from.
 *
 * <p>Threads: {@link #at} under the storage's lock; the rest by the driver.
 */
final class CutChooser implements RecordingStorage.Watcher {

  private final RecordingStorage storage;
  private final SplittableRandom random;
  private final Map<Moment, Integer> taken = new EnumMap<>(Moment.class);
  private final Map<Moment, Long> seen = new EnumMap<>(Moment.class);
  private final List<Capture> cuts = new ArrayList<>();

  /** What all that happens is part of; written by the driver, read by any. */
  private volatile Moment phase;

  /** How many batches are without an answer; replaced by the driver once there is a client. */
  private volatile IntSupplier batches = () -> 0;

  CutChooser(RecordingStorage storage, SplittableRandom random, Moment phase) {
    this.storage = storage;
    this.random = random;
    this.phase = phase;
    storage.watch(this);
  }

  /** The engine is open; from here on its client's batches are looked at too. */
  void opened(IntSupplier itsBatches) {
    batches = itsBatches;
    phase = Moment.TRAFFIC;
  }

  /** Something happened that only the driver can see, and the next operation is in its wake. */
  void happened(Moment moment) {
    phase = moment;
  }

  @Override
  public void at(Moment moment, String what) throws IOException {
    Moment during = during(moment);
    seen.merge(during, 1L, Long::sum);
    boolean due =
        taken.getOrDefault(during, 0) < during.cutsMax() && random.nextInt(during.oneIn()) == 0;
    if (due) {
      cut(during, what);
    }
  }

  private Moment during(Moment moment) {
    Moment current = phase;
    if (current == Moment.START || current == Moment.RECOVERY) {
      return current;
    }
    if (current != Moment.TRAFFIC) {
      phase = Moment.TRAFFIC;
      return current;
    }
    return moment == Moment.FORCE && batches.getAsInt() > 0 ? Moment.BATCH : moment;
  }

  /** Cuts the power now. */
  void cut(Moment moment, String what) throws IOException {
    synchronized (storage) {
      taken.merge(moment, 1, Integer::sum);
      cuts.add(storage.capture(moment, what));
    }
  }

  /** The cuts so far. */
  List<Capture> cuts() {
    synchronized (storage) {
      return List.copyOf(cuts);
    }
  }
}
