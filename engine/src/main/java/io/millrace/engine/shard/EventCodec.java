package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Events as bytes. Little-endian; the journal adds magic, length, CRC32C, durable mark and key id
 * around them.
 *
 * <pre>
 *  every event
 *  0      1         2       4              8            16              20
 *  +------+---------+-------+--------------+------------+---------------+------------------
 *  | kind | version | flags | queue number | now, ms    | start number  | by kind ...
 *  | u8   | u8 = 1  | u16   | u32          | u64        | u32           |
 *  +------+---------+-------+--------------+------------+---------------+------------------
 *
 *  SENT, CARRIED, MOVED: the records that carry a message; queue and number are its owner's
 *  20           24             28        32        40        48         56          64
 *  +------------+--------------+---------+---------+---------+----------+-----------+------
 *  | payload at | delay, s     | extras  | number  | id high | id low   | sent, ms  |
 *  | u32        | u32          | u32     | u64     | u64     | u64      | u64       |
 *  +------------+--------------+---------+---------+---------+----------+-----------+------
 *  then `extras` bytes, for CARRIED   u64 from position
 *                       for MOVED     u32 source queue, u32 receive count, u64 source number, u64 first received
 *  then metadata: sender, trace header, group id (each u16 length, UTF-8), u8 attribute count and per attribute
 *       u16 + name, u16 + type, u32 + value
 *  then, if bit 0 of the flags is set, the body's MD5 (16 bytes)
 *  then, at `payload at`, the body to the end of the record
 *
 *  RECEIVED     u64 visible at, u32 count, per message u64 number, u32 receive count
 *  DELETED      u32 count, per message u64 number
 *  VISIBILITY   u64 number, u64 visible at
 *  LOST         u64 number
 *  CREATED      u16 + name, attributes        ATTRIBUTES   attributes        DELETED_QUEUE, PURGED   nothing
 *               attributes: u16 count, per attribute u16 + name, u32 + value
 * </pre>
 *
 * <p>Encoding fills one reused buffer; a decoded event owns what it holds. An unknown kind or
 * version stops whoever reads, loudly: skipping it would be guessing.
 */
final class EventCodec {

  private static final byte VERSION = 1;

  private static final byte CREATED = 1;
  private static final byte ATTRIBUTES = 2;
  private static final byte DELETED_QUEUE = 3;
  private static final byte PURGED = 4;
  private static final byte SENT = 5;
  private static final byte RECEIVED = 6;
  private static final byte DELETED = 7;
  private static final byte VISIBILITY = 8;
  private static final byte MOVED = 9;
  private static final byte CARRIED = 10;
  private static final byte LOST = 11;

  /** Flag of a record that carries a message: the body's digest stands before the body. */
  private static final short HAS_MD5 = 1;

  private static final int FLAGS_AT = 2;
  private static final int QUEUE_AT = 4;
  private static final int NOW_AT = 8;
  private static final int START_AT = 16;
  private static final int BY_KIND_AT = 20;

  private static final int PAYLOAD_AT = 20;
  private static final int DELAY_AT = 24;
  private static final int EXTRAS_AT = 28;
  private static final int NUMBER_AT = 32;
  private static final int ID_HIGH_AT = 40;
  private static final int ID_LOW_AT = 48;
  private static final int SENT_MS_AT = 56;
  private static final int MESSAGE_FIXED_BYTES = 64;
  private static final int CARRIED_EXTRA_BYTES = 8;
  private static final int MOVED_EXTRA_BYTES = 24;

  private final ByteBuffer out =
      ByteBuffer.allocateDirect(Journal.RECORD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);

  // Senders repeat: the last one met, as text and as bytes, so that neither is made again.
  private String sender = "";
  private byte[] senderBytes = {};

  // ----------------------------------------------------------------------------------- encoding

