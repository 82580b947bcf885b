package io.millrace.chaos.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Each fault, from the plan to the proof. A fault that was configured or planned is no evidence:
 * only {@link Stage#FIRED} says that somebody saw it happen.
 *
 * <p>The counts are exact; of the single faults the last {@link #KEPT_MAX} are kept, and listeners
 * are told of every one.
 *
 * <p>Threads: any. Listeners are called by whoever reports, one at a time, in the order of the
 * numbers.
 */
public final class FaultLog {

  /** Stages kept for {@link #since}. */
  public static final int KEPT_MAX = 20_000;

  /** How far a fault has come. */
  public enum Stage {
    /** Prepared; its effect is still to be seen. */
    PLANNED,
    /** Its effect was seen. */
    FIRED,
    /** It will not happen any more. */
    MISSED
  }

  /**
   * One stage of one fault.
   *
   * @param number of this line, from 1, without gaps
   * @param fault the same for all stages of one fault; the number of its first line
   * @param kind what goes wrong
   * @param queue the queue, or empty where it concerns none
   * @param target the message id or the action it hits
   * @param stage how far it has come
   * @param atNanos on the machine's monotonic clock ({@link System#nanoTime()})
   * @param detail in a few words, for people
   */
  public record Line(
      long number,
      long fault,
      Mishap kind,
      String queue,
      String target,
      Stage stage,
      long atNanos,
      String detail) {}

  /**
   * How many faults of a kind a queue had.
   *
   * @param kind what went wrong
   * @param queue with which queue
   */
  public record Key(Mishap kind, String queue) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0 ? byKind : queue.compareTo(other.queue);
    }
  }

  /**
   * Counts of one kind and queue.
   *
   * @param planned all that were begun
   * @param fired those seen to happen
   * @param missed those that came to nothing
   */
  public record Count(long planned, long fired, long missed) {}

  private static final class Adders {
    private final LongAdder planned = new LongAdder();
    private final LongAdder fired = new LongAdder();
    private final LongAdder missed = new LongAdder();
  }

  private final LongSupplier nanos;
  private final Map<Key, Adders> counts = new ConcurrentSkipListMap<>();
  private final List<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private final Deque<Line> kept = new ArrayDeque<>();

  /** Guarded by this. */
  private long lines;

  /** An empty log on the machine's monotonic clock. */
  public FaultLog() {
    this(System::nanoTime);
  }

  /** An empty log on a clock in nanoseconds. */
  public FaultLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A fault that was begun. */
  public final class Planned {
    private final long fault;
    private final Mishap kind;
    private final String queue;
    private final String target;
    private boolean settled;

    private Planned(long fault, Mishap kind, String queue, String target) {
      this.fault = fault;
      this.kind = kind;
      this.queue = queue;
      this.target = target;
    }

    /** What goes wrong. */
    public Mishap kind() {
      return kind;
    }

    /** Its effect was seen; says so once. */
    public void fired(String detail) {
      settle(Stage.FIRED, detail);
    }

    /** It will not happen; unless it has. */
    public void missed(String why) {
      settle(Stage.MISSED, why);
    }

    /** Whether it fired or was missed. */
    public boolean isSettled() {
      synchronized (FaultLog.this) {
        return settled;
      }
    }

    private void settle(Stage stage, String detail) {
      synchronized (FaultLog.this) {
        if (!settled) {
          settled = true;
          Adders adders = adders(kind, queue);
          (stage == Stage.FIRED ? adders.fired : adders.missed).increment();
          write(fault, kind, queue, target, stage, detail);
        }
      }
    }
  }

  /** Begins a fault whose effect is still to be seen. */
  public synchronized Planned plan(Mishap kind, String queue, String target, String detail) {
    adders(kind, queue).planned.increment();
    long fault = write(lines + 1, kind, queue, target, Stage.PLANNED, detail);
    return new Planned(fault, kind, queue, target);
  }

  /** Notes a fault that happened as it was decided. */
  public synchronized void fired(Mishap kind, String queue, String target, String detail) {
    Adders adders = adders(kind, queue);
    adders.planned.increment();
    adders.fired.increment();
    write(lines + 1, kind, queue, target, Stage.FIRED, detail);
  }

  /** The counts so far, by kind and queue. */
  public Map<Key, Count> counts() {
    Map<Key, Count> result = new ConcurrentSkipListMap<>();
    counts.forEach(
        (key, adders) ->
            result.put(
                key, new Count(adders.planned.sum(), adders.fired.sum(), adders.missed.sum())));
    return result;
  }

  /** How many faults of a kind fired, over all queues. */
  public long fired(Mishap kind) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(entry -> entry.getValue().fired.sum())
        .sum();
  }

  /** The kept lines with a number greater than this one, at most so many, oldest first. */
  public synchronized List<Line> since(long number, int max) {
    List<Line> found = new ArrayList<>();
    for (Line line : kept) {
      if (line.number() > number && found.size() < max) {
        found.add(line);
      }
    }
    return found;
  }

  /** Tells a listener of every line from now on. It must not call back. */
  public void follow(Consumer<Line> listener) {
    listeners.add(listener);
  }

  private Adders adders(Mishap kind, String queue) {
    return counts.computeIfAbsent(new Key(kind, queue), first -> new Adders());
  }

  private synchronized long write(
      long fault, Mishap kind, String queue, String target, Stage stage, String detail) {
    lines++;
    Line line = new Line(lines, fault, kind, queue, target, stage, nanos.getAsLong(), detail);
    kept.add(line);
    if (kept.size() > KEPT_MAX) {
      kept.remove();
    }
    listeners.forEach(listener -> listener.accept(line));
    return fault;
  }
}
