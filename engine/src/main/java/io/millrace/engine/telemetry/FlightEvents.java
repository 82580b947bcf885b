package io.millrace.engine.telemetry;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * What a flight recording can hold of the server. Every event is off until a recording asks for it,
 * as {@code millrace.jfc} beside this class does; with none it costs a comparison and no memory.
 *
 * <p>Events are written as what they tell of ends, and carry its duration in {@code took}. Any
 * thread.
 */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
final class FlightEvents {

  private FlightEvents() {}

  /** The event types, looked up when a recorder is first there: that takes a while. */
  private static final class Types {
    private static final EventType REQUEST = EventType.getEventType(Request.class);
    private static final EventType LONG_POLL = EventType.getEventType(LongPoll.class);
    private static final EventType APPEND = EventType.getEventType(Append.class);
    private static final EventType FORCE = EventType.getEventType(Force.class);
  }

  static void request(Action action, Optional<ErrorCode> error, long nanos, boolean waited) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    if (waited && Types.LONG_POLL.isEnabled()) {
      LongPoll event = new LongPoll();
      event.took = nanos;
      event.commit();
    } else if (!waited && Types.REQUEST.isEnabled()) {
      Request event = new Request();
      event.action = action.wireName();
      event.error = error.map(ErrorCode::shape).orElse("");
      event.took = nanos;
      event.commit();
    }
  }

  static void append(long nanos) {
    if (FlightRecorder.isInitialized() && Types.APPEND.isEnabled()) {
      Append event = new Append();
      event.took = nanos;
      event.commit();
    }
  }

  static void force(long nanos, int records) {
    if (FlightRecorder.isInitialized() && Types.FORCE.isEnabled()) {
      Force event = new Force();
      event.took = nanos;
      event.records = records;
      event.commit();
    }
  }

  static void roll(long segment) {
    if (FlightRecorder.isInitialized()) {
      Roll event = new Roll();
      event.segment = segment;
      event.commit();
    }
  }

  static void checkpoint() {
    if (FlightRecorder.isInitialized()) {
      new Checkpoint().commit();
    }
  }

  static void recovery(long ms, long records, long quarantined) {
    if (FlightRecorder.isInitialized()) {
      Recovery event = new Recovery();
      event.took = ms;
      event.records = records;
      event.quarantined = quarantined;
      event.commit();
    }
  }

  static void expiry(long messages) {
    if (FlightRecorder.isInitialized()) {
      Expiry event = new Expiry();
      event.messages = messages;
      event.commit();
    }
  }

  static void deadLetterMove(String queue) {
    if (FlightRecorder.isInitialized()) {
      DeadLetterMove event = new DeadLetterMove();
      event.queue = queue;
      event.commit();
    }
  }

  @Name("millrace.Request")
  @Label("Request")
  @Description("A request was answered; one that was held for a message is a LongPoll instead")
  @Category("Millrace")
  @StackTrace(false)
  @Enabled(false)
  private static final class Request extends Event {
    @Label("Action")
    String action = "";

    @Label("Error")
    String error = "";

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("millrace.LongPoll")
  @Label("Long poll")
  @Description("A receive that was held for a message was answered")
  @Category("Millrace")
  @StackTrace(false)
  @Enabled(false)
  private static final class LongPoll extends Event {
    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("millrace.Append")
  @Label("Append")
  @Description("A record was copied into the journal")
  @Category({"Millrace", "Journal"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Append extends Event {
    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("millrace.Force")
  @Label("Force")
  @Description("Records were made durable")
  @Category({"Millrace", "Journal"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Force extends Event {
    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Records")
    int records;
  }

  @Name("millrace.Roll")
  @Label("Roll")
  @Description("The journal goes on in another segment, noticed within a quarter of a second")
  @Category({"Millrace", "Journal"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Roll extends Event {
    @Label("Segment")
    long segment;
  }

  @Name("millrace.Checkpoint")
  @Label("Checkpoint")
  @Description("A checkpoint was written, noticed within a quarter of a second")
  @Category({"Millrace", "Journal"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Checkpoint extends Event {}

  @Name("millrace.Recovery")
  @Label("Recovery")
  @Description("The journal was read back at the start")
  @Category({"Millrace", "Journal"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Recovery extends Event {
    @Label("Took")
    @Timespan(Timespan.MILLISECONDS)
    long took;

    @Label("Records replayed")
    long records;

    @Label("Records set aside")
    long quarantined;
  }

  @Name("millrace.Expiry")
  @Label("Expiry")
  @Description("Messages were dropped at the end of their retention period")
  @Category({"Millrace", "Queue"})
  @StackTrace(false)
  @Enabled(false)
  private static final class Expiry extends Event {
    @Label("Messages")
    long messages;
  }

  @Name("millrace.DeadLetterMove")
  @Label("Dead-letter move")
  @Description("A message was moved to a dead-letter queue")
  @Category({"Millrace", "Queue"})
  @StackTrace(false)
  @Enabled(false)
  private static final class DeadLetterMove extends Event {
    @Label("From queue")
    String queue = "";
  }
}
