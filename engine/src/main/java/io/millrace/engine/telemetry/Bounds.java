package io.millrace.engine.telemetry;

/**
 * Upper bounds of the histograms' buckets. They are part of the metrics' contract: changing one
 * breaks every query that names it.
 *
 * <p>A query may name only a bound of at least 0.001: below it the client writes {@code
 * le="2.5E-4"}, and Prometheus 2 compares labels as text, so {@code le="0.00025"} would match
 * nothing. Quantiles read bounds as numbers and may use all of them.
 */
final class Bounds {

  /**
   * Seconds from a request's arrival to its reply. The service level of 10 ms is a bound exactly,
   * with others close around it, since a quantile is interpolated between its neighbours.
   */
  static final double[] REQUEST_SECONDS = {
    0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5
  };

  /**
   * Seconds a receive was held: little while messages come, up to SQS's 20 when none comes; beyond
   * it something is wrong.
   */
  static final double[] LONG_POLL_SECONDS = {
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 21, 25
  };

  /** Seconds of one append: a memory copy, unless a page or a segment had to be made. */
  static final double[] APPEND_SECONDS = {
    0.000001, 0.000002, 0.000005, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002,
    0.005, 0.01, 0.02, 0.05, 0.1, 0.5
  };

  /** Seconds of one force: 0.1 to 0.3 ms on an SSD, tens of milliseconds on a disk in trouble. */
  static final double[] FORCE_SECONDS = {
    0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05,
    0.1, 0.2, 0.5, 1, 5
  };

  /** Records one force covered. */
  static final double[] FORCE_BATCH_RECORDS = {
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384
  };

  /** Bytes of one message, body and attributes, up to SQS's 1 MiB. */
  static final double[] MESSAGE_BYTES = {64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576};

  /** Seconds a message waits or is held: from a busy queue's milliseconds to days of neglect. */
  static final double[] DWELL_SECONDS = {
    0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600,
    14_400, 86_400, 345_600
  };

  private Bounds() {}
}
