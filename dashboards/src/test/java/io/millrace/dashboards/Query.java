package io.millrace.dashboards;

/** The PromQL that dashboards share, so that every query selects by job and instance alike. */
final class Query {

  private static final String SELECTED = "job=~\"$job\",instance=~\"$instance\"";

  /** Follows the zoom, and spans at least four scrapes. */
  private static final String RANGE = "[$__rate_interval]";

  private Query() {}

  /** A metric of the chosen servers. */
  static String metric(String name) {
    return name + "{" + SELECTED + "}";
  }

  /** The same, narrowed by further matchers such as {@code state="visible"}. */
  static String metric(String name, String matchers) {
    return name + "{" + SELECTED + "," + matchers + "}";
  }

  /** A metric summed over all chosen servers. */
  static String sum(String name) {
    return "sum(" + metric(name) + ")";
  }

  /** The same, narrowed by matchers. */
  static String sum(String name, String matchers) {
    return "sum(" + metric(name, matchers) + ")";
  }

  /** A metric summed apart for each value of some labels. */
  static String sumBy(String labels, String name) {
    return "sum by (" + labels + ") (" + metric(name) + ")";
  }

  /** The same, narrowed by matchers. */
  static String sumBy(String labels, String name, String matchers) {
    return "sum by (" + labels + ") (" + metric(name, matchers) + ")";
  }

  /** The least of all chosen servers. */
  static String min(String name) {
    return "min(" + metric(name) + ")";
  }

  /** The greatest of all chosen servers. */
  static String max(String name) {
    return "max(" + metric(name) + ")";
  }

  /** The same, narrowed by matchers. */
  static String max(String name, String matchers) {
    return "max(" + metric(name, matchers) + ")";
  }

  /** The greatest for each value of some labels. */
  static String maxBy(String labels, String name) {
    return "max by (" + labels + ") (" + metric(name) + ")";
  }

  /** The same, narrowed by matchers. */
  static String maxBy(String labels, String name, String matchers) {
    return "max by (" + labels + ") (" + metric(name, matchers) + ")";
  }

  /** A counter's rate a second over all chosen servers. */
  static String rate(String counter) {
    return "sum(rate(" + metric(counter) + RANGE + "))";
  }

  /** The same, narrowed by matchers. */
  static String rate(String counter, String matchers) {
    return "sum(rate(" + metric(counter, matchers) + RANGE + "))";
  }

  /** A counter's rate a second apart for each value of some labels. */
  static String rateBy(String labels, String counter) {
    return "sum by (" + labels + ") (rate(" + metric(counter) + RANGE + "))";
  }

  /** The same, narrowed by matchers. */
  static String rateBy(String labels, String counter, String matchers) {
    return "sum by (" + labels + ") (rate(" + metric(counter, matchers) + RANGE + "))";
  }

  /** A counter's rate a second by labels, the series that stand still left out. */
  static String movingRateBy(String labels, String counter) {
    return rateBy(labels, counter) + " > 0";
  }

  /** One over the other; nothing where the other is 0. */
  static String share(String part, String whole) {
    return part + " / (" + whole + " > 0)";
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
