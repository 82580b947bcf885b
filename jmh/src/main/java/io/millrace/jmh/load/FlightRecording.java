package io.millrace.jmh.load;

import io.millrace.jmh.load.Stretches.Stretch;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a JVM's flight recording says of a leg: collections, other safepoints, and forces and rolls
 * of the journal. Recorded from the JVM's start by {@link #flags}, or in this one by {@link #here};
 * read while it goes on.
 *
 * @param gc collections that stopped the JVM
 * @param safepoints other stops
 * @param forces of the journal's flusher, a millisecond or longer
 * @param rolls the first force of a new segment, by the flusher
 */
record FlightRecording(
    List<Stretch> gc, List<Stretch> safepoints, List<Stretch> forces, List<Stretch> rolls) {

  /** Nothing was recorded. */
  static final FlightRecording NONE =
      new FlightRecording(List.of(), List.of(), List.of(), List.of());

  private static final String NAME = "load";
  private static final String SETTINGS = "attribution.jfc";
  private static final String FLUSHER = "millrace-flusher";

  /** This recording, with forces that were told in another way. */
  FlightRecording withForces(List<Stretch> others) {
    return new FlightRecording(gc, safepoints, others, rolls);
  }

  /**
   * The flags of a JVM that is to record.
   *
   * @param folder for the settings and the recording; exists
   */
  static List<String> flags(Path folder) throws IOException {
    Path settings = folder.resolve(SETTINGS);
    Files.writeString(settings, settings());
    return List.of(
        "-XX:StartFlightRecording:name=" + NAME + ",settings=" + settings + ",dumponexit=false");
  }

  /** Starts to record in this JVM. */
  static Recording here() throws IOException {
    try {
      Recording recording = new Recording(Configuration.create(new StringReader(settings())));
      recording.start();
      return recording;
    } catch (ParseException e) {
      throw new AssertionError("our own settings", e);
    }
  }

  /**
   * Reads what a JVM has recorded so far.
   *
   * @param folder for the dump
   */
  static FlightRecording of(long pid, Path folder, Axis axis) throws IOException {
    Path dump = folder.resolve(NAME + ".jfr");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "JFR.dump",
                "name=" + NAME,
                "filename=" + dump)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(dump)) {
      throw new IOException("no flight recording of process " + pid + ": " + said.strip());
    }
    return read(dump, axis);
  }

  /** Reads what this JVM has recorded so far. */
  static FlightRecording of(Recording recording, Path folder, Axis axis) throws IOException {
    Path dump = folder.resolve(NAME + ".jfr");
    recording.dump(dump);
    return read(dump, axis);
  }

  /**
   * Where the wall clock's instants lie on a run's axis.
   *
   * @param epochNs nanoseconds since 1970 at the run's origin
   */
  record Axis(long epochNs) {

    /** The axis of a pace, by both clocks read now. */
    static Axis of(Pace pace) {
      return new Axis(nanosOf(Instant.now()) - pace.nowNs());
    }

    private static long nanosOf(Instant instant) {
      return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    Stretch stretch(RecordedEvent event) {
      long fromNs = nanosOf(event.getStartTime()) - epochNs;
      return new Stretch(fromNs, fromNs + event.getDuration().toNanos());
    }
  }

  private static FlightRecording read(Path dump, Axis axis) throws IOException {
    List<Stretch> gc = new ArrayList<>();
    List<Stretch> safepoints = new ArrayList<>();
    List<Stretch> forces = new ArrayList<>();
    List<Stretch> rolls = new ArrayList<>();
    Set<String> forcedBefore = new HashSet<>();
    List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
    events.sort(Comparator.comparing(RecordedEvent::getStartTime));
    for (RecordedEvent event : events) {
      switch (event.getEventType().getName()) {
        case "jdk.GCPhasePause" -> gc.add(axis.stretch(event));
        case "jdk.SafepointStateSynchronization" -> safepoints.add(axis.stretch(event));
        case "jdk.ExecuteVMOperation" -> {
          if (event.getBoolean("safepoint")) {
            safepoints.add(axis.stretch(event));
          }
        }
        case "jdk.FileForce" -> {
          RecordedThread thread = event.getThread();
          if (thread != null && FLUSHER.equals(thread.getJavaName())) {
            boolean first = forcedBefore.add(event.getString("path"));
            (first && forcedBefore.size() > 1 ? rolls : forces).add(axis.stretch(event));
          }
        }
        default -> {}
      }
    }
    return new FlightRecording(gc, safepoints, forces, rolls);
  }

  private static String settings() throws IOException {
    try (InputStream in = FlightRecording.class.getResourceAsStream(SETTINGS)) {
      if (in == null) {
        throw new AssertionError("no " + SETTINGS + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
