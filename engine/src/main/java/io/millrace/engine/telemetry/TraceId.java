package io.millrace.engine.telemetry;

import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a trace, in the 32 hexadecimal digits by which W3C, OpenTelemetry and Grafana's links
 * know it. X-Ray's {@code Root=1-5759e988-bd862e3fe1be46a994272793} is the same id with a version
 * and a hyphen.
 *
 * @param hex 32 lower-case digits; empty for what is neither kind of header
 * @param sampled whether the trace is kept, as far as its header tells: one that does not say is
 */
record TraceId(String hex, boolean sampled) {

  private static final TraceId NONE = new TraceId("", false);

  private static final Pattern X_RAY =
      Pattern.compile("(?:^|.*;) *Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;.*)?");
  private static final Pattern X_RAY_NOT_SAMPLED = Pattern.compile("(?:^|.*;) *Sampled=0(?:;.*)?");

  /** W3C Trace Context: version, trace id, parent id, flags, of which bit 0 says sampled. */
  private static final Pattern W3C =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?");

  /** W3C forbids it, and so a broken sender does not link every request to one trace. */
  private static final String ZERO = "0".repeat(32);

  /** Reads the value of {@code X-Amzn-Trace-Id}, {@code AWSTraceHeader} or {@code traceparent}. */
  static TraceId of(String header) {
    Matcher w3c = W3C.matcher(header);
    if (w3c.matches()) {
      boolean sampled = (Integer.parseInt(w3c.group(2), 16) & 1) == 1;
      return w3c.group(1).equals(ZERO) ? NONE : new TraceId(w3c.group(1), sampled);
    }
    Matcher xRay = X_RAY.matcher(header);
    if (xRay.matches()) {
      return new TraceId(
          xRay.group(1) + xRay.group(2), !X_RAY_NOT_SAMPLED.matcher(header).matches());
    }
    return NONE;
  }

  /** The labels by which a backend links an example to its trace; empty if there is none to see. */
  Labels exemplar() {
    return sampled ? Labels.of(Exemplar.TRACE_ID, hex) : Labels.EMPTY;
  }
}
