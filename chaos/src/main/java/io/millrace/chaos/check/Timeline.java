package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known so far of one send attempt and the message it made. Written by {@link MessageTable}
 * alone.
 */
final class Timeline {

  /** The instant of what never happened. */
  static final long NEVER = Long.MAX_VALUE;

  /** What is left of a message whose timeline was let go. */
  enum Past {
    /** The timeline is all there is. */
    NONE,
    /** It was surely deleted, longer ago than the grace. */
    DELETED,
    /** Its send surely failed. */
    FAILED
  }

  /**
   * Receipts and deletes kept of one message; of more, the oldest but the first are forgotten. A
   * message that is received for ever must not grow for ever.
   */
  private static final int KEPT_MAX = 16;

  private final long attempt;
  private final Past past;
  private List<Receipt> receipts = List.of();
  private List<Entry.Delete> deletes = List.of();
  private Entry.@Nullable Send send;
  private long confirmedDeleteNs = NEVER;
  private Fingerprint confirmedBy = Fingerprint.NONE;
  private long mayBeDeletedFromNs = NEVER;
  private int received;
  private boolean deletesForgotten;
  private boolean mayBePurged;
  private long surelyPurgedNs = NEVER;
  private boolean queueMayBeGone;
  private long lastSignNs;

  /** Neighbours among the messages of one queue that nothing may have removed yet. */
  @Nullable Timeline previous;

  @Nullable Timeline next;

  /** Whether it is among them. */
  boolean listed;

  Timeline(long attempt, Past past) {
    this.attempt = attempt;
    this.past = past;
  }

  long attempt() {
    return attempt;
  }

  Past past() {
    return past;
  }

  /**
   * The send, once its end is known: a message can be received before its sender has the answer.
   */
  Optional<Entry.Send> send() {
    return Optional.ofNullable(send);
  }

  Entry.@Nullable Send sendOrNull() {
    return send;
  }

  boolean sendEnded(Ending ending) {
    return send != null && send.ending() == ending;
  }

  List<Receipt> receipts() {
    return Collections.unmodifiableList(receipts);
  }

  List<Entry.Delete> deletes() {
    return Collections.unmodifiableList(deletes);
  }

  /** How often it was received, receipts that were forgotten included. */
  int received() {
    return received;
  }

  /** Whether it was ever received. */
  boolean wasReceived() {
    return !receipts.isEmpty() || past == Past.DELETED;
  }

  /** The message's id, as its sender or else its first receiver was told. */
  Fingerprint messageId() {
    if (send != null && send.ending() == Ending.OK) {
      return send.messageId();
    }
    return receipts.isEmpty() ? Fingerprint.NONE : receipts.get(0).delivery().messageId();
  }

  /** The queue it was sent to; that of its first receive while the send has not ended. */
  int homeQueue() {
    if (send != null) {
      return send.queue();
    }
    return receipts.isEmpty() ? Entry.FIRST_QUEUE : receipts.get(0).queue();
  }

  /** The queue it was seen in last. */
  int lastQueue() {
    return receipts.isEmpty() ? homeQueue() : receipts.get(receipts.size() - 1).queue();
  }

  /** The return of the first delete that surely took effect; {@link #NEVER} if there was none. */
  long confirmedDeleteNs() {
    return confirmedDeleteNs;
  }

  /** The last return of anything about it. */
  long lastSignNs() {
    return lastSignNs;
  }

  /** Whether any delete may have taken effect. */
  boolean mayBeDeleted() {
    return mayBeDeletedFromNs != NEVER;
  }

  /** Whether a delete that may have taken effect had begun by an instant. */
  boolean mayBeDeletedBy(long atNs) {
    return mayBeDeletedFromNs <= atNs;
  }

