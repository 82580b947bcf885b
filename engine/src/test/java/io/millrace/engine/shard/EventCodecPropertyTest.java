package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Whatever an event says comes back from its bytes. */
class EventCodecPropertyTest {

  private static final ByteBuffer NO_RECORD = ByteBuffer.allocate(0);

  private final EventRecords records = new EventRecords();

  /** A message as it is sent, with what is not part of it. */
  private record Sending(Event.Sent event, OutgoingMessage message, String senderId) {}

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE) // the extremes are in the arbitraries
  void anEventWithoutAMessageComesBackWhole(
      @ForAll("eventsWithoutMessage") Event event, @ForAll long nowMs, @ForAll int start) {
    int itsStart = event instanceof Event.Received received ? received.start() : start;
    ByteBuffer record = records.encode(event, NO_RECORD, nowMs, itsStart);
    assertThat(EventCodec.decode(record)).usingRecursiveComparison().isEqualTo(event);
    assertThat(EventCodec.queue(record)).isEqualTo(event.queue());
    assertThat(EventCodec.nowMs(record)).isEqualTo(nowMs);
    assertThat(EventCodec.start(record)).isEqualTo(itsStart);
    assertThat(EventCodec.carriesMessage(record)).isFalse();
    Statistics.label("kind").collect(event.getClass().getSimpleName());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE) // the extremes are in the arbitraries
  void aMessageKeepsEverythingThroughCarriesAndMoves(
      @ForAll("sendings") Sending sending,
      @ForAll long sentAtMs,
      @ForAll("ways") List<Boolean> moves,
      @ForAll int otherQueue,
      @ForAll long otherNumber,
      @ForAll long other) {
    Event.Sent sent = sending.event();
    ByteBuffer record =
        records.encodeSent(sent, sending.message(), sending.senderId(), sentAtMs, 1);
    assertThat(EventCodec.decode(record)).isEqualTo(sent);
    ReceivedMessage expected =
        new ReceivedMessage(
            new UUID(sent.idHigh(), sent.idLow()),
            "receipt",
            sending.message().body(),
            sending.message().bodyMd5(),
            sending.message().attributes(),
            sending.senderId(),
            sentAtMs,
            77,
            3,
            sending.message().traceHeader(),
            sending.message().groupId(),
            "arn");
    checkMessage(record, expected, sent.queue(), sent.number());
    int queue = sent.queue();
    long number = sent.number();
    for (boolean move : moves) {
      Event event;
      if (move) {
        event =
            new Event.Moved(
                queue,
                number,
                otherQueue,
                otherNumber,
                sent.idHigh(),
                sent.idLow(),
                sentAtMs,
                (int) other,
                other);
        queue = otherQueue;
        number = otherNumber;
      } else {
        event = new Event.Carried(queue, number, other);
      }
      record = records.encode(event, record, other, 2);
      assertThat(EventCodec.decode(record)).isEqualTo(event);
      assertThat(EventCodec.nowMs(record)).isEqualTo(other);
      checkMessage(record, expected, queue, number);
    }
    Statistics.label("moves").collect(moves.contains(true));
    Statistics.label("attributes").collect(!sending.message().attributes().isEmpty());
  }

  private static void checkMessage(
      ByteBuffer record, ReceivedMessage expected, int queue, long number) {
    assertThat(EventCodec.carriesMessage(record)).isTrue();
    assertThat(EventCodec.queue(record)).isEqualTo(queue);
    assertThat(EventCodec.number(record)).isEqualTo(number);
    assertThat(EventCodec.idLow(record)).isEqualTo(expected.id().getLeastSignificantBits());
    assertThat(EventCodec.idHigh(record)).isEqualTo(expected.id().getMostSignificantBits());
    ReceivedMessage message = EventRecords.message(record);
    assertThat(message.body()).isEqualTo(expected.body());
    assertThat(facts(message)).isEqualTo(facts(expected));
  }

  /** Everything but the body, as text. */
  private static String facts(ReceivedMessage message) {
    StringBuilder text = new StringBuilder();
    for (MessageAttribute attribute : message.attributes()) {
      text.append(attribute.name()).append('\n').append(attribute.dataType()).append('\n');
      text.append(HexFormat.of().formatHex(attribute.value())).append('\n');
    }
    return text.append(message.id())
        .append('\n')
        .append(message.receiptHandle())
        .append('\n')
        .append(message.senderId())
        .append('\n')
        .append(message.sentAtMs())
        .append('\n')
        .append(message.firstReceivedAtMs())
        .append('\n')
        .append(message.receiveCount())
        .append('\n')
        .append(message.traceHeader())
        .append('\n')
        .append(message.groupId())
        .append('\n')
        .append(message.deadLetterSourceArn())
        .toString();
  }

  // ------------------------------------------------------------------------------------ arbitrary

  @Provide
  Arbitrary<Event> eventsWithoutMessage() {
    Arbitrary<Integer> ints = ints();
    Arbitrary<Long> longs = longs();
    Arbitrary<long[]> numbers = longs.array(long[].class).ofMinSize(0).ofMaxSize(10);
    return Arbitraries.oneOf(
        Combinators.combine(ints, names(), attributes())
            .as((queue, name, attributes) -> new Event.QueueCreated(queue, name, attributes)),
        Combinators.combine(ints, attributes()).as(Event.AttributesSet::new),
        ints.map(Event.QueueDeleted::new),
        ints.map(Event.Purged::new),
        Combinators.combine(ints, ints, longs, numbers, ints)
            .as(
                (queue, start, visibleAtMs, taken, count) -> {
                  int[] counts = new int[taken.length];
                  Arrays.setAll(counts, i -> count + i);
                  return new Event.Received(queue, start, visibleAtMs, taken, counts);
                }),
        Combinators.combine(ints, numbers).as(Event.Deleted::new),
        Combinators.combine(ints, longs, longs).as(Event.VisibilityChanged::new),
        Combinators.combine(ints, longs).as(Event.Lost::new));
  }

  @Provide
  Arbitrary<Sending> sendings() {
    Arbitrary<Event.Sent> events =
        Combinators.combine(
                ints(),
                longs(),
                longs(),
                longs(),
                Arbitraries.integers().between(0, Limits.DELAY_SECONDS_MAX))
            .as(Event.Sent::new);
    Arbitrary<byte[]> bodies =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(200)),
            Tuple.of(1, Arbitraries.just(new byte[Limits.CURRENT.messageBytesMax()])));
    Arbitrary<OutgoingMessage> messages =
        Combinators.combine(
                bodies,
                messageAttributes().list().ofMaxSize(Limits.MESSAGE_ATTRIBUTES_MAX),
                texts(Limits.TRACE_HEADER_BYTES_MAX),
                texts(128),
                digests())
            .as(
                (body, attributes, trace, group, md5) ->
                    new OutgoingMessage(
                        body, attributes, OutgoingMessage.QUEUE_DELAY, trace, group, md5));
    return Combinators.combine(events, messages, texts(128)).as(Sending::new);
  }

  private static Arbitrary<byte[]> digests() {
    return Arbitraries.oneOf(
        Arbitraries.just(OutgoingMessage.NO_MD5),
        Arbitraries.bytes().array(byte[].class).ofSize(OutgoingMessage.MD5_BYTES));
  }

  @Provide
  Arbitrary<List<Boolean>> ways() {
    return Arbitraries.of(true, false).list().ofMaxSize(5);
  }

  private static Arbitrary<Integer> ints() {
    return Arbitraries.oneOf(
        Arbitraries.integers(), Arbitraries.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE));
  }

  private static Arbitrary<Long> longs() {
    return Arbitraries.oneOf(
        Arbitraries.longs(), Arbitraries.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
  }

  private static Arbitrary<MessageAttribute> messageAttributes() {
    return Combinators.combine(
            texts(256),
            texts(256),
            Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(300))
        .as(MessageAttribute::new);
  }

  private static Arbitrary<QueueName> names() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('0', '9')
        .withChars("_-Z")
        .ofMinLength(1)
        .ofMaxLength(QueueName.LENGTH_MAX)
        .map(QueueName::new);
  }

  /** The five numbers that are always there, and any of the others with any text. */
  private static Arbitrary<QueueAttributes> attributes() {
    Arbitrary<Map<QueueAttribute, String>> others =
        Arbitraries.maps(
            Arbitraries.of(
                QueueAttribute.POLICY,
                QueueAttribute.REDRIVE_ALLOW_POLICY,
                QueueAttribute.KMS_MASTER_KEY_ID,
                QueueAttribute.SQS_MANAGED_SSE_ENABLED),
            Arbitraries.oneOf(texts(70_000)));
    Arbitrary<Integer> numbers = Arbitraries.integers().greaterOrEqual(0);
    return Combinators.combine(numbers, numbers, others, Arbitraries.of(true, false))
        .as(
            (one, two, texts, redrive) -> {
              EnumMap<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
              values.putAll(texts);
              values.put(QueueAttribute.VISIBILITY_TIMEOUT, Integer.toString(one));
              values.put(QueueAttribute.DELAY_SECONDS, Integer.toString(two));
              values.put(QueueAttribute.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "0");
              values.put(QueueAttribute.MESSAGE_RETENTION_PERIOD, Integer.toString(two));
              values.put(QueueAttribute.MAXIMUM_MESSAGE_SIZE, Integer.toString(one));
              if (redrive) {
                values.put(
                    QueueAttribute.REDRIVE_POLICY, new RedrivePolicy("arn:any", 1_000).toJson());
              }
              return QueueAttributes.restored(values);
            });
  }

  /**
   * Empty, of one byte a character or of more, beyond the first plane, and as long as it may be.
   */
  private static Arbitrary<String> texts(int bytesMax) {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just("")),
        Tuple.of(4, Arbitraries.strings().ascii().ofMaxLength(40)),
        Tuple.of(4, Arbitraries.strings().withCharRange('\0', '\ud7ff').ofMaxLength(40)),
        Tuple.of(2, Arbitraries.just("🌊é")),
        Tuple.of(1, Arbitraries.just("x".repeat(bytesMax))));
  }
}
