package io.millrace.jmh.http;

import io.millrace.chaos.attribution.ServerMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A look into a running server: its metrics over HTTP, its live heap through the JDK's {@code
 * jcmd}.
 *
 * <p>Live heap is the total of {@code GC.class_histogram}, which collects fully and then counts
 * what is reachable: exact, the same under any collector, and without an agent in the server.
 */
final class ServerInside {

  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Arm server;
  private final ServerMetrics metrics;

  ServerInside(Arm server) {
    this.server = server;
    this.metrics = new ServerMetrics(server.admin());
  }

  /** Bytes of reachable objects. */
  long liveHeapBytes() throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String last = "";
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(jcmd.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line;
      }
    }
    Matcher total = TOTAL.matcher(last);
    if (!total.matches()) {
      throw new IOException("jcmd's histogram has no total: " + last);
    }
    return Long.parseLong(total.group(1));
  }

  /** Bytes of memory the process has resident; -1 where the system does not tell. */
  long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(server.pid()), "status");
    if (!Files.exists(status)) {
      return -1;
    }
    Matcher resident = RESIDENT.matcher(Files.readString(status));
    return resident.find() ? Long.parseLong(resident.group(1)) * 1024 : -1;
  }

  /** Receives that wait for a message now. */
  long waitingPolls() throws IOException {
    return (long) metrics.sample("millrace_long_polls_waiting");
  }
}
