package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * CRASH ATTRIBUTION, measured: for each crash how many messages were acknowledged since the one
 * before, how many of them are missing, and whether a producer's missing ones were its first
 * (prefix), its last (postfix) or between others (middle). A lost postfix says that the end of a
 * log was not forced; a lost middle, that something worse happened.
 *
 * <p>A message is put down to the first crash after the last that was seen of it. For each crash
 * and producer the extremes of what survived are kept, and at most {@value #MISSING_MAX} missing
 * messages in all.
 */
final class CrashAttributionChecker implements Checker {

  private static final int MISSING_MAX = 100_000;
  private static final int CRASHES_SHOWN = 10;

  /** What one producer had acknowledged between two crashes. */
  private static final class Share {
    long acknowledged;
    long firstSurvivorNs = Long.MAX_VALUE;
    long lastSurvivorNs = Long.MIN_VALUE;
  }

  private record Missing(int crash, int session, long sentNs) {}

  private final Surroundings surroundings;
  private final Fates fates;
  private final TreeMap<Integer, TreeMap<Integer, Share>> shares = new TreeMap<>();
  private final List<Missing> missing = new ArrayList<>();
  private long missingInAll;

  CrashAttributionChecker(Surroundings surroundings, Fates fates) {
    this.surroundings = surroundings;
    this.fates = fates;
  }

  @Override
  public Invariant invariant() {
    return Invariant.CRASH_ATTRIBUTION;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK) {
      share(surroundings.crashes().size(), send.session()).acknowledged++;
    }
  }

  @Override
  public void onGone(Timeline message) {
    Entry.Send send = message.sendOrNull();
    if (send == null || send.ending() != Ending.OK) {
      return;
    }
    Fates.Fate fate = fates.of(message);
    boolean lost = fate == Fates.Fate.MISSING || fate == Fates.Fate.MISSING_AFTER_STALE_DELETE;
    if (lost) {
      int crash = crashAfter(message.lastSignNs());
      if (crash < surroundings.crashes().size()) {
        missingInAll++;
        if (missing.size() < MISSING_MAX) {
          missing.add(new Missing(crash, send.session(), send.returnedNs()));
        }
      }
      return;
    }
    int crash = crashAfter(send.returnedNs());
    boolean survived =
        crash < surroundings.crashes().size()
            && message.lastSignNs() > surroundings.crashes().get(crash).returnedNs();
    if (survived) {
      Share share = share(crash, send.session());
      share.firstSurvivorNs = Math.min(share.firstSurvivorNs, send.returnedNs());
      share.lastSurvivorNs = Math.max(share.lastSurvivorNs, send.returnedNs());
    }
  }

  @Override
  public InvariantVerdict verdict() {
    int crashes = surroundings.crashes().size();
    TreeMap<String, Long> counts = new TreeMap<>();
    counts.put("crashes", (long) crashes);
    counts.put("missing", missingInAll);
    for (int crash = 0; crash < Math.min(crashes, CRASHES_SHOWN); crash++) {
      String name = "crash%02d.".formatted(crash + 1);
      counts.put(name + "ackedBefore", acknowledgedBefore(crash));
    }
    for (Missing each : missing) {
      if (each.crash() < CRASHES_SHOWN) {
        String name = "crash%02d.missing.".formatted(each.crash() + 1);
        counts.merge(name + place(each), 1L, Long::sum);
      }
    }
    Verdict verdict = crashes > 0 ? Verdict.valid() : new Verdict.Unknown("the server never died");
    return new InvariantVerdict(invariant(), verdict, crashes, 0, counts);
  }

  private long acknowledgedBefore(int crash) {
    return shares.getOrDefault(crash, new TreeMap<>()).values().stream()
        .mapToLong(share -> share.acknowledged)
        .sum();
  }

  private String place(Missing message) {
    Share share = share(crashAfter(message.sentNs()), message.session());
    if (message.sentNs() > share.lastSurvivorNs) {
      return "postfix";
    }
    return message.sentNs() < share.firstSurvivorNs ? "prefix" : "middle";
  }

  /**
   * The index of the first crash that was not over at an instant; their number if there is none.
   */
  private int crashAfter(long atNs) {
    List<Entry.Event> crashes = surroundings.crashes();
    int low = 0;
    int high = crashes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (crashes.get(middle).returnedNs() < atNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Share share(int crash, int session) {
    return shares
        .computeIfAbsent(crash, each -> new TreeMap<>())
        .computeIfAbsent(session, each -> new Share());
  }
}
