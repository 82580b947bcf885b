package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
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

  /** The instant of a delete that was never confirmed. */
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

  private final long attempt;
  private final Past past;
  private final List<Receipt> receipts = new ArrayList<>(1);
  private final List<Entry.Delete> deletes = new ArrayList<>(1);
  private Entry.@Nullable Send send;
  private long confirmedDeleteNs = NEVER;

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

  boolean sendEnded(Ending ending) {
    return send != null && send.ending() == ending;
  }

  List<Receipt> receipts() {
    return Collections.unmodifiableList(receipts);
  }

  List<Entry.Delete> deletes() {
    return Collections.unmodifiableList(deletes);
  }

  /** The return of the first delete that surely took effect; {@link #NEVER} if there was none. */
  long confirmedDeleteNs() {
    return confirmedDeleteNs;
  }

  /** Whether any delete may have taken effect. */
  boolean mayBeDeleted() {
    for (Entry.Delete delete : deletes) {
      if (delete.ending() != Ending.FAIL) {
        return true;
      }
    }
    return false;
  }

  /**
   * The earliest instant at which the lease of a receipt can have begun: a poll may wait long
   * before its message is even sent.
   */
  long leaseFromNs(Receipt receipt) {
    return send == null ? receipt.polledNs() : Math.max(receipt.polledNs(), send.invokedNs());
  }

  /** The receipt that was handed out last; empty if there is none. */
  Optional<Receipt> latestReceipt() {
    Receipt latest = null;
    for (Receipt receipt : receipts) {
      if (latest == null || receipt.isAfter(latest)) {
        latest = receipt;
      }
    }
    return Optional.ofNullable(latest);
  }

  void setSend(Entry.Send ended) {
    send = ended;
  }

  void add(Receipt receipt) {
    receipts.add(receipt);
  }

  /**
   * Takes a delete in, and sees whether it is a confirmed one: answered with yes while its handle
   * was surely the latest and its lease surely unexpired.
   */
  void add(Entry.Delete delete, long timerSlackNs) {
    deletes.add(delete);
    if (delete.ending() != Ending.OK) {
      return;
    }
    Receipt latest = latestReceipt().orElse(null);
    boolean surely =
        latest != null
            && latest.delivery().handle().equals(delete.handle())
            && delete.returnedNs() < leaseFromNs(latest) + latest.visibilityNs() - timerSlackNs;
    if (surely) {
      confirmedDeleteNs = Math.min(confirmedDeleteNs, delete.returnedNs());
    }
  }
}
