package io.millrace.reports.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentCaptureTest {
  @TempDir Path root;

  @Test
  void readsWhatLinuxSaysOfItself() throws IOException {
    machine();
    EnvironmentCapture capture = EnvironmentCapture.begin(root);
    put("proc/loadavg", "2.50 1.00 0.50 1/100 4242");
    put("proc/stat", "cpu  200 0 100 700 0 0 0 100 0 0\ncpu0 1 2 3");
    Environment environment =
        capture.finish(
            Path.of("/srv/queue/run"),
            Path.of("/srv/queue/run/data"),
            "Example 17",
            List.of("-Xmx1g"));
    assertThat(environment.os()).isEqualTo("Example Linux 1 (one)");
    assertThat(environment.kernel()).isEqualTo("6.1.0-37-amd64");
    assertThat(environment.cpuModel()).isEqualTo("Example CPU @ 3.00GHz");
    assertThat(environment.memoryBytes()).isEqualTo(8_131_024L * 1024);
    assertThat(environment.clocksource()).isEqualTo("tsc");
    assertThat(environment.governor()).isEqualTo(Environment.UNKNOWN);
    assertThat(environment.transparentHugePages()).isEqualTo("madvise");
    assertThat(environment.loadAverageStart()).isEqualTo(0.31);
    assertThat(environment.loadAverageEnd()).isEqualTo(2.5);
    assertThat(environment.stealPercent()).as("90 of 900 ticks").isEqualTo(10.0);
    assertThat(environment.fileSystem()).isEqualTo("xfs");
    assertThat(environment.dataDir()).isEqualTo("data");
    assertThat(environment.serverJdk()).isEqualTo("Example 17");
    assertThat(environment.serverJvmFlags()).containsExactly("-Xmx1g");
  }

  @Test
  void mountOptionsKeepWhatExplainsAndLoseWhatLocates() throws IOException {
    machine();
    Environment inner =
        EnvironmentCapture.begin(root).finish(root, Path.of("/srv/queue/data"), "", List.of());
    assertThat(inner.mountOptions())
        .containsExactly("rw", "noatime", "logbsize=32k", "username=…", "noquota");
    Environment outer =
        EnvironmentCapture.begin(root).finish(root, Path.of("/elsewhere"), "", List.of());
    assertThat(outer.fileSystem()).isEqualTo("overlay");
    assertThat(outer.mountOptions()).containsExactly("rw", "relatime", "lowerdir=…");
  }

  @Test
  void flagsKeepTheirMeaningAndLosePathsAndSecrets() {
    assertThat(
            Discreet.flags(
                List.of(
                    "-Xmx512m",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-XX:HeapDumpPath=/home/someone/dumps",
                    "-javaagent:/opt/agent.jar=key",
                    "-Xlog:gc*:file=/var/log/gc.log",
                    "@/opt/flags",
                    "-XX:ErrorFile=C:\\logs\\x",
                    "-Dapi.token=hunter2",
                    "-Dfile.encoding=UTF-8",
                    "-Dchronicle.analytics.disable=true",
                    "-Djava.io.tmpdir=/tmp/x")))
        .containsExactly(
            "-Xmx512m",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "-XX:HeapDumpPath=…",
            "-javaagent:…",
            "-Xlog:gc*:file=…",
            "…",
            "-XX:ErrorFile=…",
            "-Dapi.token=…",
            "-Dfile.encoding=UTF-8",
            "-Dchronicle.analytics.disable=true",
            "-Djava.io.tmpdir=…");
  }

  @Test
  void thisMachineIsCapturedWithoutItsNameItsUserOrItsPaths(@TempDir Path run) throws IOException {
    Environment environment =
        EnvironmentCapture.begin()
            .finish(run, Files.createDirectory(run.resolve("data")), "", List.of());
    assertThat(environment.cpus()).isPositive();
    assertThat(environment.jdk()).contains(Runtime.version().toString());
    String said = environment.toString();
    assertThat(said).doesNotContain(run.toString(), System.getProperty("user.dir"));
    assertThat(said).doesNotContain(System.getProperty("java.home"));
    String host = InetAddress.getLocalHost().getHostName();
    if (host.length() > 3 && !host.equals("localhost")) {
      assertThat(said).doesNotContain(host);
    }
  }

  @Test
  void whereNothingCanBeReadEverythingIsUnknownAndNothingFails() {
    Environment environment = EnvironmentCapture.begin(root).finish(root, root, "", List.of());
    assertThat(environment.cpuModel()).isEqualTo(Environment.UNKNOWN);
    assertThat(environment.memoryBytes()).isEqualTo(-1);
    assertThat(environment.loadAverageStart()).isEqualTo(-1);
    assertThat(environment.stealPercent()).isEqualTo(-1);
    assertThat(environment.fileSystem()).isEqualTo(Environment.UNKNOWN);
  }

  @Test
  void outsideARepositoryTheCommitIsUnknown() {
    assertThat(GitState.of(root)).isEqualTo(new GitState(Environment.UNKNOWN, false));
    assertThat(GitState.of(root.resolve("missing")))
        .isEqualTo(new GitState(Environment.UNKNOWN, false));
  }

  @Test
  void workingFolderByItsEmptyNameIsTheWorkingFolder() {
    assertThat(GitState.of(Path.of(""))).isEqualTo(GitState.of(Path.of("").toAbsolutePath()));
  }

  private void machine() throws IOException {
    put("etc/os-release", "ID=example\nPRETTY_NAME=\"Example Linux 1 (one)\"\n");
    put("proc/sys/kernel/osrelease", "6.1.0-37-amd64\n");
    put("proc/cpuinfo", "processor : 0\nmodel name\t: Example CPU @ 3.00GHz\n");
    put("proc/meminfo", "MemTotal:        8131024 kB\nMemFree: 1 kB\n");
    put("proc/loadavg", "0.31 0.20 0.10 1/100 4242\n");
    put("proc/stat", "cpu  100 0 50 40 0 0 0 10 0 0\n");
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    put("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    put(
        "proc/self/mountinfo",
        """
        21 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/var/lib/images/1
        22 21 8:1 / /srv rw shared:2 - ext4 /dev/sda1 rw
        23 22 8:2 / /srv/queue rw,noatime - xfs /dev/sda2 rw,logbsize=32k,username=bob,noquota
        """);
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
