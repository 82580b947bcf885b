package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code millrace serve} as a process: what it says when it cannot, and how it ends. */
@Timeout(120)
class ServerMainTest {

  private static final List<String> FREE_PORTS = List.of("--port", "0", "--admin-port", "0");

  /** GNU's env; a shell may not undo what was ignored before it. */
  private static final List<String> SIGINT_AS_IN_A_TERMINAL =
      List.of("env", "--default-signal=INT");

  private static final int SIGINT = 2;

  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  /** How a process ended. */
  private record Ended(int status, String out, String err) {

    /** What it said on standard error beside its log, whose lines start with a date. */
    List<String> said() {
      return err.lines().filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*")).toList();
    }
  }

  private Process start(boolean withFlags, List<String> options) throws IOException {
    return start(List.of(), withFlags, options);
  }

  /** The same, started by another program that becomes it. */
  private Process start(List<String> starter, boolean withFlags, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (withFlags && !argument.startsWith("-javaagent") && !argument.startsWith("-Xm")) {
        command.add(argument);
      }
    }
    command.addAll(List.of("-Xmx160m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(ServerMain.class.getName());
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("err-" + started.size()).toFile())
            .start();
    started.add(process);
    return process;
  }

  /**
   * Whether a child of ours would not hear a Ctrl-C: a script's {@code &} has SIGINT ignored for
   * all that it starts, and a JVM leaves an ignored signal ignored.
   */
  private static boolean inheritsAnIgnoredSigint() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        return (ignored >> (SIGINT - 1) & 1) == 1;
      }
    }
    return false;
  }

  private Ended end(Process process) throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Ended(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
        Files.readString(directory.resolve("err-" + started.indexOf(process))));
  }

  private Ended serve(String... options) throws Exception {
    return end(start(true, List.of(options)));
  }

  private Ended serveOnFreePorts(String... options) throws Exception {
    List<String> all = new ArrayList<>(FREE_PORTS);
    all.addAll(List.of(options));
    return end(start(true, all));
  }

  private static void assertRefused(Ended ended, String line) {
    assertThat(ended.said()).containsExactly(line);
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
  }

  private static void assertWrongUse(Ended ended, String line) {
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.said())
        .containsExactly("millrace serve: " + line, "millrace serve --help tells what it takes");
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalStopsItCleanlyAsSoonAsItIsReadyAndItsDataOpensAgain(String signal) throws Exception {
    List<String> starter = inheritsAnIgnoredSigint() ? SIGINT_AS_IN_A_TERMINAL : List.of();
    assumeTrue(
        starter.isEmpty() || run("env", "--default-signal=INT", "true") == 0,
        "SIGINT is ignored for all this started, and env(1) here cannot undo that");
    for (String opening : List.of("first", "again")) {
      Process process = start(starter, true, FREE_PORTS);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(lines.readLine())
          .matches("millrace ready: http://127\\.0\\.0\\.1:\\d+ admin http://127\\.0\\.0\\.1:\\d+");
      new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid()).start().waitFor();
      assertThat(lines.readLine()).as(opening).isEqualTo("millrace stopped");
      Ended ended = end(process);
      assertThat(ended.status()).as(opening).isZero();
      assertThat(ended.said()).isEmpty();
    }
  }

  @Test
  void theAddressIsToldAsItWasAskedFor() throws Exception {
    List<String> options = new ArrayList<>(FREE_PORTS);
    options.addAll(List.of("--bind", "localhost"));
    Process process = start(true, options);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.readLine())
        .matches("millrace ready: http://localhost:\\d+ admin http://localhost:\\d+");
  }

  @Test
  void aSecondServerOnTheSameDataIsRefused() throws Exception {
    Process first = start(true, FREE_PORTS);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).startsWith("millrace ready");
    assertRefused(
        serveOnFreePorts("--data", "data"),
        "millrace: the data directory data is in use by another Millrace");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(
          serve("--port", port, "--admin-port", "0"),
          "millrace: cannot listen on 127.0.0.1:" + port + ": Address already in use");
      assertRefused(
          serve("--port", "0", "--admin-port", port),
          "millrace: the admin port cannot listen on 127.0.0.1:"
              + port
              + ": Address already in use");
    }
  }

  @Test
  void aDataPathThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertRefused(
        serveOnFreePorts("--data", "file"),
        "millrace: the data directory cannot be made: file is a file");
    assertRefused(
        serveOnFreePorts("--data", "file/below"),
        "millrace: the data directory file/below cannot be used: "
            + directory.resolve("file/below")
            + ": Not a directory");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsNamed() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this machine has a /proc");
    assertRefused(
        serveOnFreePorts("--data", "/proc/nowhere"),
        "millrace: the data directory /proc/nowhere cannot be used: /proc/nowhere: it is not there"
            + " and cannot be made");
  }

  @Test
  void anAccessLogThatCannotBeMadeIsNamed() throws Exception {
    assertRefused(
        serveOnFreePorts("--access-log", "nowhere/access.log"),
        "millrace: cannot write the access log nowhere/access.log: it is not there and cannot be"
            + " made");
  }

  @Test
  void aDiskWithoutSpaceIsNamedAndTakesNoStackTrace() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()) == 0,
        "this machine permits mounts");
    try {
      Files.write(small.resolve("filler"), new byte[64 * 1024]);
      assertRefused(
          serveOnFreePorts("--data", "small/data"),
          "millrace: no space left for the data directory small/data");
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException notInstalled) {
      return -1;
    }
  }

  @Test
  void wrongUseIsToldInTwoLines() throws Exception {
    assertWrongUse(
        serve("--bind", "0.0.0.0"),
        "--bind 0.0.0.0 would let others in: there is no authentication yet. Add --insecure if that"
            + " is meant.");
    assertWrongUse(serve("--port", "99999"), "--port and --admin-port: 0 to 65535");
    assertWrongUse(serve("--queues-shown", "10001"), "--queues-shown: 0 to 10000");
    assertWrongUse(serve("further"), "'further' is one word too many");
    assertWrongUse(serve("--bogus"), "Unknown option: '--bogus'");
    assertWrongUse(serve("--port", "x"), "Invalid value for option '--port': 'x' is not an int");
    assertWrongUse(
        serve("serve", "--durability", "none"),
        "--durability: 'none' is neither power-loss nor process-crash");
  }

  @Test
  void aJvmWithoutTheFlagsIsToldWhichToGive() throws Exception {
    Ended ended = end(start(false, FREE_PORTS));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.said()).hasSize(1);
    assertThat(ended.said().get(0))
        .startsWith("millrace: this JVM lacks flags; start java with:")
        .contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
  }
}
