package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on their way into a folder that others read. */
final class PublicationTest {
  @TempDir private Path directory = Path.of("unset");

  @Test
  void publishedRunIsABundleThatVerifiesAndIsListedNewestFirst() throws IOException {
    Path run = write(SyntheticRun.healthy(42));
    Files.writeString(run.resolve("history.log"), "not for others");
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", run, "--into", into);
    assertThat(said.err()).isEmpty();
    assertThat(said.code()).isZero();
    Path bundle = into.resolve("20260101-120000-power-loss");
    assertThat(said.out()).isEqualTo(bundle.resolve("report.html").toUri() + "\n");
    assertThat(names(bundle))
        .contains("report.html", "report.json", "latency.hlog", "MANIFEST.sha256")
        .doesNotContain("history.log");
    assertThat(Spoken.report("verify", bundle).code()).isZero();

    assertThat(
            Spoken.report("publish", write(SyntheticRun.lossy(7)), "--into", into, "--name", "loss")
                .code())
        .isZero();
    assertThat(Files.readString(into.resolve("index.html")))
        .contains("href=\"20260101-120000-power-loss/report.html\"", "href=\"loss/report.html\"")
        .contains("A guarantee was broken", "Every guarantee held");
    assertThat(names(into)).as("nothing half done is left").hasSize(3);
  }

  /** What others were given must still come to the same, whatever was learnt since. */
  @Test
  void everyBundleThisProjectPublishedVerifies() throws IOException {
    try (Stream<Path> bundles = Files.list(Path.of("published"))) {
      assertThat(bundles.filter(Files::isDirectory).toList())
          .isNotEmpty()
          .allSatisfy(
              bundle -> {
                Spoken said = Spoken.report("verify", bundle);
                assertThat(said.code()).as(said.out() + said.err()).isZero();
              });
    }
  }

  @Test
  void runThatDoesNotVerifyIsRefused() throws IOException {
    Path run = write(SyntheticRun.healthy(42));
    Files.writeString(run.resolve("plan.json"), "{}");
    Path into = directory.resolve("published");
    Spoken said = Spoken.report("publish", run, "--into", into);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("does not verify: plan.json is not the file that was written");
    assertThat(into).doesNotExist();
  }

  @Test
  void bundleOverFiveMegabytesIsRefusedAndSaysWhy() throws IOException {
    Path path = write(SyntheticRun.healthy(42));
    Files.write(path.resolve("huge.hlog"), new byte[5_000_000]);
    RunDirectory run = new RunDirectory(path);
    run.render();
    Manifest.of(path, run.sources()).write(run.manifestFile());
    Spoken said = Spoken.report("publish", path, "--into", directory.resolve("published"));
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err())
        .contains("is too large to publish", "5,000,000 are the most", "huge.hlog of 5,000,000");
  }

  @Test
  void nameThatIsTakenOrNoNameIsRefused() throws IOException {
    Path run = write(SyntheticRun.healthy(42));
    Path into = directory.resolve("published");
    assertThat(Spoken.report("publish", run, "--into", into).code()).isZero();
    Spoken again = Spoken.report("publish", run, "--into", into);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("is there already; --name gives another");
    assertThat(Spoken.report("publish", run, "--name", "../elsewhere").code()).isEqualTo(2);
    assertThat(Spoken.report("publish", into).err()).contains("is not a run");
  }

  private Path write(SyntheticRun synthetic) throws IOException {
    RunDirectory run = RunDirectory.create(directory.resolve("run-" + synthetic.record().seed()));
    synthetic.writeHistograms(run.path());
    run.write(synthetic.record());
    return run.path();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
