package io.millrace.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final long LATER_NS = Duration.ofMinutes(1).toNanos();

  private final Ledger ledger = new Ledger(Duration.ofSeconds(7));

  @Test
  void acknowledgedMessageIsOutstandingUntilItsDelete() {
    ledger.sent(send(1, Ending.OK));
    assertThat(ledger.outstanding(LATER_NS)).isEqualTo(1);

    ledger.received(1);
    assertThat(ledger.outstanding(LATER_NS)).isEqualTo(1);

    ledger.deleted(delete(1, Ending.OK));
    assertThat(ledger.outstanding(LATER_NS)).isZero();
  }

  @Test
  void deleteMayOvertakeTheAcknowledgement() {
    ledger.deleted(delete(1, Ending.OK));
    ledger.sent(send(1, Ending.OK));

    assertThat(ledger.outstanding(LATER_NS)).isZero();
  }

  @Test
  void failedDeleteLeavesTheMessageOutstanding() {
    ledger.sent(send(1, Ending.OK));
    ledger.deleted(delete(1, Ending.FAIL));

    assertThat(ledger.outstanding(LATER_NS)).isEqualTo(1);
  }

  @Test
  void deleteOfUnknownOutcomeSettlesOnceTheMessageWouldHaveComeAgain() {
    ledger.sent(send(1, Ending.OK));
    ledger.deleted(delete(1, Ending.INFO));

    assertThat(ledger.outstanding(Duration.ofSeconds(6).toNanos())).isEqualTo(1);
    assertThat(ledger.outstanding(Duration.ofSeconds(8).toNanos())).isZero();
  }

  @Test
  void messageThatComesAgainIsOutstandingAgain() {
    ledger.sent(send(1, Ending.OK));
    ledger.deleted(delete(1, Ending.INFO));
    ledger.received(1);

    assertThat(ledger.outstanding(LATER_NS)).isEqualTo(1);
  }

  @Test
  void nothingIsExpectedOfRefusedAndUnknownSends() {
    ledger.sent(send(1, Ending.FAIL));
    ledger.sent(send(2, Ending.INFO));

    assertThat(ledger.outstanding(LATER_NS)).isZero();
  }

  private static Entry.Send send(long attempt, Ending ending) {
    return new Entry.Send(0, 1, 2, ending, "", attempt, attempt, 1, 0, Fingerprint.NONE, true);
  }

  private static Entry.Delete delete(long attempt, Ending ending) {
    return new Entry.Delete(0, 3, 4, ending, "", attempt, Fingerprint.of("h"), Entry.ALONE);
  }
}
