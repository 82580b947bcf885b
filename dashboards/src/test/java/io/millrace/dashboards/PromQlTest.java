package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void metricsAreFoundAmongFunctionsLabelsAndRanges() {
    assertThat(
            PromQl.metrics(
                "histogram_quantile(0.99, sum by (le, action)"
                    + " (rate(a_seconds_bucket{x=\"b_total\",le=~\"c{1,2}\"}[5m])))"
                    + " / on (job) group_left (version) (sum(d:rate1m) > bool 1e3)"
                    + " or vector(0) unless e_total offset 1h"))
        .containsExactly("a_seconds_bucket", "d:rate1m", "e_total");
    assertThat(PromQl.metrics("rate(a_total{job=~\"$job\"}[$__rate_interval]) and up"))
        .containsExactly("a_total", "up");
    assertThat(PromQl.metrics("sum(rate(a[1m])) by (b)")).containsExactly("a");
    assertThat(PromQl.metrics("time() - a")).containsExactly("a");
  }

  @Test
  void selectorsAreFoundWithTheirMatchers() {
    assertThat(PromQl.selectors("rate(a_total{x=~\"b{1,2}\"}[5m]) > 0 and up{job=\"j\"} == 0 or c"))
        .containsExactly("a_total{x=~\"b{1,2}\"}", "up{job=\"j\"}");
  }

  @Test
  void labelsAreFoundInMatchersAndGroupings() {
    assertThat(PromQl.labels("sum by (a, b) (x{c=\"1\",d!~\"e=\"}) * on (f) y"))
        .containsExactlyInAnyOrder("a", "b", "c", "d", "f");
  }
}
