/**
 * Runs as records, and records as pages that people can publish and others can recompute.
 *
 * <p>Lives here: {@link io.millrace.reports.RunDirectory}, the files of one run and the door for
 * whoever makes runs; {@link io.millrace.reports.LoadDirectory}, those of a load run; {@link
 * io.millrace.reports.ChaosDirectory}, those of a fault experiment; {@link
 * io.millrace.reports.HarnessDirectory}, a harness's record; {@code Manifest} and {@code
 * Verification}, whether a run is what it says; {@code Publication}, the folder of published runs;
 * {@link io.millrace.reports.SummaryText}, the few lines printed at a run's end; {@link
 * io.millrace.reports.Main}, the {@code report} command; {@link io.millrace.reports.Verbs}, how
 * every command line speaks. Behind it: {@code record} (the values and the two verdicts), {@code
 * page} (the HTML), {@code platform} (environment and noise meters).
 *
 * <p>May import: its own rooms and picocli. The module is a leaf: it knows nothing of the engine
 * and nothing of how a run is made.
 *
 * <p>Invariants: every figure on a page comes from the record or the raw histograms beside it, and
 * passes one formatter; rendering the same directory twice gives the same bytes.
 *
 * <p>Threads: none of its own, except the meters in {@code platform}.
 */
@NullMarked
package io.millrace.reports;

import org.jspecify.annotations.NullMarked;