  /** The bytes of a send; valid until the next encoding. */
  ByteBuffer encode(
      Event.Sent event, OutgoingMessage message, String senderId, long nowMs, int start) {
    begin(SENT, event.queue(), nowMs, start);
    out.putInt(0) // payload at
        .putInt(event.delaySeconds())
        .putInt(0) // extras
        .putLong(event.number())
        .putLong(event.idHigh())
        .putLong(event.idLow())
        .putLong(nowMs);
    putSender(senderId);
    putText(message.traceHeader());
    putText(message.groupId());
    out.put((byte) message.attributes().size());
    for (MessageAttribute attribute : message.attributes()) {
      putText(attribute.name());
      putText(attribute.dataType());
      out.putInt(attribute.value().length).put(attribute.value());
    }
    byte[] md5 = message.bodyMd5();
    if (md5.length > 0) {
      out.putShort(FLAGS_AT, HAS_MD5).put(md5);
    }
    out.putInt(PAYLOAD_AT, out.position());
    out.put(message.body());
    return out.flip();
  }

  ByteBuffer encode(Event.Received event, long nowMs) {
    begin(RECEIVED, event.queue(), nowMs, event.start());
    out.putLong(event.visibleAtMs()).putInt(event.numbers().length);
    for (int i = 0; i < event.numbers().length; i++) {
      out.putLong(event.numbers()[i]).putInt(event.receiveCounts()[i]);
    }
    return out.flip();
  }

  ByteBuffer encode(Event.Deleted event, long nowMs, int start) {
    begin(DELETED, event.queue(), nowMs, start);
    out.putInt(event.numbers().length);
    for (long number : event.numbers()) {
      out.putLong(number);
    }
    return out.flip();
  }

  ByteBuffer encode(Event.VisibilityChanged event, long nowMs, int start) {
    begin(VISIBILITY, event.queue(), nowMs, start);
    return out.putLong(event.number()).putLong(event.visibleAtMs()).flip();
  }

  ByteBuffer encode(Event.Lost event, long nowMs, int start) {
    begin(LOST, event.queue(), nowMs, start);
    return out.putLong(event.number()).flip();
  }

  ByteBuffer encode(Event.Purged event, long nowMs, int start) {
    begin(PURGED, event.queue(), nowMs, start);
    return out.flip();
  }

  ByteBuffer encode(Event.QueueDeleted event, long nowMs, int start) {
    begin(DELETED_QUEUE, event.queue(), nowMs, start);
    return out.flip();
  }

  ByteBuffer encode(Event.QueueCreated event, long nowMs, int start) {
    begin(CREATED, event.queue(), nowMs, start);
    putText(event.name().value());
    putAttributes(event.attributes());
    return out.flip();
  }

  ByteBuffer encode(Event.AttributesSet event, long nowMs, int start) {
    begin(ATTRIBUTES, event.queue(), nowMs, start);
    putAttributes(event.attributes());
    return out.flip();
  }

  /**
   * The bytes of carrying a message forward.
   *
   * @param record the message's record as it stands
   */
  ByteBuffer encode(Event.Carried event, ByteBuffer record, long nowMs, int start) {
    beginCarrying(
        CARRIED, event.queue(), event.number(), record, CARRIED_EXTRA_BYTES, nowMs, start);
    out.putLong(event.fromPosition());
    return finishCarrying(record);
  }

  /**
   * The bytes of moving a message to another queue.
   *
   * @param record the message's record as it stands
   */
  ByteBuffer encode(Event.Moved event, ByteBuffer record, long nowMs, int start) {
    beginCarrying(
        MOVED, event.target(), event.targetNumber(), record, MOVED_EXTRA_BYTES, nowMs, start);
    out.putInt(event.queue())
        .putInt(event.receiveCount())
        .putLong(event.number())
        .putLong(event.firstReceivedAtMs());
    return finishCarrying(record);
  }

  private void begin(byte kind, int queue, long nowMs, int start) {
    out.clear()
        .put(kind)
        .put(VERSION)
        .putShort((short) 0)
        .putInt(queue)
        .putLong(nowMs)
        .putInt(start);
  }

