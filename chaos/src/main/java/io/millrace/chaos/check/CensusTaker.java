package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.EnumMap;
import java.util.Map;

/** Counts what the judge reads. */
final class CensusTaker {

  private final Map<Ending, Long> sends = new EnumMap<>(Ending.class);
  private final Map<Ending, Long> receives = new EnumMap<>(Ending.class);
  private final Map<Ending, Long> deletes = new EnumMap<>(Ending.class);
  private long emptyPolls;
  private long deliveries;
  private long distinct;

  void count(Entry.Send send) {
    sends.merge(send.ending(), 1L, Long::sum);
  }

  void count(Entry.Receive poll) {
    receives.merge(poll.ending(), 1L, Long::sum);
    if (poll.ending() == Ending.OK && poll.deliveries().isEmpty()) {
      emptyPolls++;
    }
  }

  void count(Delivery delivery, Timeline before) {
    deliveries++;
    boolean first = !before.wasReceived();
    if (first && delivery.attempt() != Entry.NO_ATTEMPT) {
      distinct++;
    }
  }

  void count(Entry.Delete delete) {
    deletes.merge(delete.ending(), 1L, Long::sum);
  }

  Census census() {
    return new Census(
        sends.values().stream().mapToLong(Long::longValue).sum(),
        of(sends, Ending.OK),
        of(sends, Ending.INFO),
        of(sends, Ending.FAIL),
        of(receives, Ending.OK),
        emptyPolls,
        of(receives, Ending.FAIL) + of(receives, Ending.INFO),
        deliveries,
        distinct,
        of(deletes, Ending.OK),
        of(deletes, Ending.INFO),
        of(deletes, Ending.FAIL));
  }

  private static long of(Map<Ending, Long> tally, Ending ending) {
    return tally.getOrDefault(ending, 0L);
  }
}
