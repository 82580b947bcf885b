package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed without warning, and one started without the flags it needs. */
class KillTest {

  private static final int ROUNDS = 10;
  private static final JournalConfig CONFIG = JournalConfig.forced(256 << 10, 32 << 10, 0);

  @TempDir Path root;

  @Test
  void whatWasAppendedBeforeKillNineIsThereInOrder() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int known = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int acknowledged = appendUntilKilled(known, 1 + random.nextInt(400));
      List<Integer> found = new ArrayList<>();
      try (Journal journal =
          ChronicleJournal.open(root, CONFIG, new FileStorage(), Runnable::run)) {
        ReplayReport report =
            journal.replay(0, (position, bytes, body) -> found.add(Appender.number(body)));
        assertThat(report.damaged()).as("seed %d round %d", seed, round).isEmpty();
      }
      assertThat(found.size()).as("seed %d round %d", seed, round).isGreaterThan(acknowledged);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).as("seed %d round %d", seed, round).isEqualTo(i);
      }
      known = found.size();
    }
    assertThat(known).isGreaterThan(ROUNDS);
  }

  /** Starts an appender and kills it once it has acknowledged so many; returns the last number. */
  private int appendUntilKilled(int from, int acknowledgements) throws Exception {
    Process process = start(true, Appender.class, root.toString(), Integer.toString(from));
    try (BufferedReader lines = reader(process)) {
      int last = from - 1;
      for (int i = 0; i < acknowledgements; i++) {
        last = Integer.parseInt(lines.readLine());
      }
      // Through the handle: Process would close the stream we still read from.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      StringBuilder rest = new StringBuilder();
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        rest.append((char) c);
      }
      // What it still managed to print was acknowledged too; a cut last line was not.
      for (String line : rest.substring(0, rest.lastIndexOf("\n") + 1).lines().toList()) {
        last = Integer.parseInt(line);
      }
      return last;
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aJvmWithoutTheFlagsIsToldWhichOnesItNeeds() throws Exception {
    Process process = start(false, Appender.class, root.toString(), "0");
    try (BufferedReader lines = reader(process)) {
      String output = String.join("\n", lines.lines().toList());
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
      assertThat(output)
          .contains(JournalFailedException.class.getName())
          .contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")
          .contains("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
    } finally {
      process.destroyForcibly();
    }
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Process start(boolean flags, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    if (flags) {
      command.add("@" + resource("jvm.flags"));
      if (Runtime.version().feature() >= 24) {
        command.add("@" + resource("jvm-24.flags"));
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(!flags).start();
  }

  private static Path resource(String name) {
    URI resource = URI.create(KillTest.class.getResource("/io/millrace/engine/" + name).toString());
    return Path.of(resource);
  }

  /** The child: appends numbered records and prints each number once it is appended. */
  static final class Appender {

    private Appender() {}

    public static void main(String[] arguments) {
      int number = Integer.parseInt(arguments[1]);
      Random random = new Random(number);
      try (Journal journal =
          ChronicleJournal.open(
              Path.of(arguments[0]), CONFIG, new FileStorage(), task -> new Thread(task).start())) {
        while (true) {
          ByteBuffer body = ByteBuffer.allocate(Integer.BYTES + random.nextInt(20_000));
          journal.append(body.putInt(0, number), Space.NORMAL);
          System.out.println(number++);
        }
      }
    }

    static int number(ByteBuffer body) {
      return Integer.reverseBytes(body.getInt(body.position()));
    }
  }
}
