package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Misses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The harness measured: stalls of known length are put into a service under load, and the leg must
 * show them, at their size, under their name.
 *
 * <p>These are the only tests here that ask how long something took. A try that fails while the
 * machine itself stalled, as the control process says, is made again, and the test is skipped when
 * the machine never holds still.
 */
@Timeout(300)
class SelfTest {

  private static final int RATE = 1_000;
  private static final double SLO_MS = 10;
  private static final long STALL_MS = 50;
  private static final int STALLS = 3;
  private static final double NAMED_MIN = 0.9;
  private static final int TRIES = 5;
  private static final String POWER_LOSS = "power-loss";
  private static final String PROCESS_CRASH = "process-crash";

  /** Delays of the control process above this excuse a try that failed. */
  private static final double PLATFORM_MS_MAX = LatencyVerdict.PLATFORM_SHARE * SLO_MS;

  private static final LoadLeg.Warmth SHORT = new LoadLeg.Warmth(1, 4);

  private final long seed = System.nanoTime() & 0xffff;

  @TempDir private Path directory = Path.of("unset");

  /** One leg with faults in it. */
  private interface Try {
    Leg run(Path disk, RunDirectory files) throws IOException;
  }

  /** Something that stalls the service for about {@link #STALL_MS}. */
  private interface Fault {
    void strike() throws IOException, InterruptedException;
  }

  @Test
  void stopOfTheServerIsNamedAndEveryMessageThatWasDueMeanwhileCounts() throws IOException {
    untilThePlatformIsQuiet(
        (disk, files) -> {
          Subject.Choice choice = new Subject.Choice("http", false);
          try (Subject subject =
              Subject.open(choice, workload(PROCESS_CRASH), disk, files.path())) {
            return leg(subject, files, () -> stop(subject.serverPid()));
          }
        },
        leg -> {
          assertNamed(leg, Cause.STOPPED);
          // Those due in a stop's last 10 ms are answered in time.
          double expected = STALLS * RATE * (STALL_MS - SLO_MS) / 1e3;
          assertThat((double) publish(leg).total())
              .as("%s, stalls %s", publish(leg), leg.stalls())
              .isBetween(0.8 * expected, 1.2 * expected);
          assertThat(leg.latencies().publish().max()).isGreaterThanOrEqualTo(45);
        });
  }

  @Test
  void slowForceIsNamed() throws IOException {
    untilThePlatformIsQuiet(
        (disk, files) -> {
          AtomicBoolean slow = new AtomicBoolean();
          try (Subject subject = Subject.embedded(POWER_LOSS, disk, new SlowForces(slow))) {
            return leg(subject, files, () -> slow.set(true));
          }
        },
        leg -> assertNamed(leg, Cause.FORCE));
  }

  @Test
  void collectionInTheServersJvmIsNamed() throws IOException {
    untilThePlatformIsQuiet(
        (disk, files) -> {
          Subject.Choice choice = new Subject.Choice("http", false);
          try (Subject subject =
              Subject.millrace(
                  choice, workload(PROCESS_CRASH), disk, files.path(), BallastServer.class)) {
            return leg(subject, files, () -> collect(subject.serverPid()));
          }
        },
        leg -> {
          assertNamed(leg, Cause.GC);
          assertThat(leg.stalls())
              .filteredOn(
                  stall -> stall.cause() == Cause.GC && stall.toMs() - stall.fromMs() > SLO_MS)
              .hasSizeGreaterThanOrEqualTo(STALLS);
        });
  }

  @Test
  void stopOfAnotherServerThanOursIsNamedToo() throws IOException {
    untilThePlatformIsQuiet(
        (disk, files) -> {
          Subject.Choice choice = new Subject.Choice("elasticmq", false);
          try (Subject subject =
              Subject.open(choice, workload(PROCESS_CRASH), disk, files.path())) {
            return leg(subject, files, () -> stop(subject.serverPid()));
          }
        },
        leg -> {
          // It has troubles of its own under this load, so only the stops are asked for.
          assertThat(leg.stalls())
              .filteredOn(
                  stall -> stall.cause() == Cause.STOPPED && stall.toMs() - stall.fromMs() >= 45)
              .hasSizeGreaterThanOrEqualTo(STALLS);
          assertThat(publish(leg).of(Cause.STOPPED)).isPositive();
        });
  }