  /**
   * Whether every delete that was not refused came by a handle that was surely no longer the
   * latest: a newer receive had returned before it was asked for.
   */
  boolean onlyStaleDeletes() {
    if (deletesForgotten) {
      return false;
    }
    boolean any = false;
    for (Entry.Delete delete : deletes) {
      if (delete.ending() != Ending.FAIL) {
        if (!isStale(delete)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /** Whether a handle was surely no longer the latest when a delete by it was asked for. */
  boolean isStale(Entry.Delete delete) {
    Receipt own = null;
    for (Receipt receipt : receipts) {
      if (receipt.delivery().handle().equals(delete.handle())) {
        own = receipt;
      }
    }
    if (own == null) {
      return false;
    }
    for (Receipt receipt : receipts) {
      if (receipt != own
          && receipt.receivedNs() < delete.invokedNs()
          && receipt.polledNs() > own.receivedNs()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a purge may have removed it. */
  boolean mayBePurged() {
    return mayBePurged;
  }

  /** The return of a purge that surely removed it; {@link #NEVER} if there was none. */
  long surelyPurgedNs() {
    return surelyPurgedNs;
  }

  /** Whether its queue may have been deleted with it. */
  boolean queueMayBeGone() {
    return queueMayBeGone;
  }

  /**
   * The earliest instant at which a lease given by a poll can have begun: a poll may wait long
   * before its message is even sent.
   */
  long leaseFromNs(long polledNs) {
    return send == null ? polledNs : Math.max(polledNs, send.invokedNs());
  }

  /** The receipt that was handed out last; null if there is none. */
  @Nullable Receipt latestReceipt() {
    Receipt latest = null;
    for (Receipt receipt : receipts) {
      if (latest == null || receipt.isAfter(latest)) {
        latest = receipt;
      }
    }
    return latest;
  }

  /** The receipt with a handle; null if there is none. */
  @Nullable Receipt receiptOf(Fingerprint handle) {
    for (Receipt receipt : receipts) {
      if (receipt.delivery().handle().equals(handle)) {
        return receipt;
      }
    }
    return null;
  }

  void setSend(Entry.Send ended) {
    send = ended;
    sign(ended.returnedNs());
  }

  void add(Receipt receipt) {
    if (receipts.isEmpty()) {
      receipts = new ArrayList<>(1);
    }
    if (receipts.size() == KEPT_MAX) {
      receipts.remove(1);
    }
    receipts.add(receipt);
    received++;
    sign(receipt.receivedNs());
  }

  /**
   * Takes a delete in, and sees whether it is a confirmed one: answered with yes while its handle
   * was surely the latest and its lease surely unexpired.
   *
   * @param leaseForgotten whether the latest lease may have been forgotten by then: somebody may
   *     have received the message since and never have had the answer
   */
  void add(Entry.Delete delete, long timerSlackNs, boolean leaseForgotten) {
    if (deletes.isEmpty()) {
      deletes = new ArrayList<>(1);
    }
    if (deletes.size() == KEPT_MAX) {
      deletes.remove(0);
      deletesForgotten = true;
    }
    deletes.add(delete);
    if (delete.ending() != Ending.FAIL) {
      mayBeDeletedFromNs = Math.min(mayBeDeletedFromNs, delete.invokedNs());
    }
    sign(delete.returnedNs());
    if (delete.ending() != Ending.OK) {
      return;
    }
    Receipt latest = latestReceipt();
    boolean surely =
        latest != null
            && !leaseForgotten
            && latest.delivery().handle().equals(delete.handle())
            && latest.queue() == delete.queue()
            && delete.returnedNs() < latest.earliestEndNs() - timerSlackNs;
    if (surely && delete.returnedNs() < confirmedDeleteNs) {
      confirmedDeleteNs = delete.returnedNs();
      confirmedBy = delete.handle();
    }
  }

  /**
   * Takes a change of visibility in.
   *
   * @param timerSlackNs how far the server's clock may be off
   */
  void add(Entry.Visibility change, long timerSlackNs) {
    sign(change.returnedNs());
    Receipt receipt = receiptOf(change.handle());
    if (receipt == null || change.ending() == Ending.FAIL) {
      return;
    }
    long visibilityNs = change.visibilityMs() * 1_000_000L;
    long earliestNs = change.invokedNs() + visibilityNs;
    long latestNs = change.returnedNs() + visibilityNs;
    boolean surely =
        change.ending() == Ending.OK
            && receipt == latestReceipt()
            && receipt.receivedNs() <= change.invokedNs()
            && change.returnedNs() < receipt.earliestEndNs() - timerSlackNs
            && !mayBeDeletedBy(change.returnedNs());
    if (surely) {
      receipt.moveEnd(earliestNs, latestNs);
    } else {
      receipt.mayMoveEnd(earliestNs, latestNs);
    }
    if (confirmedDeleteNs != NEVER
        && confirmedBy.equals(change.handle())
        && change.invokedNs() < confirmedDeleteNs
        && confirmedDeleteNs >= receipt.earliestEndNs() - timerSlackNs) {
      // The lease may have been ended before the delete, so the delete was not sure of its effect.
      confirmedDeleteNs = NEVER;
    }
  }

  void setMayBePurged() {
    mayBePurged = true;
  }

  void setSurelyPurged(long atNs) {
    mayBePurged = true;
    surelyPurgedNs = Math.min(surelyPurgedNs, atNs);
  }

  void setQueueMayBeGone() {
    queueMayBeGone = true;
  }

  private void sign(long atNs) {
    lastSignNs = Math.max(lastSignNs, atNs);
  }
}
