package io.millrace.jmh.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.check.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticHistoryTest {

  @TempDir private Path directory = Path.of("unset");

  @Test
  void historyIsLegalAndEveryOperationOfItIsCounted() throws IOException {
    long written = SyntheticHistory.write(directory, 30_000);

    Judgement judgement = Judge.judge(directory, Rules.STRICT);

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(written).isGreaterThanOrEqualTo(30_000);
    assertThat(
            judgement.census().attempts()
                + judgement.census().polls()
                + judgement.census().deleted()
                + judgement.census().failedDeletes())
        .isEqualTo(written);
    assertThat(judgement.of(Invariant.REDELIVERY).judged()).isEqualTo(101);
  }
}
