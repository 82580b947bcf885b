package io.millrace.jmh.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChildJvmTest {

  private static final List<String> SMALL = List.of("-Xmx32m", "-XX:+UseSerialGC");

  @TempDir private Path directory;

  @Test
  void announcedLineArrivesAndAllOutputIsKeptAfterTheKill() throws IOException {
    try (ChildJvm child = start("wait")) {
      assertThat(child.line(60)).isEqualTo("ready: 7");
      child.kill();
      assertThat(child.lastWords()).isEqualTo("early | ready: 7 | late");
      assertThat(ProcessHandle.of(child.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void childThatEndsWithoutTheLineIsQuoted() throws IOException {
    try (ChildJvm child = start("leave")) {
      assertThatThrownBy(() -> child.line(60))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ended before it was ready")
          .hasMessageContaining("early");
    }
  }

  @Test
  void flagsAreThoseChronicleNeeds() {
    assertThat(JvmFlags.forThisJdk())
        .contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")
        .noneMatch(flag -> flag.startsWith("#"));
  }

  private ChildJvm start(String what) throws IOException {
    return ChildJvm.start(
        SMALL, Child.class.getName(), List.of(what), "ready: ", directory.resolve("log"));
  }

  /** The child's program. */
  static final class Child {

    private Child() {}

    /** Says its lines, and waits to be killed if told so. */
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("early");
      if (arguments[0].equals("wait")) {
        // One write, so that the second line is in the pipe when the first is read.
        System.out.print("ready: 7\nlate\n");
        System.out.flush();
        new CountDownLatch(1).await();
      }
    }
  }
}
