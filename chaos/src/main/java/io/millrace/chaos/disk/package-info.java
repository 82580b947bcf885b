/**
 * The disk tier: the real engine in this process on storage that loses, lies, fails and fills up.
 *
 * <p>Lives here: {@link io.millrace.chaos.disk.PowerLossTrial} (an engine under traffic whose power
 * is cut at chosen moments, its disk composed page by page from what was forced and what was not,
 * opened again, drained and judged), {@link io.millrace.chaos.disk.RecordingStorage} (knows what is
 * durable), {@link io.millrace.chaos.disk.CrashImage} (draws one of the disks a cut may leave),
 * {@link io.millrace.chaos.disk.FaultTrial} (forces that fail, lie or are slow, a full file system,
 * flipped bits, segments cut short).
 *
 * <p>May import: {@code history}, {@code check}, {@code client}, {@code embedded}, {@code load},
 * the engine's root and its storage port.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An image holds only what a disk may hold by the rules at {@link
 *       io.millrace.chaos.disk.RecordingStorage}: an accusation from one is a real bug.
 *   <li>A seed decides the traffic, the moments of the cuts and every page; the engine's threads
 *       take turns as the machine lets them. So a seed finds a failure again, most often, and the
 *       image and the history of a failure are kept.
 * </ul>
 *
 * <p>Threads: one drives; storage is called by the engine's own threads too.
 */
@NullMarked
package io.millrace.chaos.disk;

import org.jspecify.annotations.NullMarked;
