package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Windows of 100 messages, one a millisecond, each with a latency of its own. */
class WarmUpTest {

  private static final long MS = 1_000_000;
  private static final int PER_WINDOW = 100;
  private static final long WINDOW_NS = PER_WINDOW * MS;
  private static final int WINDOWS = 6;

  private final Samples samples =
      new Samples(new Arrivals.Constant().dueNs(1_000, PER_WINDOW * WINDOWS, 1), 0);
  private final WarmUp warmUp = new WarmUp();

  @Test
  void threeWindowsThatAgreeAreWarmAndTwoAreNot() {
    window(0, 9, 9);
    window(1, 3, 3);
    window(2, 3, 3);
    assertThat(warmUp.warm()).isFalse();

    window(3, 3, 3);
    assertThat(warmUp.warm()).isTrue();
    assertThat(warmUp.trace()).hasSize(4);
  }

  @Test
  void backlogThatIsStillDrainingIsNotWarmAlthoughSendsAre() {
    window(0, 2, 900);
    window(1, 2, 700);
    window(2, 2, 500);
    assertThat(warmUp.warm()).isFalse();
  }

  @Test
  void windowWithoutAnAnswerIsNotWarm() {
    for (int i = 0; i < 3; i++) {
      warmUp.add(samples, 0, i * WINDOW_NS, (i + 1) * WINDOW_NS);
    }
    assertThat(warmUp.warm()).isFalse();
  }

  private void window(int window, int publishMs, int endToEndMs) {
    for (int i = window * PER_WINDOW; i < (window + 1) * PER_WINDOW; i++) {
      long dueNs = samples.dueNs(i);
      samples.started(i, dueNs);
      samples.acked(i, dueNs + publishMs * MS);
      samples.received(i, dueNs, dueNs + endToEndMs * MS);
    }
    long fromNs = window * WINDOW_NS;
    warmUp.add(samples, 0, fromNs, fromNs + WINDOW_NS);
  }
}
