package io.millrace.chaos.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios in small, each from its document to its verdict. */
class ScenarioSmokeTest {

  @TempDir private Path directory = Path.of("unset");

  private final StringWriter said = new StringWriter();
  private final long seed = System.nanoTime() & 0x7fffffff;

  @Test
  void twentyKillsAtTheMomentsThatHurtLoseNothing() throws IOException {
    run("crash-storm", 1, new TargetChoice.Http());

    assertThat(judgement("crash-storm")).contains("\"lost\" : 0", "\"kill at recovery\" : 2");
  }

  @Test
  void flakyNetworkBreaksNoPromise() throws IOException {
    run("flaky-network", 0.4, new TargetChoice.Http());
  }

  @Test
  void worstLegalSqsIsLegal() throws IOException {
    run("worst-legal-sqs", 0.4, new TargetChoice.Http());
  }

  @Test
  void fullDiskIsToldToSendersAndLosesNothing() throws IOException {
    run("full-disk", 1, new TargetChoice.Http());

    assertThat(judgement("full-disk")).containsPattern("disk-full\" : 1|SKIPPED|disk-full: ");
  }

  @Test
  void rareStateThatNeverOccurredLeavesTheRunUnknown() throws Exception {
    Scenario scenario =
        ScenarioDocument.parse(
            "mine", "mine.yaml", "intent: a\nsimulations: {runs: 3}\nrare-states: all\n");

    Outcome outcome =
        new ScenarioRunner(
                new RunPlan(scenario, 1, 1, Duration.ZERO, new TargetChoice.Http(), 1),
                directory,
                new RunOutput(new PrintWriter(said)))
            .run();

    assertThat(outcome).isEqualTo(Outcome.UNKNOWN);
    assertThat(said.toString()).contains("UNKNOWN never occurred: crash-during-");
  }

  @Test
  void clockThatJumpsIsNotFollowed() throws IOException {
    run("clock-jumps", 1, new TargetChoice.Http());
  }

  @Test
  void whatAnEmbeddedEngineCannotBeDoneIsSkippedAndTheRunCanBeDoneAgain() throws Exception {
    run("crash-storm", 0.1, new TargetChoice.Embedded());

    assertThat(judgement("crash-storm"))
        .contains("kill: the engine runs in the lab's own process")
        .contains("\"fired\" : { }");
    RunPlan again = RunPlan.read(directory);
    assertThat(again.seed()).isEqualTo(seed);
    assertThat(again.scenario()).isEqualTo(Scenarios.named("crash-storm"));
    assertThat(again.target()).isEqualTo(new TargetChoice.Embedded());
    assertThat(again.share()).isEqualTo(0.1);
    assertThat(directory.resolve("001-crash-storm/data")).doesNotExist();
  }

  private void run(String name, double share, TargetChoice target) throws IOException {
    RunPlan plan = new RunPlan(Scenarios.named(name), seed, 1, Duration.ZERO, target, share);

    Outcome outcome =
        new ScenarioRunner(plan, directory, new RunOutput(new PrintWriter(said))).run();

    assertThat(outcome).as("seed %d%n%s", seed, said).isEqualTo(Outcome.VALID);
  }

  private String judgement(String name) throws IOException {
    return Files.readString(directory.resolve("001-" + name).resolve("judgement.json"));
  }
}
