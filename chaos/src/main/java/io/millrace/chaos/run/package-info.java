/**
 * The main job: real traffic through a real server, first without a fault, then under forced
 * duplicates, forced reordering and lost responses, then a kill; the verdict and the report.
 *
 * <p>Lives here: {@link io.millrace.chaos.run.RunPlan} (what a run sets out to do), {@link
 * io.millrace.chaos.run.MainJob} (does it), {@link io.millrace.chaos.run.Traffic} (its clients),
 * {@link io.millrace.chaos.run.WarmUp} (until the server is worth measuring), {@link
 * io.millrace.chaos.run.FaultWindow} (what is forced, and when), {@link
 * io.millrace.chaos.run.FaultStory} (forces it, and writes down that it happened), {@link
 * io.millrace.chaos.run.RunResults} (from history to run record), {@link
 * io.millrace.chaos.run.Progress} and {@link io.millrace.chaos.run.LabMetrics} (what it shows
 * meanwhile).
 *
 * <p>May import: every room of the lab, {@code io.millrace.reports}, the engine's telemetry and the
 * Prometheus client for the lab's own admin port, HdrHistogram, the AWS SDK's exceptions, the JDK.
 *
 * <p>Invariants: the plan is fixed before the first send; everything the report says is read from
 * the files of the run; a fault counts as fired when its injector saw its effect; a run that could
 * not do its work, or whose faults did not fire, ends UNKNOWN, never VALID.
 *
 * <p>Threads: the caller's conducts the run and writes the event log; one daemon thread shows
 * progress.
 */
@NullMarked
package io.millrace.chaos.run;

import org.jspecify.annotations.NullMarked;
