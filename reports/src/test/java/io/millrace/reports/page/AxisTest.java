package io.millrace.reports.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.reports.page.Chart.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {

  @Test
  void decadesHoldBothEndsAndKeepEqualRatiosEquallyFarApart() {
    Axis axis = Axis.decades(0.1, 961, 300, 0);
    assertThat(labels(axis.decades())).containsExactly("0.1", "1", "10", "100", "1,000");
    assertThat(axis.at(0.1)).isEqualTo(300);
    assertThat(axis.at(1_000)).isEqualTo(0);
    assertThat(axis.at(1) - axis.at(10)).isCloseTo(75, within(1e-6));
    assertThat(axis.at(0)).as("below the axis").isEqualTo(300);
    assertThat(labels(Axis.decades(0.01, 10, 0, 1).decades()))
        .containsExactly("0.01", "0.1", "1", "10");
  }

  @Test
  void aLinearAxisReachesItsGreatestValueInNiceSteps() {
    assertThat(labels(Axis.reaching(1_600, 4, 0, 1).steps(4)))
        .containsExactly("0", "500", "1,000", "1,500", "2,000");
    assertThat(labels(Axis.reaching(0, 4, 0, 1).steps(4))).containsExactly("0", "1");
    assertThat(labels(Axis.linear(64, 0, 640).steps(12)))
        .containsExactly("0", "10", "20", "30", "40", "50", "60");
    assertThat(Axis.linear(64, 0, 640).at(32)).isEqualTo(320);
  }

  @Test
  void namesOfLinesNeverCoverEachOtherNorLeaveThePlot() {
    List<Line> lines =
        Chart.apart(
            List.of(
                new Line("a", "c1", "M0 0", 100, List.of()),
                new Line("b", "c2", "M0 0", 101, List.of()),
                new Line("c", "c3", "M0 0", 99, List.of()),
                new Line("empty", "c4", "", 50, List.of())),
            101);
    assertThat(lines).extracting(Line::name).containsExactly("c", "a", "b");
    for (int i = 1; i < lines.size(); i++) {
      assertThat(lines.get(i).nameY() - lines.get(i - 1).nameY()).isGreaterThanOrEqualTo(14);
    }
    assertThat(lines.get(2).nameY()).isLessThanOrEqualTo(101);
  }

  private static List<String> labels(List<Chart.Tick> ticks) {
    return ticks.stream().map(Chart.Tick::label).toList();
  }
}
