package io.millrace.chaos.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries as bytes, version {@link #VERSION}. Big-endian.
 *
 * <pre>
 * file   | "MLRHIST\n" 8 B | version u16 | zero u16 | session u32 | origin nanoTime i64 | origin wall clock ms i64 |
 *        then records until the end record
 *
 * record | length u32 | crc32c u32 | kind u8 | ending u8 | session u32 | invoked i64 | returned i64 | reason text | ... |
 *          length and crc32c are those of everything from kind on
 *
 * text   | bytes u16 | UTF-8 |
 * SEND    1 ... | attempt i64 | order i64 | intended i64 | delay ms i32 | message id 16 B | digests agree u8 |
 * RECEIVE 2 ... | wait ms i32 | visibility ms i32 | max u8 | count u8 | count deliveries |
 *               delivery | attempt i64 | message id 16 B | handle 16 B | receive count i32 | sent at ms i64
 *                        | first received at ms i64 | damage bits u8 |
 * DELETE  3 ... | attempt i64 | handle 16 B | batch i32 |
 * EVENT   4 ... | event code u16 | detail text |
 * END     5       (kind alone: the writer was closed)
 * </pre>
 *
 * <p>Kinds are never reused. A reader that meets one it does not know stops with an error, since a
 * judgement on half of a history is worth nothing.
 */
final class EntryCodec {

  static final byte[] MAGIC = "MLRHIST\n".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int FILE_HEAD_BYTES = 8 + 2 + 2 + 4 + 8 + 8;
  static final int RECORD_HEAD_BYTES = 4 + 4;

  /** More than the largest entry: ten deliveries and a long reason. */
  static final int RECORD_BYTES_MAX = 4_096;

  static final byte END = 5;

  private static final byte SEND = 1;
  private static final byte RECEIVE = 2;
  private static final byte DELETE = 3;
  private static final byte EVENT = 4;
  private static final int TEXT_BYTES_MAX = 1_024;

  private EntryCodec() {}

  /** Puts an entry, without the record's head. */
  static void encode(Entry entry, ByteBuffer out) {
    out.put(kindOf(entry)).put((byte) entry.ending().code()).putInt(entry.session());
    out.putLong(entry.invokedNs()).putLong(entry.returnedNs());
    putText(entry.reason(), out);
    if (entry instanceof Entry.Send send) {
      out.putLong(send.attempt()).putLong(send.order()).putLong(send.intendedNs());
      out.putInt(send.delayMs());
      put(send.messageId(), out);
      out.put((byte) (send.digestsAgree() ? 1 : 0));
    } else if (entry instanceof Entry.Receive receive) {
      out.putInt(receive.waitMs()).putInt(receive.visibilityMs()).put((byte) receive.max());
      out.put((byte) receive.deliveries().size());
      for (Delivery delivery : receive.deliveries()) {
        put(delivery, out);
      }
    } else if (entry instanceof Entry.Delete delete) {
      out.putLong(delete.attempt());
      put(delete.handle(), out);
      out.putInt(delete.batch());
    } else if (entry instanceof Entry.Event event) {
      out.putShort((short) event.kind().code());
      putText(event.detail(), out);
    }
  }

  /** Takes what {@link #encode} put, to the buffer's limit. */
  static Entry decode(ByteBuffer in) {
    byte kind = in.get();
    Ending ending = Ending.ofCode(in.get());
    int session = in.getInt();
    long invokedNs = in.getLong();
    long returnedNs = in.getLong();
    String reason = getText(in);
    return switch (kind) {
      case SEND ->
          new Entry.Send(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getInt(),
              getFingerprint(in),
              in.get() == 1);
      case RECEIVE -> {
        int waitMs = in.getInt();
        int visibilityMs = in.getInt();
        int max = in.get();
        int count = in.get();
        List<Delivery> deliveries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          deliveries.add(getDelivery(in));
        }
        yield new Entry.Receive(
            session, invokedNs, returnedNs, ending, reason, waitMs, visibilityMs, max, deliveries);
      }
      case DELETE ->
          new Entry.Delete(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getLong(),
              getFingerprint(in),
              in.getInt());
      case EVENT ->
          new Entry.Event(
              session, invokedNs, returnedNs, EventKind.ofCode(in.getShort()), getText(in));
      default -> throw new IllegalArgumentException("no entry is of kind " + kind);
    };
  }

  private static byte kindOf(Entry entry) {
    if (entry instanceof Entry.Send) {
      return SEND;
    } else if (entry instanceof Entry.Receive) {
      return RECEIVE;
    } else if (entry instanceof Entry.Delete) {
      return DELETE;
    }
    return EVENT;
  }

  private static void put(Delivery delivery, ByteBuffer out) {
    out.putLong(delivery.attempt());
    put(delivery.messageId(), out);
    put(delivery.handle(), out);
    out.putInt(delivery.receiveCount()).putLong(delivery.sentAtMs());
    out.putLong(delivery.firstReceivedAtMs()).put((byte) Damage.toBits(delivery.damage()));
  }

  private static Delivery getDelivery(ByteBuffer in) {
    return new Delivery(
        in.getLong(),
        getFingerprint(in),
        getFingerprint(in),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        Damage.ofBits(in.get()));
  }

  private static void put(Fingerprint fingerprint, ByteBuffer out) {
    out.putLong(fingerprint.high()).putLong(fingerprint.low());
  }

  private static Fingerprint getFingerprint(ByteBuffer in) {
    long high = in.getLong();
    long low = in.getLong();
    return high == 0 && low == 0 ? Fingerprint.NONE : new Fingerprint(high, low);
  }

  private static void putText(String text, ByteBuffer out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, TEXT_BYTES_MAX);
    out.putShort((short) length).put(bytes, 0, length);
  }

  private static String getText(ByteBuffer in) {
    int length = in.getShort();
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
