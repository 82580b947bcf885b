package io.millrace.chaos.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.peer.ElasticMq;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An SQS endpoint that is not ours, asked by its URL what ours is asked. */
class ElasticMqTest {

  private final long seed = System.nanoTime() & 0x7fffffff;

  @TempDir private Path directory = Path.of("unset");

  @Test
  void elasticMqIsJudgedAndWhatItCannotBeDoneIsSkipped() throws IOException {
    try (ElasticMq peer =
        ElasticMq.start(
            ElasticMq.JARS, directory.resolve("elasticmq.log"), Duration.ofMinutes(2))) {
      TargetChoice target = new TargetChoice.Endpoint(peer.endpoint());

      String calm = run("crash-storm", 0.1, target);
      String shaky = run("flaky-network", 0.2, target);

      assertThat(calm)
          .contains("\"verdict\" : \"VALID\"", "\"kill: it needs a server that the lab started\"");
      assertThat(shaky).contains("\"verdict\" : \"VALID\"", "\"net-lost-response\"");
    }
  }

  private String run(String name, double share, TargetChoice target) throws IOException {
    StringWriter said = new StringWriter();
    Path out = Files.createDirectory(directory.resolve(name));
    RunPlan plan = new RunPlan(Scenarios.named(name), seed, 1, Duration.ZERO, target, share);

    Outcome outcome = new ScenarioRunner(plan, out, new RunOutput(new PrintWriter(said))).run();

    assertThat(outcome).as("seed %d%n%s", seed, said).isEqualTo(Outcome.VALID);
    return Files.readString(out.resolve("001-" + name).resolve("judgement.json"));
  }
}
