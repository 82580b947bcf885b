package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final Path THIS_THREAD = Path.of("/proc/thread-self/stat");

  /** Fields of {@code /proc/PID/stat} as proc(5) counts them, and the first after the name. */
  private static final int STATE = 3;

  private static final int REAL_TIME_PRIORITY = 40;
  private static final int POLICY = 41;
  private static final int SCHED_FIFO = 1;

  /** What the kernel says of a thread. */
  private record Scheduled(int policy, int priority) {
    static final Scheduled ORDINARY = new Scheduled(0, 0);

    static Scheduled now() throws IOException {
      String stat = Files.readString(THIS_THREAD);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return new Scheduled(
          Integer.parseInt(fields[POLICY - STATE]),
          Integer.parseInt(fields[REAL_TIME_PRIORITY - STATE]));
    }
  }

  private record Seen(Standing said, Scheduled itself, Scheduled itsChild) {}

  @Test
  void saysWhatTheKernelDoesWithTheThreadAndItsChildrenStayOrdinary() throws Exception {
    assumeTrue(Files.exists(THIS_THREAD), "no /proc shows here how a thread is scheduled");
    FutureTask<Seen> asking =
        new FutureTask<>(
            () -> {
              Standing said = Standing.prompt();
              FutureTask<Scheduled> child = new FutureTask<>(Scheduled::now);
              new Thread(child, "child").start();
              return new Seen(said, Scheduled.now(), child.get());
            });
    new Thread(asking, "prompt").start();
    Seen seen = asking.get();
    assertThat(seen.itself())
        .isEqualTo(
            seen.said() == Standing.REAL_TIME ? new Scheduled(SCHED_FIFO, 1) : Scheduled.ORDINARY);
    assertThat(seen.itsChild()).isEqualTo(Scheduled.ORDINARY);
    assertThat(Scheduled.now()).isEqualTo(Scheduled.ORDINARY);
  }
}
