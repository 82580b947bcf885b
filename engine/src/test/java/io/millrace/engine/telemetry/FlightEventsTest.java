package io.millrace.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightEventsTest {

  @TempDir private Path folder = Path.of("unset");

  private final Telemetry telemetry = Telemetry.create(new BuildInfo("1.2.3", "abc"));

  @Test
  void aRecordingWithTheShippedSettingsHoldsEveryEvent() throws Exception {
    Configuration shipped = shipped();
    Path file = folder.resolve("millrace.jfr");
    try (Recording recording = new Recording(shipped)) {
      recording.start();
      everything();
      recording.dump(file);
    }
    Map<String, RecordedEvent> events = new TreeMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().startsWith("millrace.")) {
        events.put(event.getEventType().getName(), event);
      }
    }
    Set<String> named =
        shipped.getSettings().keySet().stream()
            .filter(setting -> setting.startsWith("millrace."))
            .map(setting -> setting.substring(0, setting.indexOf('#')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(events.keySet()).isEqualTo(named).hasSize(9);

    RecordedEvent request = Objects.requireNonNull(events.get("millrace.Request"));
    assertThat(request.getString("action")).isEqualTo("SendMessage");
    assertThat(request.getString("error")).isEqualTo("OverLimit");
    assertThat(request.getDuration("took")).isEqualTo(Duration.ofNanos(3_000));
    RecordedEvent force = Objects.requireNonNull(events.get("millrace.Force"));
    assertThat(force.getInt("records")).isEqualTo(7);
    RecordedEvent recovery = Objects.requireNonNull(events.get("millrace.Recovery"));
    assertThat(recovery.getDuration("took")).isEqualTo(Duration.ofMillis(12));
  }

  @Test
  void aRecordingThatDoesNotAskHoldsNone() throws Exception {
    Path file = folder.resolve("plain.jfr");
    try (Recording recording = new Recording(Configuration.getConfiguration("default"))) {
      recording.start();
      everything();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .noneMatch(event -> event.getEventType().getName().startsWith("millrace."));
  }

  private void everything() {
    ShardCounters shard = new ShardCounters();
    shard.recoveryMs.set(12);
    telemetry.show(shard, () -> 0, 1);
    telemetry
        .requestObserver()
        .observed(Action.SEND_MESSAGE, Optional.of(ErrorCode.OVER_LIMIT), 3_000, false);
    telemetry.requestObserver().observed(Action.RECEIVE_MESSAGE, Optional.empty(), 9_000, true);
    telemetry.shardObserver().appended(1);
    telemetry.shardObserver().forced(2, 7);
    telemetry.shardObserver().rolled(3);
    telemetry.shardObserver().checkpointed();
    telemetry.shardObserver().expired(4);
    telemetry.shardObserver().deadLettered("orders");
  }

  private static Configuration shipped() throws Exception {
    try (Reader settings =
        new InputStreamReader(
            Objects.requireNonNull(Telemetry.class.getResourceAsStream("millrace.jfc")),
            StandardCharsets.UTF_8)) {
      return Configuration.create(settings);
    }
  }
}
