package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the engine's process without warning, again and again, on the same data: under load, while
 * it rolls segments and writes checkpoints (both tiny), and while it recovers. A kill keeps the
 * page cache, so this proves nothing about power cuts; it proves that no order of memory writes
 * hurts.
 */
@Timeout(240)
class KillTest {

  private static final int ROUNDS = 20;

  @TempDir Path directory;

  private final Map<Long, Fate> fates = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private long nextMessage = 1;
  private int caughtInFlight;
  private int killedInRecovery;
  private int received;

  private static final class Fate {
    private boolean acknowledged;
    private boolean deleteAsked;
    private boolean deleted;
    private boolean found;
  }

  @Test
  void noKillLosesResurrectsOrInventsAMessage() throws Exception {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String durability = random.nextInt(3) == 0 ? "PROCESS_CRASH" : "POWER_LOSS";
      boolean inRecovery = round == 2 || (round > 2 && random.nextInt(4) == 0);
      Process process = start(durability, random.nextLong(), "load", round);
      kill(process, inRecovery, random);
    }
    Process process = start("POWER_LOSS", random.nextLong(), "drain", ROUNDS);
    try (BufferedReader lines = lines(process)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log(ROUNDS)).isZero();
    fates.forEach(
        (number, fate) -> {
          if (fate.acknowledged && !fate.deleteAsked && !fate.found) {
            violations.add("lost: " + number);
          }
        });
    assertThat(violations).as("seed " + seed).isEmpty();
    assertThat(received).as("receives").isPositive();
    assertThat(caughtInFlight).as("sends in flight at a kill").isPositive();
    assertThat(killedInRecovery).as("kills before the engine was ready").isPositive();
  }

  private Process start(String durability, long seed, String what, int round) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!argument.startsWith("-javaagent") && !argument.startsWith("-Xm")) {
        command.add(argument);
      }
    }
    command.addAll(List.of("-Xmx160m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            KilledEngine.class.getName(),
            directory.resolve("data").toString(),
            durability,
            Long.toString(seed),
            Long.toString(nextMessage),
            what));
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("log-" + round).toFile())
        .start();
  }

  private String log(int round) throws IOException {
    return Files.readString(directory.resolve("log-" + round));
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Reads up to where the seed says, kills, and reads what the dead process had still said. */
  private void kill(Process process, boolean inRecovery, SplittableRandom random)
      throws IOException, InterruptedException {
    long killAfter = inRecovery ? 1 : 200 + random.nextInt(6_000);
    boolean ready = false;
    boolean killed = false;
    long outstanding = 0;
    try (BufferedReader lines = lines(process)) {
      long read = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ready |= line.equals("ready");
        outstanding += line.startsWith("S ") ? 1 : line.startsWith("s ") ? -1 : 0;
        note(line);
        if (++read == killAfter && !killed) {
          if (inRecovery) {
            // The first at once, so that one is caught in recovery however fast it is; the others
            // somewhere in it.
            int afterMs = killedInRecovery == 0 ? 0 : random.nextInt(450);
            assertThat(process.waitFor(afterMs, TimeUnit.MILLISECONDS)).isFalse();
          }
          process
              .toHandle()
              .destroyForcibly(); // unlike the process itself, leaves the pipe readable
          killed = true;
        }
      }
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(killed).as("the process ended by itself").isTrue();
    killedInRecovery += ready ? 0 : 1;
    caughtInFlight += outstanding > 0 ? 1 : 0;
  }

  private void note(String line) {
    if (line.length() < 3 || line.charAt(1) != ' ') {
      return; // open, ready, done
    }
    String rest = line.substring(2);
    if (line.charAt(0) == 'X') {
      violations.add(rest);
      return;
    }
    if (line.charAt(0) == 'C') {
      return;
    }
    long number = Long.parseLong(rest);
    if (line.charAt(0) == 'S') {
      fates.put(number, new Fate());
      nextMessage = Math.max(nextMessage, number + 1);
      return;
    }
    Fate fate = fates.get(number);
    if (fate == null) {
      violations.add("invented: " + number);
      return;
    }
    switch (line.charAt(0)) {
      case 's' -> fate.acknowledged = true;
      case 'D' -> fate.deleteAsked = true;
      case 'd' -> fate.deleted = true;
      case 'R', 'F' -> {
        received++;
        if (fate.deleted) {
          violations.add("received after its delete was acknowledged: " + number);
        }
        if (fate.found) {
          violations.add("found twice: " + number);
        }
        fate.found = line.charAt(0) == 'F';
      }
      default -> violations.add("an odd line: " + line);
    }
  }
}
