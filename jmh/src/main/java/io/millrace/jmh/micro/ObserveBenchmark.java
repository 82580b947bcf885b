package io.millrace.jmh.micro;

import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.RequestObserver;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the metrics add to one request: all that the server observes of a send, of a receive and of
 * a delete, of one message each. The bar is 100 ns and 0 bytes a request.
 *
 * <p>What would fool it: a value that never changes always ends in the same bucket, whose search
 * the branch predictor learns by heart, so values go round; the clock is left out, since the engine
 * reads it once for the request and not for the metrics.
 *
 * <p>The control: {@link #nothing}, the loop's own cost with observers that hear nothing.
 *
 * <p>Run: {@code ./millrace bench jmh ObserveBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ObserveBenchmark {

  /** The observers of a server, and values that go round. */
  @State(Scope.Thread)
  public static class Observed {

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private RequestObserver requests;

    @SuppressWarnings("NullAway.Init")
    private ShardObserver shard;

    private int turn;

    @Setup(Level.Trial)
    public void open() {
      Telemetry telemetry = Telemetry.create(BuildInfo.ofBuild());
      requests = telemetry.requestObserver();
      shard = telemetry.shardObserver();
    }

    int next() {
      turn = (turn + 7_919) & 0xFFFF;
      return turn;
    }
  }

  /** One send. */
  @Benchmark
  public void send(Observed observed) {
    int value = observed.next();
    send(observed.requests, observed.shard, value);
  }

  /** One receive of one message, for the first time. */
  @Benchmark
  public void receive(Observed observed) {
    int value = observed.next();
    observed.shard.appended(value);
    observed.shard.firstReceived(value & 0xFF);
    observed.requests.observed(Action.RECEIVE_MESSAGE, Optional.empty(), value * 10L, false);
  }

  /** One delete of a message in flight. */
  @Benchmark
  public void delete(Observed observed) {
    int value = observed.next();
    observed.shard.appended(value);
    observed.shard.deletedInFlight(value & 0xFF);
    observed.requests.observed(Action.DELETE_MESSAGE, Optional.empty(), value * 10L, false);
  }

  /** The control. */
  @Benchmark
  public int nothing(Observed observed) {
    int value = observed.next();
    send(RequestObserver.NONE, ShardObserver.NONE, value);
    return value;
  }

  private static void send(RequestObserver requests, ShardObserver shard, int value) {
    shard.appended(value);
    shard.sent(value);
    requests.observed(Action.SEND_MESSAGE, Optional.empty(), value * 10L, false);
  }
}
