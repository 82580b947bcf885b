package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jmh.http.HttpRatio.RatioFigures;
import io.millrace.jmh.run.Bar;
import io.millrace.reports.compare.PairedRatio;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpRatioTest {

  private static final HttpRatio.Measured MEASURED =
      new HttpRatio.Measured(
          List.of(),
          List.of(
              new RatioFigures("millrace", "elasticmq", new PairedRatio(3, 2, 4, List.of())),
              new RatioFigures("millrace", "metrics-off", new PairedRatio(1, 0.9, 1, List.of())),
              new RatioFigures("metrics-off", "elasticmq", new PairedRatio(9, 9, 9, List.of()))),
          List.of(),
          List.of());

  @Test
  void barHoldsForTheBaselineAtItsPlaceAndZeroIsNone() {
    assertThat(bars(List.of(2.5), List.of(0.0, 0.95)))
        .containsExactly(
            Bar.atLeast("messages a second (send) as a ratio to elasticmq", 2.5, 3),
            Bar.atLeast(
                "messages a second (send) as a ratio to metrics-off, low end of the interval",
                0.95,
                0.9))
        .extracting(Bar::outcome)
        .containsExactly(Bar.Outcome.PASS, Bar.Outcome.FAIL);
    assertThat(bars(List.of(), List.of())).isEmpty();
  }

  private static List<Bar> bars(List<Double> ratioMin, List<Double> intervalMin) {
    HttpRatio.Plan plan =
        new HttpRatio.Plan(
            "millrace",
            List.of("elasticmq", "metrics-off"),
            "send",
            "power-loss",
            8,
            1,
            1,
            100,
            1024,
            1,
            ratioMin,
            intervalMin,
            "");
    return new HttpRatio(plan, System.out).bars(MEASURED);
  }
}
