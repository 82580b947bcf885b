/**
 * The run record: what one run did, what it measured and what was proved, as values.
 *
 * <p>Lives here: {@link io.millrace.reports.record.RunRecord} and its parts, their JSON form
 * ({@code report.json}, {@link io.millrace.reports.record.RunRecordJson}), the rule that decides
 * which percentile may be printed ({@link io.millrace.reports.record.Percentile}), the raw
 * histograms ({@link io.millrace.reports.record.LatencyLog}, {@link
 * io.millrace.reports.record.HistogramLog}), and the two judgements as pure functions: {@link
 * io.millrace.reports.record.RunVerdict} (was every guarantee kept?) and {@link
 * io.millrace.reports.record.LatencyVerdict} (was it under the limit?).
 *
 * <p>May import: the JDK, HdrHistogram, Jackson. Nothing of Millrace: other modules fill a record,
 * this one does not know how a run is made.
 *
 * <p>Invariants: a record that exists is complete (compact constructors validate); a percentile
 * with fewer than ten samples beyond it is absent; nothing here names the machine's host, its users
 * or an absolute path; reading what was written gives an equal record.
 *
 * <p>Threads: none of its own. Records are immutable; {@link io.millrace.reports.record.LatencyLog}
 * belongs to the one thread that fills it.
 */
@NullMarked
package io.millrace.reports.record;

import org.jspecify.annotations.NullMarked;
