package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./millrace observe} as a person meets it who opens what it says. */
class ObserveTest {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+[\\w/]*");
  private static final long START_SECONDS_MAX = 60;
  private static final long END_SECONDS_MAX = 20;

  @TempDir private Path folder = Path.of("unset");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void everythingItSaysToOpenIsThereAndItComplainsOfNothing() throws Exception {
    Tool.require("prometheus", "prometheus");
    int port = LivePrometheus.freePort();
    Path complaints = folder.resolve("err.txt");
    Process observe =
        new ProcessBuilder(
                Path.of("../millrace").toAbsolutePath().toString(),
                "observe",
                "--port",
                Integer.toString(port),
                "--data",
                folder.resolve("seen").toString())
            .redirectError(complaints.toFile())
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(observe.getInputStream(), StandardCharsets.UTF_8))) {
      List<URI> addresses = new ArrayList<>();
      out.lines()
          .takeWhile(line -> !line.contains("fill them"))
          .forEach(
              line -> {
                Matcher address = ADDRESS.matcher(line);
                while (address.find()) {
                  addresses.add(URI.create(address.group()));
                }
              });
      assertThat(addresses).as("targets, alerts and the data source").hasSize(3);
      awaitReady(observe, port, complaints);
      for (URI address : addresses) {
        assertThat(status(address)).as("%s", address).isBetween(200, 399);
      }
    } finally {
      observe.destroy();
      assertThat(observe.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.readAllLines(complaints))
        .filteredOn(line -> line.contains("level=error"))
        .isEmpty();
  }

  private void awaitReady(Process observe, int port, Path complaints) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (!isReady(port)) {
      if (!observe.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("Prometheus did not start: " + Files.readString(complaints));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean isReady(int port) throws InterruptedException {
    try {
      return status(URI.create("http://127.0.0.1:" + port + "/-/ready")) == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private int status(URI address) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
