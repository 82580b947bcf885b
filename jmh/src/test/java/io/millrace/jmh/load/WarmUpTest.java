package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Windows of 100 messages, one a millisecond, each with a latency of its own. */
class WarmUpTest {

  private static final long MS = 1_000_000;
  private static final int PER_WINDOW = 100;
  private static final long WINDOW_NS = PER_WINDOW * MS;
  private static final int WINDOWS = 6;

  private final Samples samples =
      new Samples(new Arrivals.Constant().dueNs(1_000, PER_WINDOW * WINDOWS, 1), 0);
  private final WarmUp warmUp = new WarmUp(OptionalLong.of(0));
  private long compiledNs;

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
  void serviceWhoseCompilersAreStillBusyIsNotWarmAlthoughItsMediansAgree() {
    for (int i = 0; i < 3; i++) {
      compiledNs += WINDOW_NS / 10;
      window(i, 3, 3);
    }
    assertThat(warmUp.warm()).isFalse();
    assertThat(warmUp.ending())
        .isEqualTo("Time was up after 3 windows: the compilers were busy for 10.0 % of the last.");

    compiledNs += WINDOW_NS / 25;
    window(3, 3, 3);
    assertThat(warmUp.warm()).isTrue();
    assertThat(warmUp.ending())
        .isEqualTo(
            "The medians of 3 windows agree to within a tenth;"
                + " the compilers were busy for 4.0 % of the last.");
  }

  @Test
  void serviceThatCannotBeAskedIsWarmByItsMediansAlone() {
    WarmUp unasked = new WarmUp(OptionalLong.empty());
    for (int i = 0; i < 3; i++) {
      pass(i, 3, 3);
      unasked.add(samples, 0, i * WINDOW_NS, (i + 1) * WINDOW_NS, OptionalLong.empty());
    }
    assertThat(unasked.warm()).isTrue();
    assertThat(unasked.ending()).contains("nobody tells whether the compilers rest");
  }

  @Test
  void windowWithoutAnAnswerIsNotWarm() {
    for (int i = 0; i < 3; i++) {
      warmUp.add(samples, 0, i * WINDOW_NS, (i + 1) * WINDOW_NS, OptionalLong.of(0));
    }
    assertThat(warmUp.warm()).isFalse();
  }

  private void window(int window, int publishMs, int endToEndMs) {
    pass(window, publishMs, endToEndMs);
    long fromNs = window * WINDOW_NS;
    warmUp.add(samples, 0, fromNs, fromNs + WINDOW_NS, OptionalLong.of(compiledNs));
  }

  private void pass(int window, int publishMs, int endToEndMs) {
    for (int i = window * PER_WINDOW; i < (window + 1) * PER_WINDOW; i++) {
      long dueNs = samples.dueNs(i);
      samples.started(i, dueNs);
      samples.acked(i, dueNs + publishMs * MS);
      samples.received(i, dueNs, dueNs + endToEndMs * MS);
    }
  }
}
