package io.millrace.engine.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number one thread writes and any thread reads. Writes are opaque: readers see a value that was
 * true a moment ago, never a torn one, and the writer pays for no fence.
 */
public final class Counter {

  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through VALUE
  private long value;

  /** Adds; the owner's thread only. */
  public void add(long amount) {
    VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + amount);
  }

  /** Adds one; the owner's thread only. */
  public void increment() {
    add(1);
  }

  /** Replaces the value; the owner's thread only. */
  public void set(long newValue) {
    VALUE.setOpaque(this, newValue);
  }

  /** The value, from any thread. */
  public long get() {
    return (long) VALUE.getOpaque(this);
  }
}
