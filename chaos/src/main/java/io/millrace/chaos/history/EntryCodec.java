package io.millrace.chaos.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entries as bytes, version {@link #VERSION}. Big-endian.
 *
 * <pre>
 * file   | "MLRHIST\n" 8 B | version u16 | zero u16 | session u32 | origin nanoTime i64 | origin wall clock ms i64 |
 *        then records until the end record
 *
 * record | length u32 | crc32c u32 | kind u8 | body |
 *          length and crc32c are those of everything from kind on
 *
 * body of every kind but END begins
 *        | ending u8 | session u32 | invoked i64 | returned i64 | reason text |
 * text   | bytes u16 | UTF-8 |
 *
 * SEND       6 ... | attempt i64 | order i64 | intended i64 | delay ms i32 | message id 16 B | digests agree u8
 *                  | queue i32 | batch i32 |
 * RECEIVE    7 ... | wait ms i32 | visibility ms i32 | max u8 | count u8 | count deliveries | queue i32 |
 *        delivery  | attempt i64 | message id 16 B | handle 16 B | receive count i32 | sent at ms i64
 *                  | first received at ms i64 | damage bits u8 |
 * DELETE     8 ... | attempt i64 | handle 16 B | batch i32 | queue i32 |
 * VISIBILITY 9 ... | attempt i64 | handle 16 B | visibility ms i32 | batch i32 | queue i32 |
 * BATCH     10 ... | queue i32 | batch i32 | size u8 | distinct ids u8 | successful u8 | failed u8 | stray u8 |
 * PURGE     11 ... | queue i32 |
 * COUNTS    12 ... | queue i32 | visible i64 | in flight i64 | delayed i64 |
 * QUEUE     13 ... | change u8 | queue i32 | name text | visibility ms i32 | delay ms i32 | wait ms i32
 *                  | retention ms i64 | receives max i32 | dead-letter queue i32 | in flight max i32 |
 * TARGET    14 ... | survival u8 | name text |
 * EVENT      4 ... | event code u16 | detail text |
 * FAULT     15 ... | id i32 | fault code u16 | phase u8 | queue i32 | message id 16 B | target text | detail text |
 * END       16     | longest i64 |  the writer was closed; the longest operation of the log in ns
 *
 * Version 1 wrote SEND 1, RECEIVE 2 and DELETE 3 without queue (and SEND without batch), EVENT 4, and END 5 without a
 * body. All are still read, with the first queue.
 * </pre>
 *
 * <p>Kinds are never reused. A reader that meets one it does not know stops with an error, since a
 * judgement on half of a history is worth nothing.
 */
final class EntryCodec {

  static final byte[] MAGIC = "MLRHIST\n".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 2;
  static final int FIRST_VERSION = 1;
  static final int FILE_HEAD_BYTES = 8 + 2 + 2 + 4 + 8 + 8;
  static final int RECORD_HEAD_BYTES = 4 + 4;
  static final int END_RECORD_BYTES = RECORD_HEAD_BYTES + 1 + 8;

  /** More than the largest entry: ten deliveries, or three long texts. */
  static final int RECORD_BYTES_MAX = 4_096;

  static final byte END_V1 = 5;
  static final byte END = 16;

  private static final byte SEND_V1 = 1;
  private static final byte RECEIVE_V1 = 2;
  private static final byte DELETE_V1 = 3;
  private static final byte EVENT = 4;
  private static final byte SEND = 6;
  private static final byte RECEIVE = 7;
  private static final byte DELETE = 8;
  private static final byte VISIBILITY = 9;
  private static final byte BATCH = 10;
  private static final byte PURGE = 11;
  private static final byte COUNTS = 12;
  private static final byte QUEUE = 13;
  private static final byte TARGET = 14;
  private static final byte FAULT = 15;
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
      out.put((byte) (send.digestsAgree() ? 1 : 0)).putInt(send.queue()).putInt(send.batch());
    } else if (entry instanceof Entry.Receive receive) {
      out.putInt(receive.waitMs()).putInt(receive.visibilityMs()).put((byte) receive.max());
      out.put((byte) receive.deliveries().size());
      for (Delivery delivery : receive.deliveries()) {
        put(delivery, out);
      }
      out.putInt(receive.queue());
    } else if (entry instanceof Entry.Delete delete) {
      out.putLong(delete.attempt());
      put(delete.handle(), out);
      out.putInt(delete.batch()).putInt(delete.queue());
    } else if (entry instanceof Entry.Visibility change) {
      out.putLong(change.attempt());
      put(change.handle(), out);
      out.putInt(change.visibilityMs()).putInt(change.batch()).putInt(change.queue());
    } else {
      encodeRare(entry, out);
    }
  }

  private static void encodeRare(Entry entry, ByteBuffer out) {
    if (entry instanceof Entry.Batch batch) {
      out.putInt(batch.queue()).putInt(batch.batch());
      out.put((byte) batch.size()).put((byte) batch.distinctIds()).put((byte) batch.successful());
      out.put((byte) batch.failed()).put((byte) batch.stray());
    } else if (entry instanceof Entry.Purge purge) {
      out.putInt(purge.queue());
    } else if (entry instanceof Entry.Counts counts) {
      out.putInt(counts.queue()).putLong(counts.visible()).putLong(counts.inFlight());
      out.putLong(counts.delayed());
    } else if (entry instanceof Entry.Queue queue) {
      out.put((byte) queue.change().code()).putInt(queue.queue());
      putText(queue.name(), out);
      QueueSettings settings = queue.settings();
      out.putInt(settings.visibilityMs()).putInt(settings.delayMs()).putInt(settings.waitMs());
      out.putLong(settings.retentionMs()).putInt(settings.maxReceiveCount());
      out.putInt(settings.deadLetterQueue()).putInt(settings.inFlightMax());
    } else if (entry instanceof Entry.Target target) {
      out.put((byte) target.survival().code());
      putText(target.name(), out);
    } else if (entry instanceof Entry.Event event) {
      out.putShort((short) event.kind().code());
      putText(event.detail(), out);
    } else if (entry instanceof Entry.Fault fault) {
      out.putInt(fault.id()).putShort((short) fault.kind().code());
      out.put((byte) fault.phase().code()).putInt(fault.queue());
      put(fault.message(), out);
      putText(fault.target(), out);
      putText(fault.detail(), out);
    } else {
      throw new AssertionError("no layout for " + entry);
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
      case SEND, SEND_V1 ->
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
              in.get() == 1,
              kind == SEND ? in.getInt() : Entry.FIRST_QUEUE,
              kind == SEND ? in.getInt() : Entry.ALONE);
      case RECEIVE, RECEIVE_V1 -> {
        int waitMs = in.getInt();
        int visibilityMs = in.getInt();
        int max = in.get();
        List<Delivery> deliveries = getDeliveries(in);
        int queue = kind == RECEIVE ? in.getInt() : Entry.FIRST_QUEUE;
        yield new Entry.Receive(
            session,
            invokedNs,
            returnedNs,
            ending,
            reason,
            waitMs,
            visibilityMs,
            max,
            deliveries,
            queue);
      }
      case DELETE, DELETE_V1 ->
          new Entry.Delete(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getLong(),
              getFingerprint(in),
              in.getInt(),
              kind == DELETE ? in.getInt() : Entry.FIRST_QUEUE);
      case VISIBILITY ->
          new Entry.Visibility(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getLong(),
              getFingerprint(in),
              in.getInt(),
              in.getInt(),
              in.getInt());
      default -> decodeRare(kind, session, invokedNs, returnedNs, ending, reason, in);
    };
  }

  private static Entry decodeRare(
      byte kind,
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      ByteBuffer in) {
    return switch (kind) {
      case BATCH ->
          new Entry.Batch(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getInt(),
              in.getInt(),
              in.get() & 0xff,
              in.get() & 0xff,
              in.get() & 0xff,
              in.get() & 0xff,
              in.get() & 0xff);
      case PURGE -> new Entry.Purge(session, invokedNs, returnedNs, ending, reason, in.getInt());
      case COUNTS ->
          new Entry.Counts(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              in.getInt(),
              in.getLong(),
              in.getLong(),
              in.getLong());
      case QUEUE ->
          new Entry.Queue(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              Entry.QueueChange.ofCode(in.get()),
              in.getInt(),
              getText(in),
              new QueueSettings(
                  in.getInt(),
                  in.getInt(),
                  in.getInt(),
                  in.getLong(),
                  in.getInt(),
                  in.getInt(),
                  in.getInt()));
      case TARGET -> {
        Survival survival = Survival.ofCode(in.get());
        yield new Entry.Target(session, invokedNs, getText(in), survival);
      }
      case EVENT ->
          new Entry.Event(
              session, invokedNs, returnedNs, EventKind.ofCode(in.getShort()), getText(in));
      case FAULT ->
          new Entry.Fault(
              session,
              invokedNs,
              returnedNs,
              in.getInt(),
              FaultKind.ofCode(in.getShort()),
              FaultPhase.ofCode(in.get()),
              in.getInt(),
              getFingerprint(in),
              getText(in),
              getText(in));
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
    } else if (entry instanceof Entry.Visibility) {
      return VISIBILITY;
    } else if (entry instanceof Entry.Batch) {
      return BATCH;
    } else if (entry instanceof Entry.Purge) {
      return PURGE;
    } else if (entry instanceof Entry.Counts) {
      return COUNTS;
    } else if (entry instanceof Entry.Queue) {
      return QUEUE;
    } else if (entry instanceof Entry.Target) {
      return TARGET;
    } else if (entry instanceof Entry.Fault) {
      return FAULT;
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

  private static List<Delivery> getDeliveries(ByteBuffer in) {
    int count = in.get();
    if (count == 0) {
      return List.of();
    }
    List<Delivery> deliveries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      deliveries.add(getDelivery(in));
    }
    return deliveries;
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
    if (text.isEmpty()) {
      out.putShort((short) 0);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > TEXT_BYTES_MAX) {
      bytes = Arrays.copyOf(bytes, startOfCharacter(bytes, TEXT_BYTES_MAX));
    }
    out.putShort((short) bytes.length).put(bytes);
  }

  /** The last place at or before an index where a character of UTF-8 begins. */
  private static int startOfCharacter(byte[] bytes, int index) {
    int start = index;
    while (start > 0 && (bytes[start] & 0xc0) == 0x80) {
      start--;
    }
    return start;
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
