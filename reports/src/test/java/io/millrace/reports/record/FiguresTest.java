package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class FiguresTest {

  @Test
  void precisionFollowsTheSizeOfMilliseconds() {
    assertThat(Figures.ms(0.0)).isEqualTo("0.000");
    assertThat(Figures.ms(0.2144)).isEqualTo("0.214");
    assertThat(Figures.ms(9.817)).isEqualTo("9.82");
    assertThat(Figures.ms(48.06)).isEqualTo("48.1");
    assertThat(Figures.ms(1_204.4)).isEqualTo("1,204");
    assertThat(Figures.ms(OptionalDouble.empty())).isEqualTo("–");
  }

  @Test
  void aValueUnderTheLimitNeverReadsAsTheLimit() {
    // 9.996 rounds to 10.00, which would contradict the PASS beside it.
    assertThat(Figures.ms(9.996)).isEqualTo("9.996");
    assertThat(Figures.ms(9.9996)).isEqualTo("9.9996");
    assertThat(Figures.ms(0.9999)).isEqualTo("0.9999");
    assertThat(Figures.ms(99.97)).isEqualTo("99.97");
  }

  @Test
  void countsLimitsSharesAndBytesReadAsPeopleWriteThem() {
    assertThat(Figures.count(60_000)).isEqualTo("60,000");
    assertThat(Figures.limit(10)).isEqualTo("10 ms");
    assertThat(Figures.limit(2.5)).isEqualTo("2.5 ms");
    assertThat(Figures.percent(0.034)).isEqualTo("0.03 %");
    assertThat(Figures.percent(-1)).isEqualTo("–");
    assertThat(Figures.seconds(68_412)).isEqualTo("68.4");
    assertThat(Figures.bytes(1_024)).isEqualTo("1 KiB");
    assertThat(Figures.bytes(8_326_000_000L)).isEqualTo("7.8 GiB");
    assertThat(Figures.bytes(100)).isEqualTo("100 B");
  }
}
