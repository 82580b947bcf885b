package io.millrace.chaos.scenario;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.inject.SmallDisk;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A disk that fills up under traffic until sends are refused, and is then made larger. Owned by one
 * thread.
 */
final class FullDisk {

  /** One may be refused for another reason; so many in a row are for this. */
  private static final int REFUSALS = 50;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int GROWTH = 8;

  private final HistoryWriter events;
  private final Ticker ticker;
  private final int id;
  private final long bytes;

  private FullDisk(HistoryWriter events, Ticker ticker, int id, long bytes) {
    this.events = events;
    this.ticker = ticker;
    this.id = id;
    this.bytes = bytes;
  }

  /**
   * Plans it.
   *
   * @param id the fault's number
   * @param bytes the disk's size
   * @param cannot why it cannot be done here; empty if it can
   */
  static FullDisk plan(
      HistoryWriter events, Ticker ticker, int id, long bytes, Optional<String> cannot) {
    FullDisk fault = new FullDisk(events, ticker, id, bytes);
    fault.note(
        ticker.nowNs(),
        cannot.isPresent() ? FaultPhase.SKIPPED : FaultPhase.PLANNED,
        cannot.orElse(bytes + " bytes"));
    return fault;
  }

  /**
   * Waits until the disk is full, lets it be so for a while, and makes room.
   *
   * @return the evidence; empty if sends were not refused in time
   */
  Optional<String> fill(SmallDisk disk, MixedLoad load) throws IOException {
    long refusedBefore = load.refusedSends();
    long fromNs = ticker.nowNs();
    long deadlineNs = fromNs + PATIENCE.toNanos();
    long freeBytes = disk.freeBytes();
    while (load.refusedSends() - refusedBefore < REFUSALS) {
      if (ticker.nowNs() >= deadlineNs) {
        return Optional.empty();
      }
      ticker.pause(LOOK);
      freeBytes = disk.freeBytes();
    }
    disk.grow(bytes * GROWTH);
    String detail =
        "%d sends refused, %d of %d bytes free; then %d bytes"
            .formatted(load.refusedSends() - refusedBefore, freeBytes, bytes, bytes * GROWTH);
    note(fromNs, FaultPhase.FIRED, detail);
    return Optional.of(detail);
  }

  private void note(long fromNs, FaultPhase phase, String detail) {
    events.append(
        new Entry.Fault(
            0,
            fromNs,
            ticker.nowNs(),
            id,
            FaultKind.DISK_FULL,
            phase,
            QueueSettings.NO_QUEUE,
            Fingerprint.NONE,
            "disk",
            detail));
  }
}
