package io.millrace.chaos.load;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves; waiting moves it to the instant waited for. */
public final class ManualTicker implements Ticker {

  private final AtomicLong nowNs = new AtomicLong();

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public void awaitNs(long instantNs) {
    nowNs.accumulateAndGet(instantNs, Math::max);
  }

  /** Time passes. */
  public void advanceNs(long ns) {
    nowNs.addAndGet(ns);
  }
}
