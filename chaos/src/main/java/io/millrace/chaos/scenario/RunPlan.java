package io.millrace.chaos.scenario;

import io.millrace.chaos.document.DocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run sets out to do, and how it is kept in the run's directory so that it can be done
 * again: {@value #PLAN}, and the scenario's own text in {@value #SCENARIO}.
 *
 * @param scenario the experiment
 * @param seed of the first run; each further run has the next
 * @param runs how often at least
 * @param atLeast runs go on until this has passed
 * @param target what it is run against
 * @param share of the scenario's faults and time
 */
public record RunPlan(
    Scenario scenario, long seed, int runs, Duration atLeast, TargetChoice target, double share) {

  /** The plan's file. */
  static final String PLAN = "plan.json";

  /** The scenario's file. */
  static final String SCENARIO = "scenario.yaml";

  private static final int FORMAT = 1;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Checks the ranges. */
  public RunPlan {
    if (runs < 1 || atLeast.isNegative() || !(share > 0)) {
      throw new IllegalArgumentException("at least one run, and a share above 0");
    }
  }

  void write(Path directory) throws IOException {
    Files.writeString(
        directory.resolve(PLAN),
        MAPPER
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                    MAPPER
                        .createObjectNode()
                        .put("format", FORMAT)
                        .put("scenario", scenario.name())
                        .put("seed", seed)
                        .put("runs", runs)
                        .put("minutes", atLeast.toMinutes())
                        .put("target", target.text())
                        .put("share", share))
            + "\n");
    Files.writeString(directory.resolve(SCENARIO), scenario.text());
  }

  /**
   * Reads the plan of a run that was.
   *
   * @throws IOException if the directory holds none
   * @throws DocumentException if its scenario is none any more
   */
  public static RunPlan read(Path directory) throws IOException, DocumentException {
    Path file = directory.resolve(PLAN);
    try {
      JsonNode plan = MAPPER.readTree(Files.readString(file));
      if (plan.path("format").asInt(0) != FORMAT) {
        throw new IOException(file + ": no plan of format " + FORMAT);
      }
      Scenario scenario =
          ScenarioDocument.parse(
              plan.path("scenario").asString(),
              directory.resolve(SCENARIO).toString(),
              Files.readString(directory.resolve(SCENARIO)));
      return new RunPlan(
          scenario,
          plan.path("seed").asLong(),
          plan.path("runs").asInt(1),
          Duration.ofMinutes(plan.path("minutes").asLong(0)),
          TargetChoice.of(plan.path("target").asString("http")),
          plan.path("share").asDouble(1));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
