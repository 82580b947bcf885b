package io.millrace.chaos.attribution;

import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import java.util.stream.Stream;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a JVM's flight recording says of a run: collections, other safepoints, and forces and rolls
 * of the journal. Recorded from the JVM's start by {@link #flags}, or in this one by {@link #here};
 * read while it goes on, or {@linkplain #leftBy from what a killed JVM left}.
 *
 * @param gc collections that stopped the JVM
 * @param safepoints other stops
 * @param forces of the journal's flusher, a millisecond or longer
 * @param rolls the first force of a new segment, by the flusher
 */
public record FlightRecording(
    List<Stretch> gc, List<Stretch> safepoints, List<Stretch> forces, List<Stretch> rolls) {

  /** Nothing was recorded. */
  public static final FlightRecording NONE =
      new FlightRecording(List.of(), List.of(), List.of(), List.of());

  private static final String NAME = "load";
  private static final String SETTINGS = "attribution.jfc";
  private static final String SUFFIX = ".jfr";
  private static final String REPOSITORY = "flight";

  /** Where a chunk says so of itself, in the format that began with JDK 14. */
  private static final int HEAD_STATE_AT = 64;

  private static final byte HEAD_IS_BEING_WRITTEN = (byte) 255;
  private static final String FLUSHER = "millrace-flusher";

  /** This recording, with forces that were told in another way. */
  public FlightRecording withForces(List<Stretch> others) {
    return new FlightRecording(gc, safepoints, others, rolls);
  }

  /**
   * The flags of a JVM that is to record.
   *
   * @param folder for the settings and the recording, of this JVM alone; exists
   */
  public static List<String> flags(Path folder) throws IOException {
    Path settings = folder.resolve(SETTINGS);
    Files.writeString(settings, settings());
    return List.of(
        "-XX:FlightRecorderOptions:repository=" + folder.resolve(REPOSITORY),
        "-XX:StartFlightRecording:name=" + NAME + ",settings=" + settings + ",dumponexit=false");
  }

  /** Starts to record in this JVM. */
  public static Recording here() throws IOException {
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
  public static FlightRecording of(long pid, Path folder, Axis axis) throws IOException {
    Path dump = folder.resolve(NAME + SUFFIX);
    String said = Jcmd.ask(pid, "JFR.dump", "name=" + NAME, "filename=" + dump);
    if (!Files.exists(dump)) {
      throw new IOException("no flight recording of process " + pid + ": " + said);
    }
    return read(List.of(dump), axis);
  }

  /**
   * Reads what a killed JVM had recorded, but for its last second: so often events are written to
   * the disk.
   *
   * @param folder as given to {@link #flags}
   * @throws IOException if what it left cannot be read as a recording
   */
  public static FlightRecording leftBy(Path folder, Axis axis) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(REPOSITORY))) {
      List<Path> chunks = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
        if (hasWholeHead(file)) {
          chunks.add(file);
        }
      }
      return read(chunks, axis);
    }
  }

  /** A reader of a head that is being written waits for the writer, though there may be none. */
  private static boolean hasWholeHead(Path chunk) throws IOException {
    ByteBuffer state = ByteBuffer.allocate(1);
    try (FileChannel file = FileChannel.open(chunk)) {
      return file.read(state, HEAD_STATE_AT) == 1 && state.get(0) != HEAD_IS_BEING_WRITTEN;
    }
  }

  /** Reads what this JVM has recorded so far. */
  public static FlightRecording of(Recording recording, Path folder, Axis axis) throws IOException {
    Path dump = folder.resolve(NAME + SUFFIX);
    recording.dump(dump);
    return read(List.of(dump), axis);
  }

  /**
   * Where the wall clock's instants lie on a run's axis.
   *
   * @param epochNs nanoseconds since 1970 at the run's origin
   */
  public record Axis(long epochNs) {

    /** The axis of a run, by both clocks read now. */
    public static Axis of(Origin origin) {
      return new Axis(nanosOf(Instant.now()) - origin.elapsedNs());
    }

    private static long nanosOf(Instant instant) {
      return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    Stretch stretch(RecordedEvent event) {
      long fromNs = nanosOf(event.getStartTime()) - epochNs;
      return new Stretch(fromNs, fromNs + event.getDuration().toNanos());
    }
  }

  private static FlightRecording read(List<Path> chunks, Axis axis) throws IOException {
    List<Stretch> gc = new ArrayList<>();
    List<Stretch> safepoints = new ArrayList<>();
    List<Stretch> forces = new ArrayList<>();
    List<Stretch> rolls = new ArrayList<>();
    Set<String> forcedBefore = new HashSet<>();
    List<RecordedEvent> events = new ArrayList<>();
    for (Path chunk : chunks) {
      events.addAll(RecordingFile.readAllEvents(chunk));
    }
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
