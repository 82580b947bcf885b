package io.millrace.chaos.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.Mishap;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording with the settings that are shipped has every stage of a fault. */
class FaultEventTest {

  @TempDir Path directory;

  @Test
  void aRecordingHasEachStageOfAFault() throws Exception {
    List<RecordedEvent> events = recorded(new Recording(shipped()));
    assertThat(events)
        .extracting(e -> e.getString("stage"), e -> e.getString("detail"))
        .containsExactly(tuple("planned", "soon"), tuple("fired", "seen"));
    assertThat(events)
        .allMatch(event -> event.getString("kind").equals(Mishap.THROTTLE.wireName()))
        .allMatch(event -> event.getString("queue").equals("orders"))
        .allMatch(event -> event.getString("target").equals("SendMessage"))
        .allMatch(event -> event.getLong("fault") == 1);
  }

  @Test
  void aRecordingThatDoesNotAskHasNone() throws Exception {
    assertThat(recorded(new Recording())).isEmpty();
  }

  private List<RecordedEvent> recorded(Recording recording) throws Exception {
    Path file = directory.resolve("faults.jfr");
    try (recording) {
      recording.start();
      FaultLog log = new FaultLog();
      FaultEvent.follow(log);
      log.plan(Mishap.THROTTLE, "orders", "SendMessage", "soon").fired("seen");
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("millrace.ChaosFault"))
        .toList();
  }

  private static Configuration shipped() throws Exception {
    try (Reader settings =
        new InputStreamReader(
            Objects.requireNonNull(FaultEvent.class.getResourceAsStream("chaos.jfc")),
            StandardCharsets.UTF_8)) {
      return Configuration.create(settings);
    }
  }
}
