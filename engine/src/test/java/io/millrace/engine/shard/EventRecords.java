package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.ReceivedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes any event and reads it back as the journal hands it out: in the middle of a buffer. */
final class EventRecords {

  private static final int LEAD = 40;

  private final EventCodec codec = new EventCodec();

  /**
   * The record of any event that carries no message and of any that carries one forward.
   *
   * @param carried the record whose message a move or a carry takes along; else not looked at
   */
  ByteBuffer encode(Event event, ByteBuffer carried, long nowMs, int start) {
    ByteBuffer bytes;
    if (event instanceof Event.QueueCreated created) {
      bytes = codec.encode(created, nowMs, start);
    } else if (event instanceof Event.AttributesSet set) {
      bytes = codec.encode(set, nowMs, start);
    } else if (event instanceof Event.QueueDeleted deleted) {
      bytes = codec.encode(deleted, nowMs, start);
    } else if (event instanceof Event.Purged purged) {
      bytes = codec.encode(purged, nowMs, start);
    } else if (event instanceof Event.Received received) {
      assertThat(received.start()).as("a receive carries its own start").isEqualTo(start);
      bytes = codec.encode(received, nowMs);
    } else if (event instanceof Event.Deleted deleted) {
      bytes = codec.encode(deleted, nowMs, start);
    } else if (event instanceof Event.VisibilityChanged changed) {
      bytes = codec.encode(changed, nowMs, start);
    } else if (event instanceof Event.Lost lost) {
      bytes = codec.encode(lost, nowMs, start);
    } else if (event instanceof Event.Carried carry) {
      bytes = codec.encode(carry, carried, nowMs, start);
    } else if (event instanceof Event.Moved moved) {
      bytes = codec.encode(moved, carried, nowMs, start);
    } else {
      throw new AssertionError("no way to encode " + event);
    }
    return asRead(bytes);
  }

  ByteBuffer encodeSent(
      Event.Sent event, OutgoingMessage message, String senderId, long nowMs, int start) {
    return asRead(codec.encode(event, message, senderId, nowMs, start));
  }

  /** A copy that begins where a record's frame would have ended. */
  static ByteBuffer asRead(ByteBuffer record) {
    assertThat(record.remaining()).isLessThanOrEqualTo(Journal.RECORD_BYTES_MAX);
    ByteBuffer copy = ByteBuffer.allocate(LEAD + record.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(LEAD, record, record.position(), record.remaining());
    return copy.position(LEAD);
  }

  /** What a receiver would see of a record's message. */
  static ReceivedMessage message(ByteBuffer record) {
    ByteBuffer view = record.duplicate().order(record.order()); // the codec reads it to its end
    return new EventCodec().message(view, "receipt", 3, 77, "arn");
  }
}