  private void untilThePlatformIsQuiet(Try attempt, Consumer<Leg> assertions) throws IOException {
    String last = "";
    for (int i = 1; i <= TRIES; i++) {
      Path disk = Files.createDirectory(directory.resolve("disk-" + i));
      Leg leg = attempt.run(disk, RunDirectory.create(directory.resolve("leg-" + i)));
      try {
        assertions.accept(leg);
        return;
      } catch (AssertionError e) {
        if (leg.platform().controlHiccupMs().max() <= PLATFORM_MS_MAX) {
          throw e;
        }
        last = e.getMessage();
      }
    }
    abort(
        "the machine stalled an idle process for over "
            + PLATFORM_MS_MAX
            + " ms in every try; of the last: "
            + last);
  }

  private Leg leg(Subject subject, RunDirectory files, Fault fault) throws IOException {
    Workload workload = workload(subject.durabilityClass());
    CompletableFuture<Void> struck = new CompletableFuture<>();
    LoadLeg.Watch watch =
        pace -> {
          long fromNs = pace.nowNs();
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      for (int i = 1; i <= STALLS; i++) {
                        pace.awaitNs(fromNs + TimeUnit.MILLISECONDS.toNanos(900) * i);
                        fault.strike();
                      }
                      struck.complete(null);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                      struck.completeExceptionally(e);
                    }
                  },
                  "faults");
          thread.start();
        };
    Leg leg =
        new LoadLeg(workload, workload.steps().get(0), SHORT, seed, watch).run(subject, 1, files);
    try {
      struck.join();
    } catch (CompletionException e) {
      throw new IOException("a fault could not be made", e);
    }
    return leg;
  }

  /** At least nine in ten of the misses that the platform is not to blame for have this name. */
  private static void assertNamed(Leg leg, Cause cause) {
    Misses misses = publish(leg);
    long others = misses.total() - misses.of(Cause.PLATFORM);
    long named = misses.of(cause);
    assertThat(named).as("%s, stalls %s", misses, leg.stalls()).isPositive();
    assertThat((double) named)
        .as("%s, stalls %s", misses, leg.stalls())
        .isGreaterThanOrEqualTo(NAMED_MIN * others);
  }

  /** At {@code process-crash} no send waits for the disk, whoever else may be writing to it. */
  private static Workload workload(String durability) {
    return new Workload(
        "self-test",
        "Whether the harness shows what was put into it.",
        new Arrivals.Constant(),
        List.of(RATE),
        4,
        256,
        durability,
        List.of(1),
        List.of(4),
        0,
        1,
        0,
        256,
        SLO_MS);
  }

  private static Misses publish(Leg leg) {
    return leg.misses().stream()
        .filter(misses -> misses.kind() == Kind.PUBLISH)
        .findFirst()
        .orElseThrow();
  }

  /** One shell stops and continues it, so that no process has to start in between. */
  private static void stop(long pid) throws IOException, InterruptedException {
    run("sh", "-c", "kill -STOP " + pid + "; sleep 0.0" + STALL_MS + "; kill -CONT " + pid);
  }

  private static void collect(long pid) throws IOException, InterruptedException {
    run(
        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        Long.toString(pid),
        "GC.run");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " ended with " + process.exitValue());
    }
  }

  /** A disk whose next force of a file takes long, each time it is told so. */
  private static final class SlowForces extends ForwardingStorage {

    private final AtomicBoolean slow;

    SlowForces(AtomicBoolean slow) {
      super(new FileStorage());
      this.slow = slow;
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return new ForwardingFile(file) {
        @Override
        public void force() throws IOException {
          boolean flusher = Thread.currentThread().getName().equals("millrace-flusher");
          if (flusher && slow.compareAndSet(true, false)) {
            long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STALL_MS);
            while (System.nanoTime() < untilNanos) {
              LockSupport.parkNanos(untilNanos - System.nanoTime());
            }
          }
          super.force();
        }
      };
    }
  }
}
