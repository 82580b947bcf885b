package io.millrace.reports.platform;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link HiccupMeter} in a JVM that does nothing else. What delays it is the machine and its
 * load, not our heap, our safepoints or our locks; the latency verdict is taken against it.
 *
 * <p>The process says {@code ready} once it measures, streams its log a line a second, and ends
 * when its standard input does: on {@link #close}, and also when the lab dies, so it is never left
 * behind.
 */
public final class ControlHiccup implements Closeable {
  private static final String READY = "ready";
  private static final long STOP_SECONDS = 10;

  /** Small and quiet: the less this JVM does on its own, the more it says of the machine. */
  private static final List<String> FLAGS =
      List.of("-Xms16m", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;

  private ControlHiccup(Process process) {
    this.process = process;
  }

  /**
   * Starts the control process with this JVM's own {@code java} and class path, and waits until it
   * measures.
   *
   * @param hlog the log it creates, lines tagged {@value HiccupMeter#TAG}; readable after {@link
   *     #close}
   * @throws IOException if it does not come up
   */
  public static ControlHiccup start(Path hlog) throws IOException {
    return start(List.of(hlog.toString()));
  }

  /**
   * The same, noting also the instant of each delay of a millisecond and more.
   *
   * @param stalls the log to create for them, see {@link StallLog}
   */
  public static ControlHiccup start(Path hlog, Path stalls) throws IOException {
    return start(List.of(hlog.toString(), stalls.toString()));
  }

  private static ControlHiccup start(List<String> files) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ControlHiccup.class.getName());
    command.addAll(files);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      InputStream out = process.getInputStream();
      String said = new String(out.readNBytes(READY.length()), StandardCharsets.UTF_8);
      if (!said.equals(READY)) {
        throw new IOException("the control process did not start: \"" + said + "\"");
      }
      return new ControlHiccup(process);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /**
   * Ends the process and waits for it; its log is complete then.
   *
   * @throws IOException if it had failed, or had to be killed
   */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the control process did not end within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the control process ended", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException("the control process ended with " + process.exitValue());
    }
  }

  /**
   * The control process: measures into a log until its standard input ends. Terminated otherwise,
   * it leaves a log that lacks its last second.
   *
   * @param args the {@code .hlog} to create, and a {@link StallLog} if one is wanted
   */
  public static void main(String[] args) {
    if (args.length != 1 && args.length != 2) {
      System.err.println("usage: ControlHiccup FILE.hlog [FILE.stalls]");
      System.exit(2);
    }
    try {
      measure(args);
    } catch (IOException e) {
      System.err.println("control hiccup meter: " + e);
      System.exit(1);
    }
  }

  private static void measure(String... files) throws IOException {
    Path hlog = Path.of(files[0]);
    HiccupMeter meter =
        files.length == 1 ? HiccupMeter.start(hlog) : HiccupMeter.start(hlog, Path.of(files[1]));
    try {
      System.out.print(READY);
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    } finally {
      meter.close();
    }
  }
}
