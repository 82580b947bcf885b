package io.millrace.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Stall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongestStallsTest {

  @Test
  void fewStallsAllHaveTheirRowInTheRecordsOrder() {
    List<Stall> stalls =
        List.of(
            new Stall(Cause.GC, 5, 8),
            new Stall(Cause.GENERATOR, 5, 9),
            new Stall(Cause.FORCE, 20, 22));
    LongestStalls rows = LongestStalls.of(stalls);
    assertThat(rows.shown()).isEqualTo(stalls);
    assertThat(rows.title()).isEqualTo("Every stall that was seen");
  }

  @Test
  void ofThousandsTheLongestHaveARowInTheOrderOfTimeAndTheTitleSaysHowManyThereWere() {
    List<Stall> stalls = new ArrayList<>();
    for (int i = 0; i < 3_482; i++) {
      long lengthMs = i % 10 == 0 ? 50 + i : 3;
      stalls.add(new Stall(Cause.PLATFORM, 10_000L * i, 10_000L * i + lengthMs));
    }
    LongestStalls rows = LongestStalls.of(stalls);
    assertThat(rows.title())
        .isEqualTo("The 200 longest of the 3,482 stalls that were seen; the record has all");
    // Every tenth stall is long and longer than those before, so the last 200 of these remain.
    assertThat(rows.shown())
        .hasSize(LongestStalls.ROWS_MAX)
        .isEqualTo(stalls.stream().filter(LongestStallsTest::isLong).skip(149).toList());
  }

  private static boolean isLong(Stall stall) {
    return stall.toMs() - stall.fromMs() > 3;
  }
}
