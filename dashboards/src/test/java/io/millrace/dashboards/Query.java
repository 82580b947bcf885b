package io.millrace.dashboards;

/** The PromQL that dashboards share, so that every query selects by job and instance alike. */
final class Query {

  private static final String SELECTED = "job=~\"$job\",instance=~\"$instance\"";

  private Query() {}

  /** A metric of the chosen servers. */
  static String metric(String name) {
    return name + "{" + SELECTED + "}";
  }

  /** The same, narrowed by further matchers such as {@code state="visible"}. */
  static String metric(String name, String matchers) {
    return name + "{" + SELECTED + "," + matchers + "}";
  }

  /** A counter's rate a second over all chosen servers. */
  static String rate(String counter) {
    return "sum(rate(" + metric(counter) + "[$__rate_interval]))";
  }

  /** A counter's rate a second by labels, the series that stand still left out. */
  static String rateBy(String labels, String counter) {
    return "sum by (%s) (rate(%s[$__rate_interval])) > 0".formatted(labels, metric(counter));
  }

  /** A quantile of a histogram over all chosen servers; nothing rather than NaN without samples. */
  static String quantile(double q, String histogram) {
    return "histogram_quantile(%s, sum by (le) (rate(%s[$__rate_interval]))) >= 0"
        .formatted(q, metric(histogram + "_bucket"));
  }

  /** The same, narrowed by matchers. */
  static String quantile(double q, String histogram, String matchers) {
    return "histogram_quantile(%s, sum by (le) (rate(%s[$__rate_interval]))) >= 0"
        .formatted(q, metric(histogram + "_bucket", matchers));
  }

  /** The same, one quantile for each value of a label. */
  static String quantileBy(String label, double q, String histogram) {
    return "histogram_quantile(%s, sum by (le, %s) (rate(%s[$__rate_interval]))) >= 0"
        .formatted(q, label, metric(histogram + "_bucket"));
  }
}