  private void beginCarrying(
      byte kind, int queue, long number, ByteBuffer record, int extras, long nowMs, int start) {
    int at = record.position();
    int grown = extras - record.getInt(at + EXTRAS_AT);
    begin(kind, queue, nowMs, start);
    out.putShort(FLAGS_AT, record.getShort(at + FLAGS_AT));
    out.putInt(record.getInt(at + PAYLOAD_AT) + grown)
        .putInt(kind == MOVED ? 0 : record.getInt(at + DELAY_AT))
        .putInt(extras)
        .putLong(number)
        .putLong(record.getLong(at + ID_HIGH_AT))
        .putLong(record.getLong(at + ID_LOW_AT))
        .putLong(record.getLong(at + SENT_MS_AT));
  }

  private ByteBuffer finishCarrying(ByteBuffer record) {
    ByteBuffer rest = record.duplicate();
    rest.position(
        record.position() + MESSAGE_FIXED_BYTES + record.getInt(record.position() + EXTRAS_AT));
    return out.put(rest).flip();
  }

  private void putSender(String senderId) {
    if (!senderId.equals(sender)) {
      remember(senderId.getBytes(StandardCharsets.UTF_8), senderId);
    }
    out.putShort((short) senderBytes.length).put(senderBytes);
  }

  private void remember(byte[] bytes, String text) {
    assert bytes.length <= 0xFFFF : "text of " + bytes.length + " bytes";
    sender = text;
    senderBytes = bytes;
  }

  private void putText(String text) {
    int lengthAt = out.position();
    out.putShort((short) 0);
    if (!text.isEmpty()) {
      out.put(text.getBytes(StandardCharsets.UTF_8));
      int length = out.position() - lengthAt - Short.BYTES;
      assert length <= 0xFFFF : "text of " + length + " bytes";
      out.putShort(lengthAt, (short) length);
    }
  }

  private void putAttributes(QueueAttributes attributes) {
    out.putShort((short) attributes.values().size());
    for (Map.Entry<QueueAttribute, String> entry : attributes.values().entrySet()) {
      putText(entry.getKey().wireName());
      byte[] value = entry.getValue().getBytes(StandardCharsets.UTF_8);
      out.putInt(value.length).put(value);
    }
  }

  // ----------------------------------------------------------------------------------- decoding

  /** The now of any event. */
  static long nowMs(ByteBuffer record) {
    return record.getLong(record.position() + NOW_AT);
  }

  /** The run of the engine that made any event. */
  static int start(ByteBuffer record) {
    return record.getInt(record.position() + START_AT);
  }

  /** Whether the record carries a message: its owner is {@link #queue} and {@link #number}. */
  static boolean carriesMessage(ByteBuffer record) {
    byte kind = record.get(record.position());
    return kind == SENT || kind == CARRIED || kind == MOVED;
  }

  static int queue(ByteBuffer record) {
    return record.getInt(record.position() + QUEUE_AT);
  }

  static long number(ByteBuffer record) {
    return record.getLong(record.position() + NUMBER_AT);
  }

  static long idHigh(ByteBuffer record) {
    return record.getLong(record.position() + ID_HIGH_AT);
  }

  static long idLow(ByteBuffer record) {
    return record.getLong(record.position() + ID_LOW_AT);
  }

  /** The event a record holds. */
  static Event decode(ByteBuffer record) {
    int at = record.position();
    byte kind = record.get(at);
    if (record.get(at + 1) != VERSION) {
      throw new UnknownEventException("version " + record.get(at + 1));
    }
    int queue = record.getInt(at + QUEUE_AT);
    ByteBuffer in = record.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    in.position(at + BY_KIND_AT);
    return switch (kind) {
      case SENT ->
          new Event.Sent(
              queue, number(record), idHigh(record), idLow(record), record.getInt(at + DELAY_AT));
      case RECEIVED -> received(queue, record.getInt(at + START_AT), in);
      case DELETED -> deleted(queue, in);
      case VISIBILITY -> new Event.VisibilityChanged(queue, in.getLong(), in.getLong());
      case LOST -> new Event.Lost(queue, in.getLong());
      case PURGED -> new Event.Purged(queue);
      case DELETED_QUEUE -> new Event.QueueDeleted(queue);
      case CREATED -> new Event.QueueCreated(queue, new QueueName(getText(in)), getAttributes(in));
      case ATTRIBUTES -> new Event.AttributesSet(queue, getAttributes(in));
      case CARRIED ->
          new Event.Carried(queue, number(record), record.getLong(at + MESSAGE_FIXED_BYTES));
      case MOVED -> {
        in.position(at + MESSAGE_FIXED_BYTES);
        int source = in.getInt();
        int receiveCount = in.getInt();
        long sourceNumber = in.getLong();
        long firstReceivedAtMs = in.getLong();
        yield new Event.Moved(
            source,
            sourceNumber,
            queue,
            number(record),
            idHigh(record),
            idLow(record),
            record.getLong(at + SENT_MS_AT),
            receiveCount,
            firstReceivedAtMs);
      }
      default -> throw new UnknownEventException("kind " + kind);
    };
  }

