package io.millrace.reports.platform;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The delays of a meter that were a millisecond or longer, each with its instant, which a histogram
 * does not keep: so that what a message suffered can be laid beside them.
 *
 * <pre>
 * BEGIN NANOS      a line for each: System.nanoTime() when the delay began, and its length
 * </pre>
 *
 * <p>Each line is handed to the operating system at once, so the log may be read while the meter
 * runs. On Linux {@code nanoTime} is the machine's monotonic clock, so logs of several JVMs of one
 * machine are on one axis. One thread.
 */
public final class StallLog implements Closeable {

  /** Shorter delays are not kept. */
  public static final long NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

  private final BufferedWriter out;

  private StallLog(BufferedWriter out) {
    this.out = out;
  }

  /**
   * One delay.
   *
   * @param fromNanoTime {@link System#nanoTime} when it began
   * @param nanos its length
   */
  public record Stall(long fromNanoTime, long nanos) {}

  /** Creates a log, replacing an older one. */
  public static StallLog create(Path file) throws IOException {
    return new StallLog(Files.newBufferedWriter(file));
  }

  /** Notes a delay, if it is long enough to be kept. */
  void note(long fromNanoTime, long nanos) throws IOException {
    if (nanos >= NANOS_MIN) {
      out.write(fromNanoTime + " " + nanos);
      out.newLine();
      out.flush();
    }
  }

  /** Reads a log in its order; a last line that is not whole yet is left out. */
  public static List<Stall> read(Path file) throws IOException {
    String text = Files.readString(file);
    List<Stall> stalls = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      int blank = line.indexOf(' ');
      stalls.add(
          new Stall(
              Long.parseLong(line.substring(0, blank)), Long.parseLong(line.substring(blank + 1))));
    }
    return stalls;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
