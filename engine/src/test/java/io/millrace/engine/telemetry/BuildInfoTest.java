package io.millrace.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The build says which commit it is of. */
@Timeout(60)
class BuildInfoTest {

  private static boolean git(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  @Test
  void theRevisionIsACommitOfTheCheckoutItWasBuiltIn() throws Exception {
    String revision = BuildInfo.ofBuild().revision();
    assertThat(revision).matches("unknown|[0-9a-f]{40}(-dirty)?");
    assumeTrue(git("rev-parse", "HEAD"), "this build runs in a git checkout");
    assertThat(git("cat-file", "-e", revision.replace("-dirty", "") + "^{commit}"))
        .as(revision)
        .isTrue();
  }
}
