/**
 * The platform's own voice: what the machine is, and how much noise it makes on its own.
 *
 * <p>Lives here: {@link io.millrace.reports.platform.EnvironmentCapture} (processor, kernel, file
 * system, Java, load), {@link io.millrace.reports.platform.HiccupMeter} (how late a sleeping thread
 * wakes, in this JVM), {@link io.millrace.reports.platform.ControlHiccup} (the same in a JVM of its
 * own, so that the machine's noise can be told from ours), {@link
 * io.millrace.reports.platform.StallLog} (the instants of their longer delays) and {@link
 * io.millrace.reports.platform.ForceGate} (what a small write and force costs on the queue's own
 * file system).
 *
 * <p>May import: the JDK, HdrHistogram, {@code io.millrace.reports.record}.
 *
 * <p>Invariants: nothing that leaves here names a host, a user or an absolute path; a meter never
 * spins, so it is not the noise it measures; a delay longer than the meter's period also counts the
 * samples it swallowed (HdrHistogram's expected-interval correction), so a long stall is not one
 * sample among thousands.
 *
 * <p>Threads: each meter owns one daemon thread and writes its own {@code .hlog}, a line a second.
 */
@NullMarked
package io.millrace.reports.platform;

import org.jspecify.annotations.NullMarked;
