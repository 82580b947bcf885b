package io.millrace.jmh.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What really moved in an iteration, by one thread: messages, whatever the calls that failed or
 * came back empty.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Moved {
  public long sent;
  public long received;
  public long deleted;

  /** Receives that brought nothing. */
  public long emptyReceives;

  /** Begins an iteration's count. */
  @Setup(Level.Iteration)
  public void reset() {
    sent = 0;
    received = 0;
    deleted = 0;
    emptyReceives = 0;
  }
}