  private static Event received(int queue, int start, ByteBuffer in) {
    long visibleAtMs = in.getLong();
    int count = in.getInt();
    long[] numbers = new long[count];
    int[] receiveCounts = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = in.getLong();
      receiveCounts[i] = in.getInt();
    }
    return new Event.Received(queue, start, visibleAtMs, numbers, receiveCounts);
  }

  private static Event deleted(int queue, ByteBuffer in) {
    long[] numbers = new long[in.getInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.getLong();
    }
    return new Event.Deleted(queue, numbers);
  }

  /** What a receiver sees of the message a record carries; the record is read to its end. */
  ReceivedMessage message(
      ByteBuffer record,
      String receiptHandle,
      int receiveCount,
      long firstReceivedAtMs,
      String deadLetterSourceArn) {
    int at = record.position();
    record.position(at + MESSAGE_FIXED_BYTES + record.getInt(at + EXTRAS_AT));
    String senderId = getSender(record);
    String traceHeader = getText(record);
    String groupId = getText(record);
    int attributeCount = record.get() & 0xFF;
    List<MessageAttribute> attributes =
        attributeCount == 0 ? List.of() : new ArrayList<>(attributeCount);
    for (int i = 0; i < attributeCount; i++) {
      String name = getText(record);
      String type = getText(record);
      byte[] value = new byte[record.getInt()];
      record.get(value);
      attributes.add(new MessageAttribute(name, type, value));
    }
    byte[] md5 = OutgoingMessage.NO_MD5;
    if ((record.getShort(at + FLAGS_AT) & HAS_MD5) != 0) {
      md5 = new byte[OutgoingMessage.MD5_BYTES];
      record.get(md5);
    }
    record.position(at + record.getInt(at + PAYLOAD_AT));
    byte[] body = new byte[record.remaining()];
    record.get(body);
    return new ReceivedMessage(
        new UUID(record.getLong(at + ID_HIGH_AT), record.getLong(at + ID_LOW_AT)),
        receiptHandle,
        body,
        md5,
        attributes,
        senderId,
        record.getLong(at + SENT_MS_AT),
        firstReceivedAtMs,
        receiveCount,
        traceHeader,
        groupId,
        deadLetterSourceArn);
  }

  private String getSender(ByteBuffer in) {
    int length = in.getShort(in.position()) & 0xFFFF;
    if (!isRemembered(in, in.position() + Short.BYTES, length)) {
      byte[] bytes = new byte[length];
      in.get(in.position() + Short.BYTES, bytes);
      remember(bytes, new String(bytes, StandardCharsets.UTF_8));
    }
    in.position(in.position() + Short.BYTES + length);
    return sender;
  }

  private boolean isRemembered(ByteBuffer in, int from, int length) {
    if (length != senderBytes.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (in.get(from + i) != senderBytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static String getText(ByteBuffer in) {
    int length = in.getShort() & 0xFFFF;
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static QueueAttributes getAttributes(ByteBuffer in) {
    int count = in.getShort();
    EnumMap<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
    for (int i = 0; i < count; i++) {
      String name = getText(in);
      byte[] value = new byte[in.getInt()];
      in.get(value);
      QueueAttribute attribute =
          QueueAttribute.named(name)
              .orElseThrow(() -> new UnknownEventException("queue attribute " + name));
      values.put(attribute, new String(value, StandardCharsets.UTF_8));
    }
    return QueueAttributes.restored(values);
  }
}
