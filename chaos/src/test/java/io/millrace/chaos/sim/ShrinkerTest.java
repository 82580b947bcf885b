package io.millrace.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  @Test
  void whatIsLeftIsWhatTheFailureNeeds() {
    List<Integer> whole = IntStream.range(0, 400).boxed().toList();
    List<Integer> needed = List.of(3, 17, 201, 202, 399);
    Shrinker shrinker = new Shrinker(kept -> kept.containsAll(needed), 10_000);
    assertThat(shrinker.shrink(whole)).isEqualTo(needed);
  }

  @Test
  void aFailureThatNeedsNothingIsLeftWithOneStep() {
    List<Integer> whole = IntStream.range(0, 400).boxed().toList();
    assertThat(new Shrinker(kept -> true, 10_000).shrink(whole)).hasSize(1);
  }

  @Test
  void itStopsWhenItHasTriedOftenEnough() {
    List<Integer> whole = IntStream.range(0, 400).boxed().toList();
    int[] tries = {0};
    Shrinker shrinker =
        new Shrinker(
            kept -> {
              tries[0]++;
              return false;
            },
            50);
    assertThat(shrinker.shrink(whole)).isEqualTo(whole);
    assertThat(tries[0]).isEqualTo(50);
  }
}
