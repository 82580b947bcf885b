package io.millrace.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Property
  void instantsAreTheRateTimesTheOrderToTheNanosecond(
      @ForAll @IntRange(min = 1, max = 20_000) int rate,
      @ForAll @LongRange(min = 0, max = 50_000_000) long order,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long startNs) {
    Schedule schedule = new Schedule(startNs, rate, 50_000_001);

    assertThat(schedule.intendedNs(order)).isEqualTo(startNs + order * 1_000_000_000L / rate);
  }

  @Property
  void anOrderIsDueFromItsInstantOn(
      @ForAll @IntRange(min = 1, max = 20_000) int rate,
      @ForAll @LongRange(min = 0, max = 99_999) long order) {
    Schedule schedule = new Schedule(1_000, rate, 100_000);

    assertThat(schedule.dueBy(schedule.intendedNs(order) + 1)).isGreaterThanOrEqualTo(order + 1);
    assertThat(schedule.dueBy(schedule.intendedNs(order) - 1)).isLessThanOrEqualTo(order);
  }

  @Test
  void nothingIsDueBeforeTheStartAndNoMoreThanThereIsAfterTheEnd() {
    Schedule schedule = new Schedule(500, 1_000, 42);

    assertThat(schedule.dueBy(499)).isZero();
    assertThat(schedule.dueBy(Long.MAX_VALUE / 2_000)).isEqualTo(42);
    assertThat(schedule.endNs()).isEqualTo(500 + 42_000_000L);
  }

  @Test
  void rateOfNothingIsRefused() {
    assertThatThrownBy(() -> new Schedule(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
