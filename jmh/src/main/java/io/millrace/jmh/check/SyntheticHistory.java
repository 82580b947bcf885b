package io.millrace.jmh.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A legal history of four producers and four consumers: 20,000 messages a second, each received 5
 * ms after its send by a poll that waited up to a second, one in a hundred a second time after its
 * lease because its delete was refused. Sends and deletes are single operations, so that every
 * message costs the judge three.
 */
final class SyntheticHistory {

  private static final int SIDES = 4;
  private static final long MS = 1_000_000;
  private static final long STEP_NS = 50_000;
  private static final int VISIBILITY_MS = 5_000;
  private static final int WAIT_MS = 1_000;
  private static final int AGAIN_EVERY = 100;
  private static final long AGAIN_AFTER_NS = (VISIBILITY_MS + 1_000) * MS;

  private SyntheticHistory() {}

  /**
   * Writes a history.
   *
   * @param directory an existing directory without logs
   * @param operations at least so many sends, receives and deletes
   * @return how many it wrote
   */
  static long write(Path directory, long operations) throws IOException {
    Origin origin = new Origin(0, 0);
    List<HistoryWriter> logs = new ArrayList<>();
    long written = 0;
    try {
      for (int session = 0; session <= 2 * SIDES; session++) {
        logs.add(HistoryWriter.create(directory, session, origin));
      }
      long messages = operations / 3 + 1;
      long endNs = 0;
      long againBehind = AGAIN_AFTER_NS / STEP_NS;
      for (long step = 0; step < messages + againBehind; step++) {
        long nowNs = (step + 1) * STEP_NS + WAIT_MS * MS;
        if (step < messages) {
          written += first(logs, step, nowNs);
        }
        long old = step - againBehind;
        if (old >= 0 && old < messages && old % AGAIN_EVERY == 0) {
          written += again(logs, old, nowNs);
        }
        endNs = nowNs + 20 * MS;
      }
      logs.get(0)
          .append(
              new Entry.Event(0, endNs, endNs + AGAIN_AFTER_NS, EventKind.DRAINED, "nothing left"));
      return written;
    } finally {
      for (HistoryWriter log : logs) {
        log.close();
      }
    }
  }

  private static long first(List<HistoryWriter> logs, long message, long nowNs) {
    int side = (int) (message % SIDES);
    logs.get(1 + side)
        .append(
            new Entry.Send(
                1 + side,
                nowNs,
                nowNs + MS,
                Ending.OK,
                "",
                message,
                message,
                nowNs,
                0,
                messageId(message),
                true));
    boolean refused = message % AGAIN_EVERY == 0;
    receiveAndDelete(logs, message, 1, nowNs + 5 * MS, refused ? Ending.FAIL : Ending.OK);
    return 3;
  }

  private static long again(List<HistoryWriter> logs, long message, long nowNs) {
    // A little after the step's own, so that the consumer's log stays in order.
    receiveAndDelete(logs, message, 2, nowNs + 5 * MS + 2_000, Ending.OK);
    return 2;
  }

  private static void receiveAndDelete(
      List<HistoryWriter> logs, long message, int count, long atNs, Ending deleted) {
    int session = 1 + SIDES + (int) (message % SIDES);
    HistoryWriter log = logs.get(session);
    Fingerprint handle = new Fingerprint(message + 1, -count);
    log.append(
        new Entry.Receive(
            session,
            atNs - WAIT_MS * MS / 2,
            atNs,
            Ending.OK,
            "",
            WAIT_MS,
            VISIBILITY_MS,
            10,
            List.of(new Delivery(message, messageId(message), handle, count, 0, 0, Set.of()))));
    log.append(
        new Entry.Delete(
            session,
            atNs + 100,
            atNs + 1_000,
            deleted,
            deleted == Ending.OK ? "" : "refused",
            message,
            handle,
            Entry.ALONE));
  }

  private static Fingerprint messageId(long message) {
    return new Fingerprint(message * 0x9e3779b97f4a7c15L, message + 1);
  }
}
