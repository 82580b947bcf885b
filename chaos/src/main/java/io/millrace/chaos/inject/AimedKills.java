package io.millrace.chaos.inject;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Kills a server at a moment of one's choice, by what its data directory shows, and says whether
 * the moment was met. Owned by one thread.
 */
public final class AimedKills {

  private static final Duration LOOK = Duration.ofNanos(100_000);
  private static final Duration LOOK_AT_START = Duration.ofMillis(2);

  /** So long after a segment's first byte the signal still falls into the roll. */
  private static final long ROLL_NS = 3_000_000;

  /** A recovery of some megabytes takes so long at least. */
  private static final int RECOVERY_US = 15_000;

  private final ServerFiles files;
  private final KillInjector injector;
  private final Ticker ticker;
  private final SplittableRandom random;

  /**
   * Kills of the server of a data directory.
   *
   * @param injector does it and writes it down
   * @param random draws how far into a recovery a kill falls
   */
  public AimedKills(Path data, KillInjector injector, Ticker ticker, SplittableRandom random) {
    this.files = new ServerFiles(data);
    this.injector = injector;
    this.ticker = ticker;
    this.random = random;
  }

  /**
   * What became of it.
   *
   * @param killed whether the server was killed; it has to be started again
   * @param met whether that was at the moment meant
   * @param detail the evidence, in a few words
   */
  public record Strike(boolean killed, boolean met, String detail) {}

  /** Kills while changes have no answer; always meets its moment. */
  public Strike anytime(ServerUnderTest server) throws IOException {
    return new Strike(true, true, injector.kill(server.process()).event().detail());
  }

  /**
   * Kills as soon as something is under way, if it comes to be in time.
   *
   * @param underWay whether it is
   * @return met if it was; whether its clients felt it is theirs to say
   */
  public Strike during(ServerUnderTest server, BooleanSupplier underWay, Duration patience)
      throws IOException {
    if (!await(underWay, patience)) {
      return missed("the moment did not come within " + patience.toMillis() + " ms");
    }
    return new Strike(true, true, injector.strike(server.process()).event().detail());
  }

  /** Kills while the journal goes over to its next segment. */
  public Strike duringRoll(ServerUnderTest server, Duration patience) throws IOException {
    OptionalLong untouchedNs = awaitRoll(patience);
    if (untouchedNs.isEmpty()) {
      return missed("no segment was begun within " + patience.toMillis() + " ms");
    }
    InFlight.Snapshot caught = injector.strike(server.process()).inFlight();
    long afterNs = injector.lastSignalNs() - untouchedNs.getAsLong();
    String segment = files.newestSegment().map(AimedKills::name).orElse("?");
    return new Strike(
        true,
        afterNs <= ROLL_NS,
        "SIGKILL at most %.3f ms after segment %s was begun; without an answer: %d changes"
            .formatted(afterNs / 1e6, segment, caught.changes()));
  }

  /** Kills while a checkpoint is written; the proof is that it was never finished. */
  public Strike duringCheckpoint(ServerUnderTest server, Duration patience) throws IOException {
    if (!await(() -> files.unfinishedCheckpoint().isPresent(), patience)) {
      return missed("no checkpoint was begun within " + patience.toMillis() + " ms");
    }
    InFlight.Snapshot caught = injector.strike(server.process()).inFlight();
    Optional<Path> left = files.unfinishedCheckpoint();
    return new Strike(
        true,
        left.isPresent(),
        left.map(file -> "left unfinished: " + name(file)).orElse("the checkpoint was finished")
            + "; without an answer: %d changes".formatted(caught.changes()));
  }

  /**
   * Starts a server in the place of one that has ended, and kills it while it reads its journal.
   * Where that cannot be seen from outside, the moment is not met.
   */
  public Strike duringRecovery(ServerUnderTest server, Duration patience) throws IOException {
    ServerProcess.Launch launch = server.launch();
    long deadlineNs = ticker.nowNs() + patience.toNanos();
    boolean reading = false;
    while (!reading && launch.isAlive() && !launch.isReady() && ticker.nowNs() < deadlineNs) {
      ticker.pause(LOOK_AT_START);
      reading = files.readsJournal(launch.pid());
    }
    ticker.pause(Duration.ofNanos(random.nextInt(RECOVERY_US) * 1_000L));
    long pid = launch.pid();
    int exit = launch.kill();
    boolean met = reading && exit == ServerProcess.EXIT_KILLED && !launch.hasRecovered();
    return new Strike(
        true,
        met,
        "SIGKILL to process %d, exit %d; it %s its journal and %s"
            .formatted(
                pid,
                exit,
                reading ? "was reading" : "was not seen to read",
                launch.hasRecovered() ? "had recovered" : "had not recovered"));
  }

  /** When the newest segment was last seen untouched, once it is touched. */
  private OptionalLong awaitRoll(Duration patience) {
    long deadlineNs = ticker.nowNs() + patience.toNanos();
    while (ticker.nowNs() < deadlineNs) {
      Optional<Path> next = files.newestSegment();
      if (next.isPresent() && !files.hasBegun(next.get())) {
        long untouchedNs = ticker.nowNs();
        while (!files.hasBegun(next.get()) && ticker.nowNs() < deadlineNs) {
          untouchedNs = ticker.nowNs();
          ticker.pause(LOOK);
        }
        return ticker.nowNs() < deadlineNs ? OptionalLong.of(untouchedNs) : OptionalLong.empty();
      }
      ticker.pause(LOOK);
    }
    return OptionalLong.empty();
  }

  private boolean await(BooleanSupplier condition, Duration patience) {
    long deadlineNs = ticker.nowNs() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (ticker.nowNs() >= deadlineNs) {
        return false;
      }
      ticker.pause(LOOK);
    }
    return true;
  }

  private static Strike missed(String why) {
    return new Strike(false, false, why);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
