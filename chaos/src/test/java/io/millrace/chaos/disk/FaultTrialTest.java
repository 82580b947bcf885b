package io.millrace.chaos.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.chaos.disk.FaultResult.Ending;
import io.millrace.chaos.history.FaultKind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine on disks that go wrong without losing power. */
@Timeout(120)
class FaultTrialTest {

  private static final long SEED = 11;

  static List<FaultKind> kinds() {
    return FaultTrial.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theEngineDoesWhatItMustAndTheFaultWasFelt(FaultKind kind) throws IOException {
    FaultResult result = FaultTrial.run(kind, SEED);

    assumeThat(result.ending()).as("%s", result.detail()).isNotEqualTo(Ending.SKIPPED);
    assertThat(result.ending()).as("%s", result.detail()).isEqualTo(Ending.VALID);
    assertThat(result.fired()).isPositive();
  }
}
