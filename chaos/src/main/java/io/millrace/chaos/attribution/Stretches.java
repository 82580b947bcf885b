package io.millrace.chaos.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Stretches of time in which something delayed messages, with the time it took afterwards to catch
 * up: as long again, at most. In order and apart from each other, so that an overlap is counted
 * once. Nanoseconds since the run's origin.
 */
public final class Stretches {

  /** What is shorter delays nobody for long. */
  public static final long NANOS_MIN = 1_000_000;

  /**
   * One stretch.
   *
   * @param fromNs its begin
   * @param toNs its end, not before it
   */
  public record Stretch(long fromNs, long toNs) {

    /** How long it lasted. */
    public long nanos() {
      return toNs - fromNs;
    }

    long overlapNs(long from, long to) {
      return Math.max(0, Math.min(toNs, to) - Math.max(fromNs, from));
    }
  }

  private final List<Stretch> bare;
  private final List<Stretch> withCatchUp = new ArrayList<>();

  private Stretches(List<Stretch> bare) {
    this.bare = bare;
    for (Stretch stretch : bare) {
      Stretch felt = new Stretch(stretch.fromNs(), stretch.toNs() + stretch.nanos());
      int last = withCatchUp.size() - 1;
      if (last >= 0 && withCatchUp.get(last).toNs() >= felt.fromNs()) {
        Stretch before = withCatchUp.get(last);
        withCatchUp.set(last, new Stretch(before.fromNs(), Math.max(before.toNs(), felt.toNs())));
      } else {
        withCatchUp.add(felt);
      }
    }
  }

  /** Of some stretches, those that are long enough, in order. */
  static Stretches of(List<Stretch> stretches) {
    return new Stretches(
        stretches.stream()
            .filter(stretch -> stretch.nanos() >= NANOS_MIN)
            .sorted(Comparator.comparingLong(Stretch::fromNs))
            .toList());
  }

  /** These without those that lie by half or more in others'. */
  Stretches except(Stretches others) {
    return of(
        bare.stream()
            .filter(
                stretch -> {
                  long shared = 0;
                  for (Stretch other : others.bare) {
                    shared += stretch.overlapNs(other.fromNs(), other.toNs());
                  }
                  return 2 * shared < stretch.nanos();
                })
            .toList());
  }

  /** These, without the time to catch up. */
  List<Stretch> bare() {
    return bare;
  }

  /** How much of a span lies in one of them, the time to catch up included. */
  long feltNs(long fromNs, long toNs) {
    int low = 0;
    int high = withCatchUp.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (withCatchUp.get(middle).toNs() <= fromNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long felt = 0;
    for (int i = low; i < withCatchUp.size() && withCatchUp.get(i).fromNs() < toNs; i++) {
      felt += withCatchUp.get(i).overlapNs(fromNs, toNs);
    }
    return felt;
  }
}
