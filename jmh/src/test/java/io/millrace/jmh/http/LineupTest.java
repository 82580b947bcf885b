package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jmh.http.HttpRatio.WindowFigures;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LineupTest {

  private final List<Arm> started = new ArrayList<>();

  @TempDir private Path directory = Path.of("unset");

  @Test
  void everyTwoServersMakeARatioRoundByRoundAndTheServerInQuestionComesFirst() throws IOException {
    Map<String, List<Double>> rates =
        Map.of(
            "empty", List.of(60.0, 30.0),
            "empty again", List.of(20.0, 10.0),
            "no-force", List.of(40.0, 40.0));
    try (Lineup lineup =
        Lineup.start("empty", List.of("empty", "no-force"), (server, side) -> start(server))) {
      for (int round = 1; round <= 2; round++) {
        for (Lineup.Side side : lineup.inRound(round)) {
          double rate = rates.getOrDefault(side.name(), List.of()).get(round - 1);
          side.windows().add(new WindowFigures(round, side.name(), rate, 1, 0, 1, 1, 1, 1));
        }
      }

      assertThat(lineup.ratios())
          .extracting(each -> each.of() + " / " + each.to() + " " + each.ratio().ofPairs())
          .containsExactly(
              "empty / empty again [3.0, 3.0]",
              "empty / no-force [1.5, 0.75]",
              "no-force / empty again [2.0, 4.0]");
      assertThat(lineup.sides())
          .extracting(Lineup.Side::perSecondMedian)
          .containsExactly(45.0, 15.0, 40.0);
    }
  }

  @Test
  void eachRoundIsDrivenInTheOppositeOrderOfTheOneBefore() throws IOException {
    try (Lineup lineup =
        Lineup.start("empty", List.of("no-force"), (server, side) -> start(server))) {
      assertThat(lineup.inRound(1))
          .extracting(Lineup.Side::name)
          .containsExactly("empty", "no-force");
      assertThat(lineup.inRound(2))
          .extracting(Lineup.Side::name)
          .containsExactly("no-force", "empty");
      assertThat(lineup.inRound(3)).isEqualTo(lineup.inRound(1));
    }
  }

  @Test
  void serverThatDoesNotStartLeavesNoneOfTheOthersRunning() {
    assertThatThrownBy(
            () ->
                Lineup.start(
                    "empty",
                    List.of("no-force"),
                    (server, side) -> {
                      if (side.equals("no-force")) {
                        throw new IOException("no room");
                      }
                      return start(server);
                    }))
        .hasMessage("no room");
    assertThat(started).hasSize(1);
    assertThatThrownBy(() -> started.get(0).makeQueue("late")).isInstanceOf(ConnectException.class);
  }

  private Arm start(String server) throws IOException {
    Path data = directory.resolve("data-" + started.size());
    Arm arm =
        Arm.start(
            Arm.Kind.of(server).orElseThrow(),
            "process-crash",
            1,
            data,
            directory.resolve("server-" + started.size() + ".log"));
    started.add(arm);
    return arm;
  }
}
