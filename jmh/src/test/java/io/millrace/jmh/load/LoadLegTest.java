package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.document.DocumentException;
import io.millrace.reports.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole legs against real services, short; how fast they were is not asked. */
@Timeout(180)
class LoadLegTest {

  private static final LoadLeg.Warmth SHORT = new LoadLeg.Warmth(1, 3);

  private final long seed = System.nanoTime() & 0xffff;

  @TempDir private Path directory = Path.of("unset");

  @ParameterizedTest
  @CsvSource({"embedded,false", "http,false", "http,true", "elasticmq,false"})
  void everyMessageOfTheScheduleIsSentAcknowledgedAndReceivedOnce(String service, boolean sdk)
      throws IOException, DocumentException {
    Leg leg =
        run(
            new Subject.Choice(service, sdk),
            "{intent: x, arrivals: poisson, rates: [200], seconds: 2, queues: [3],"
                + " durability: process-crash, message-bytes: 300, sends-max: 32}");

    assertThat(leg.errors()).as("seed %d", seed).isEmpty();
    assertThat(leg.counts().planned()).isBetween(300L, 520L);
    assertThat(leg.counts().acked()).isEqualTo(leg.counts().planned());
    assertThat(leg.counts().received()).isEqualTo(leg.counts().planned());
    assertThat(leg.counts().lost()).isZero();
    assertThat(leg.counts().duplicates()).isZero();
    assertThat(leg.counts().invented()).isZero();
    assertThat(leg.latencies().publish().count()).isEqualTo(leg.counts().planned());
    assertThat(leg.warmUp()).hasSizeLessThanOrEqualTo(3).isNotEmpty();
    assertThat(leg.platform().controlHiccupMs().count()).isPositive();
    assertThat(leg.durabilityClass())
        .isEqualTo(service.equals("elasticmq") ? "none: in memory" : "process-crash");
    assertThat(directory.resolve("leg")).isDirectoryContaining("glob:**latency.hlog");
  }

  @Test
  void messageLargerThanASocketsBufferArrivesWhole() throws IOException, DocumentException {
    Leg leg =
        run(
            new Subject.Choice("http", false),
            "{intent: x, arrivals: {burst: 8}, rates: [16], seconds: 2, message-bytes: 1000000,"
                + " durability: process-crash, sends-max: 8}");

    assertThat(leg.errors()).isEmpty();
    assertThat(leg.counts().planned()).isPositive();
    assertThat(leg.counts().received()).isEqualTo(leg.counts().planned());
  }

  @ParameterizedTest
  @CsvSource({"embedded", "http"})
  void backlogIsEmptiedAndEachMessageOfItReceivedOnce(String service)
      throws IOException, DocumentException {
    Leg leg =
        run(
            new Subject.Choice(service, false),
            "{intent: x, rates: [0], seconds: 60, backlog: 2005, handler-ms: 1, consumers: [4],"
                + " wait-seconds: 0, durability: process-crash}");

    assertThat(leg.errors()).isEmpty();
    assertThat(leg.counts().left()).isZero();
    assertThat(leg.counts().duplicates()).isZero();
    assertThat(leg.verdict()).isEmpty();
  }

  private Leg run(Subject.Choice choice, String yaml) throws IOException, DocumentException {
    Workload workload = WorkloadDocument.parse("test", yaml);
    Path disk = Files.createDirectory(directory.resolve("disk"));
    RunDirectory files = RunDirectory.create(directory.resolve("leg"));
    try (Subject subject = Subject.open(choice, workload, disk, files.path())) {
      return new LoadLeg(workload, workload.steps().get(0), SHORT, seed, LoadLeg.Watch.NONE)
          .run(subject, 1, files);
    }
  }
}
