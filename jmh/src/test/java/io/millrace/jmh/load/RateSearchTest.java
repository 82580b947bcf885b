package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RateSearchTest {

  @Property(tries = 500)
  void findsTheKneeToWithinATenth(@ForAll @IntRange(min = 100, max = 20_000) int knee)
      throws IOException {
    int found = new RateSearch(100, 20_000, 3).highest(rate -> rate <= knee).orElseThrow();

    assertThat(found).isBetween((int) (knee / 1.11) - 1, knee);
  }

  @Test
  void firstRateThatFailsLeavesNothing() throws IOException {
    assertThat(new RateSearch(100, 20_000, 3).highest(rate -> false)).isEmpty();
  }

  @Test
  void highestRateAskedForIsTheMost() throws IOException {
    assertThat(new RateSearch(100, 700, 1).highest(rate -> true)).isEqualTo(OptionalInt.of(700));
  }

  @Test
  void rateThatIsRefutedOnceIsNotTheAnswer() throws IOException {
    List<Integer> asked = new ArrayList<>();
    int found =
        new RateSearch(100, 1_000, 3)
            .highest(
                rate -> {
                  asked.add(rate);
                  boolean again = asked.indexOf(rate) < asked.size() - 1;
                  return rate < 1_000 || !again;
                })
            .orElseThrow();

    assertThat(found).isLessThan(1_000);
    assertThat(asked).filteredOn(rate -> rate == found).hasSizeGreaterThanOrEqualTo(4);
  }
}
