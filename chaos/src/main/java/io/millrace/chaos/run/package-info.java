/**
 * The main job: real traffic through a real server, a kill in the middle, the verdict and the
 * report.
 *
 * <p>Lives here: {@link io.millrace.chaos.run.RunPlan} (what a run sets out to do), {@link
 * io.millrace.chaos.run.MainJob} (does it), {@link io.millrace.chaos.run.Traffic} (its clients),
 * {@link io.millrace.chaos.run.RunResults} (from history to run record), {@link
 * io.millrace.chaos.run.Progress} and {@link io.millrace.chaos.run.LabMetrics} (what it shows
 * meanwhile).
 *
 * <p>May import: every room of the lab, {@code io.millrace.reports}, the engine's telemetry for the
 * lab's own admin port.
 *
 * <p>Invariants: the plan is fixed before the first send; everything the report says is read from
 * the files of the run; a run that could not do its work ends UNKNOWN, never VALID.
 *
 * <p>Threads: the caller's conducts the run and writes the event log; one daemon thread shows
 * progress.
 */
@NullMarked
package io.millrace.chaos.run;

import org.jspecify.annotations.NullMarked;
