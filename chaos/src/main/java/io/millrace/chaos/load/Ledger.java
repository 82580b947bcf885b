package io.millrace.chaos.load;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the clients still have to see: attempts that were acknowledged and are not yet surely
 * deleted. It tells the drain when it may end; the verdict is made from the history alone.
 *
 * <p>Written by producers and consumers, read by the thread that drains.
 */
public final class Ledger {

  /** An account without a delete of unknown outcome. */
  private static final long NOT_SETTLING = Long.MAX_VALUE;

  /**
   * What is known of one attempt.
   *
   * @param acknowledged whether its send was acknowledged
   * @param deleted whether a delete was confirmed
   * @param settledNs when a delete of unknown outcome may be taken to have had its effect, since
   *     the message would have come again by then
   */
  private record Account(boolean acknowledged, boolean deleted, long settledNs) {}

  private final ConcurrentHashMap<Long, Account> accounts = new ConcurrentHashMap<>();
  private final long leaseNs;

  /**
   * An empty ledger.
   *
   * @param lease how long after a receive an undeleted message has surely come again
   */
  public Ledger(Duration lease) {
    this.leaseNs = lease.toNanos();
  }

  /** A send ended. */
  public void sent(Entry.Send send) {
    if (send.ending() == Ending.OK) {
      accounts.compute(
          send.attempt(),
          (attempt, account) ->
              account != null && account.deleted()
                  ? null
                  : new Account(true, false, settledNs(account)));
    } else {
      accounts.remove(send.attempt());
    }
  }

  /** A message was received: whatever delete it had before did not take effect. */
  public void received(long attempt) {
    accounts.computeIfPresent(
        attempt,
        (key, account) -> new Account(account.acknowledged(), account.deleted(), NOT_SETTLING));
  }

  /** A delete ended. */
  public void deleted(Entry.Delete delete) {
    if (delete.ending() == Ending.OK) {
      // A confirmed delete closes the account, or waits for an acknowledgement that is still on its
      // way.
      accounts.compute(
          delete.attempt(),
          (attempt, account) ->
              account != null && account.acknowledged()
                  ? null
                  : new Account(false, true, NOT_SETTLING));
    } else if (delete.ending() == Ending.INFO) {
      accounts.computeIfPresent(
          delete.attempt(),
          (attempt, account) ->
              new Account(
                  account.acknowledged(), account.deleted(), delete.returnedNs() + leaseNs));
    }
  }

  /**
   * How many acknowledged messages are still to come or to be deleted. Reads every open account.
   */
  public long outstanding(long nowNs) {
    return accounts.values().stream()
        .filter(account -> account.acknowledged() && account.settledNs() > nowNs)
        .count();
  }

  private static long settledNs(@org.jspecify.annotations.Nullable Account account) {
    return account == null ? NOT_SETTLING : account.settledNs();
  }
}
