/**
 * The server under test and what is done to it.
 *
 * <p>Lives here: {@link io.millrace.chaos.inject.ServerProcess} (a server in a JVM of its own),
 * {@link io.millrace.chaos.inject.ServerCommand} (how it is started), {@link
 * io.millrace.chaos.inject.KillInjector} (SIGKILL while something is under way), {@link
 * io.millrace.chaos.inject.AimedKills} (SIGKILL during a roll, a checkpoint, a recovery or a
 * batch), {@link io.millrace.chaos.inject.Signals} (stop and continue, process ids) and {@link
 * io.millrace.chaos.inject.SmallDisk} (a file system that fills up).
 *
 * <p>May import: {@code client}, {@code history}, {@code load}'s clock, JNA for signals, the JDK.
 * It knows the server by its command line, and by the names in its data directory.
 *
 * <p>Invariants: a process started here is ended here, at the latest when the lab's JVM ends; a
 * fault that was injected proves itself (the exit status of a killed process is 137), one that did
 * not is an error and never taken for granted.
 *
 * <p>Threads: one for each server process, reading what it prints.
 */
@NullMarked
package io.millrace.chaos.inject;

import org.jspecify.annotations.NullMarked;
