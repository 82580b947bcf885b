package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The engine's clock over a wall clock and a monotonic clock that are turned by hand. */
class SlewedTimeTest {

  private static final long START_MS = 1_800_000_000_000L;
  private static final long NANOS_PER_MS = 1_000_000;

  private long wallMs = START_MS;
  private long nanos = -5_000; // nanoTime has no origin, and may be negative

  private Time open(long notBeforeMs) {
    return Time.slewed(notBeforeMs, () -> wallMs, () -> nanos);
  }

  private void pass(long ms) {
    wallMs += ms;
    nanos += ms * NANOS_PER_MS;
  }

  @Test
  void itStartsAtTheWallClockOrAtTheLatestMomentOnRecord() {
    assertThat(open(0).nowMs()).isEqualTo(START_MS);
    assertThat(open(START_MS + 7_000).nowMs()).isEqualTo(START_MS + 7_000);
  }

  @Test
  void itRunsWithTheWallClockWhileThatRunsTrue() {
    Time time = open(0);
    for (int i = 0; i < 10_000; i++) {
      pass(i % 300);
      assertThat(time.nowMs()).isEqualTo(wallMs);
    }
  }

  @Test
  void aLeapForwardIsCaughtUpWithByATwentiethOfTheTimeThatPasses() {
    Time time = open(0);
    wallMs += 10_000;
    assertThat(time.nowMs()).as("at the leap").isEqualTo(START_MS);
    for (int i = 0; i < 1_000; i++) {
      pass(100);
      var unused = time.nowMs();
    }
    // The first comparison, a tenth of a second in, finds the leap out.
    assertThat(time.nowMs()).as("100 s later").isEqualTo(START_MS + 104_995);
    for (int i = 0; i < 1_001; i++) {
      pass(100);
      assertThat(time.nowMs()).isLessThanOrEqualTo(wallMs);
    }
    assertThat(time.nowMs()).as("200 s later").isEqualTo(wallMs);
  }

  @Test
  void aWallClockSetBackIsWaitedForByATwentiethOfTheTimeThatPasses() {
    Time time = open(0);
    wallMs -= 5_000;
    for (int i = 0; i < 500; i++) {
      pass(100);
      var unused = time.nowMs();
    }
    assertThat(time.nowMs()).as("50 s later").isEqualTo(START_MS + 47_505);
    for (int i = 0; i < 501; i++) {
      pass(100);
      assertThat(time.nowMs()).isGreaterThanOrEqualTo(wallMs);
    }
    assertThat(time.nowMs()).as("100 s later").isEqualTo(wallMs);
  }

  @Test
  void itNeverGoesBackAndNeverLeavesItsSlewWhateverTheWallClockDoes() {
    long seed = Long.getLong("millrace.seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    Time time = open(0);
    long startNanos = nanos;
    long lastMs = time.nowMs();
    for (int step = 0; step < 20_000; step++) {
      nanos += random.nextLong(random.nextInt(10) == 0 ? 30_000 * NANOS_PER_MS : NANOS_PER_MS);
      wallMs =
          switch (random.nextInt(5)) {
            case 0 -> random.nextLong(START_MS * 2);
            case 1 -> wallMs - random.nextLong(10_000);
            default -> wallMs + random.nextLong(10_000);
          };
      long nowMs = time.nowMs();
      double elapsedMs = (nanos - startNanos) / (double) NANOS_PER_MS;
      assertThat(nowMs).as("seed %d, step %d", seed, step).isGreaterThanOrEqualTo(lastMs);
      assertThat((double) (nowMs - START_MS))
          .as("seed %d, step %d", seed, step)
          .isBetween(elapsedMs * 0.95 - 1, elapsedMs * 1.05 + 1);
      lastMs = nowMs;
    }
  }

  @Test
  void readAsOftenAsABusyShardDoesItTakesNoStepBackEither() {
    long seed = Long.getLong("millrace.seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    Time time = open(START_MS + 60_000); // the wall clock is behind all the time
    long lastMs = time.nowMs();
    for (int read = 0; read < 100_000; read++) {
      nanos += random.nextLong(NANOS_PER_MS / 2);
      long nowMs = time.nowMs();
      assertThat(nowMs).as("seed %d, read %d", seed, read).isGreaterThanOrEqualTo(lastMs);
      lastMs = nowMs;
    }
  }

  @Test
  void aLongRestDoesNotCarryItPastTheWallClock() {
    Time time = open(0);
    wallMs += 100;
    pass(100);
    assertThat(time.nowMs()).as("the wall clock is found ahead").isEqualTo(START_MS + 100);
    pass(3_600_000);
    assertThat(time.nowMs()).isEqualTo(wallMs);
  }
}
