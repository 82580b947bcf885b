package io.millrace.chaos.figures;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a run was not steady: from its first fault on.
 *
 * <p>A fault that was forced has a window, from its plan to its end; the kind of fault says whose
 * phase it is. The outage lasts from the kill to the first answer to a request that was made after
 * it. The catch-up lasts from there until the backlog, orders due and not yet received, is no
 * larger than it was for 99 % of the time before the first fault, and stays so for {@value
 * #STAY_MS} ms. That is a generous bound on purpose. What is left after the first fault is the
 * aftermath.
 *
 * @param forced the windows of forced faults, in their order, apart from each other
 * @param kill the kill; empty if there was none
 * @param restart the server's start after it; empty if there was none
 * @param recoveredNs when the first request made after the kill was answered with yes; empty if
 *     none was
 * @param caughtUpNs when the backlog was small again; empty if it never was
 * @param endNs the last return of any operation
 */
public record RunPhases(
    List<PhaseWindow> forced,
    Optional<Entry.Event> kill,
    Optional<Entry.Event> restart,
    OptionalLong recoveredNs,
    OptionalLong caughtUpNs,
    long endNs) {

  private static final long MS = 1_000_000;
  private static final long SAMPLE_MS = 20;
  private static final long STAY_MS = 1_000;
  private static final double USUAL_SHARE = 0.99;

  /** Reads the logs in a directory. */
  public static RunPhases read(Path directory) throws IOException {
    Reading reading = new Reading();
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        reading.take(next.get());
        next = history.next();
      }
    }
    return reading.finish();
  }

  /** Copies the windows. */
  public RunPhases {
    forced = List.copyOf(forced);
  }

  /**
   * The stretches that are not steady, in whole milliseconds since the origin, rounded up, without
   * a gap from the first fault to the end.
   */
  public List<PhaseWindow> windows() {
    List<PhaseWindow> faults = new ArrayList<>(forced);
    if (kill.isPresent()) {
      long killedMs = ceilMs(kill.get().invokedNs());
      long recoveredMs = Math.max(killedMs, ceilMs(recoveredNs.orElse(endNs)));
      faults.add(new PhaseWindow(Phase.OUTAGE, killedMs, recoveredMs));
      if (recoveredNs.isPresent()) {
        long caughtUpMs = Math.max(recoveredMs, ceilMs(caughtUpNs.orElse(endNs)));
        faults.add(new PhaseWindow(Phase.CATCH_UP, recoveredMs, caughtUpMs));
      }
    }
    List<PhaseWindow> windows = new ArrayList<>();
    for (PhaseWindow fault : faults) {
      if (!windows.isEmpty()) {
        addAftermath(windows, fault.fromMs());
      }
      windows.add(fault);
    }
    if (!windows.isEmpty()) {
      addAftermath(windows, ceilMs(endNs));
    }
    return windows;
  }

  private static void addAftermath(List<PhaseWindow> windows, long untilMs) {
    long fromMs = windows.get(windows.size() - 1).toMs();
    if (fromMs < untilMs) {
      windows.add(new PhaseWindow(Phase.AFTERMATH, fromMs, untilMs));
    }
  }

  private static Optional<Phase> phaseOf(FaultKind kind) {
    return switch (kind) {
      case DUPLICATE_NOW, DUPLICATE_AFTER_DELETE, CONCURRENT_DELIVERY, DUPLICATED_REQUEST ->
          Optional.of(Phase.DUPLICATES);
      case REORDER -> Optional.of(Phase.REORDERING);
      case LOST_RESPONSE -> Optional.of(Phase.LOST_RESPONSES);
      default -> Optional.empty();
    };
  }

  private static long ceilMs(long ns) {
    return (ns + MS - 1) / MS;
  }

  /** One pass over a history. */
  private static final class Reading {

    private final Buckets backlogChanges = new Buckets(SAMPLE_MS * MS);
    private final Passages passages = new Passages(this::count);
    private final Map<Phase, Long> planned = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> ended = new EnumMap<>(Phase.class);
    private Optional<Entry.Event> kill = Optional.empty();
    private Optional<Entry.Event> restart = Optional.empty();
    private OptionalLong recoveredNs = OptionalLong.empty();
    private long endNs;

    void take(Entry entry) {
      passages.take(entry);
      endNs = Math.max(endNs, entry.returnedNs());
      if (entry instanceof Entry.Event event) {
        if (event.kind() == EventKind.KILL && kill.isEmpty()) {
          kill = Optional.of(event);
        } else if (event.kind() == EventKind.RESTARTED && restart.isEmpty()) {
          restart = Optional.of(event);
        }
      } else if (entry instanceof Entry.Fault fault) {
        phaseOf(fault.kind()).ifPresent(phase -> take(fault, phase));
      } else if (kill.isPresent()
          && recoveredNs.isEmpty()
          && isAnswer(entry)
          && entry.invokedNs() > kill.get().returnedNs()) {
        recoveredNs = OptionalLong.of(entry.returnedNs());
      }
    }

    private void take(Entry.Fault fault, Phase phase) {
      if (fault.phase() == FaultPhase.PLANNED) {
        planned.merge(phase, fault.invokedNs(), Math::min);
      } else if (fault.phase() == FaultPhase.ENDED) {
        ended.merge(phase, fault.returnedNs(), Math::max);
      }
    }

    private static boolean isAnswer(Entry entry) {
      return !(entry instanceof Entry.Target) && entry.ending() == Ending.OK;
    }

    /** One that never ended lasts until the next, or until the server was killed. */
    private List<PhaseWindow> forced() {
      List<Phase> inOrder = new ArrayList<>(planned.keySet());
      inOrder.sort(Comparator.comparing(phase -> planned.getOrDefault(phase, 0L)));
      long nextNs = kill.isPresent() ? kill.get().invokedNs() : endNs;
      List<PhaseWindow> windows = new ArrayList<>();
      for (int i = inOrder.size() - 1; i >= 0; i--) {
        long fromNs = planned.getOrDefault(inOrder.get(i), 0L);
        long toNs = Math.min(nextNs, ended.getOrDefault(inOrder.get(i), nextNs));
        windows.add(
            0, new PhaseWindow(inOrder.get(i), ceilMs(fromNs), ceilMs(Math.max(fromNs, toNs))));
        nextNs = fromNs;
      }
      return windows;
    }

    RunPhases finish() {
      passages.finish();
      return new RunPhases(forced(), kill, restart, recoveredNs, caughtUpNs(), endNs);
    }

    private void count(Passage passage) {
      Entry.Send send = passage.send();
      backlogChanges.add(send.intendedNs(), 1);
      // A message nobody ever received is in nobody's backlog once its send has ended.
      backlogChanges.add(passage.wasReceived() ? passage.receivedNs() : send.returnedNs(), -1);
    }

    private OptionalLong caughtUpNs() {
      if (kill.isEmpty() || recoveredNs.isEmpty()) {
        return OptionalLong.empty();
      }
      long[] backlog = backlogChanges.sums();
      long firstFaultNs =
          planned.values().stream().mapToLong(Long::longValue).min().orElse(kill.get().invokedNs());
      int calm = (int) (firstFaultNs / MS / SAMPLE_MS);
      int recovered = (int) (recoveredNs.getAsLong() / MS / SAMPLE_MS);
      long[] before = Arrays.copyOf(backlog, Math.min(calm, backlog.length));
      Arrays.sort(before);
      long usual = before.length == 0 ? 0 : before[(int) (before.length * USUAL_SHARE)];
      int small = 0;
      for (int sample = recovered; sample < backlog.length; sample++) {
        small = backlog[sample] <= usual ? small + 1 : 0;
        if (small >= STAY_MS / SAMPLE_MS) {
          long firstSmall = sample - small + 1L;
          return OptionalLong.of(Math.max(recoveredNs.getAsLong(), firstSmall * SAMPLE_MS * MS));
        }
      }
      return OptionalLong.empty();
    }
  }
}
