/**
 * The page: one self-contained HTML file made from a run record and the raw histograms beside it.
 *
 * <p>Lives here: {@link io.millrace.reports.page.ReportPage}, the door; {@link
 * io.millrace.reports.page.Prose}, the sentences; {@link io.millrace.reports.page.Chart} and those
 * who draw one ({@code TimeCharts}, {@code PercentileChart}, {@code LoadChart}); {@link
 * io.millrace.reports.page.Precondition} and {@link io.millrace.reports.page.FaultWindow}, read off
 * the record for the page alone; {@link io.millrace.reports.page.Explorer}, its scripts; {@link
 * io.millrace.reports.page.PublishedPage}, the list of published runs. The markup is in the JTE
 * templates under {@code src/main/jte}, compiled at build time; what they read must be public,
 * hence the public records.
 *
 * <p>May import: {@code record}, HdrHistogram, the JTE runtime, Jackson for the figures that the
 * scripts read.
 *
 * <p>Invariants: the page asks for nothing from the network, and says all it says without its
 * scripts; every number passes {@link io.millrace.reports.record.Figures}; every chart has a title,
 * a description and a table with the same numbers; a verdict is a word before it is a colour; the
 * markup is well-formed XML.
 *
 * <p>Threads: pure functions.
 */
@NullMarked
package io.millrace.reports.page;

import org.jspecify.annotations.NullMarked;
