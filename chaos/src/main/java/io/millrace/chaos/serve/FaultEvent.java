package io.millrace.chaos.serve;

import io.millrace.chaos.policy.FaultLog;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A stage of a fault in a flight recording, where it stands beside the collections, forces and
 * requests of its moment. Off until a recording asks for it, as {@code chaos.jfc} beside this class
 * does.
 */
@Name("millrace.ChaosFault")
@Label("Chaos fault")
@Description("A fault was planned, fired, or missed")
@Category({"Millrace", "Chaos"})
@StackTrace(false)
@Enabled(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
final class FaultEvent extends Event {

  @Label("Fault")
  long fault;

  @Label("Kind")
  String kind = "";

  @Label("Queue")
  String queue = "";

  @Label("Target")
  String target = "";

  @Label("Stage")
  String stage = "";

  @Label("Detail")
  String detail = "";

  private FaultEvent() {}

  /** Writes every stage from now on. */
  static void follow(FaultLog log) {
    log.follow(FaultEvent::write);
  }

  private static void write(FaultLog.Line line) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    FaultEvent event = new FaultEvent();
    event.fault = line.fault();
    event.kind = line.kind().wireName();
    event.queue = line.queue();
    event.target = line.target();
    event.stage = line.stage().name().toLowerCase(Locale.ROOT);
    event.detail = line.detail();
    event.commit();
  }
}
