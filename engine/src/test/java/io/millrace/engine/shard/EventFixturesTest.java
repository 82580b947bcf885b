package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events as bytes that were written once and must be read for ever. The bytes were made from the
 * layout drawn in {@link EventCodec}, not by it.
 *
 * <p>A new kind of event, or a new version of one, gets a section of its own here; what stands here
 * does not change.
 */
class EventFixturesTest {

  private static final long NOW_MS = 1_700_000_000_123L;
  private static final int START = 7;
  private static final long ID_HIGH = 0x0123_4567_89AB_4DEFL;
  private static final long ID_LOW = 0x8123_4567_89AB_CDEFL;
  private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793";
  private static final byte[] BODY = "héllo 🌊".getBytes(StandardCharsets.UTF_8);
  private static final OutgoingMessage MESSAGE =
      new OutgoingMessage(
          BODY,
          List.of(
              new MessageAttribute("größe", "Number.int", "42".getBytes(StandardCharsets.UTF_8)),
              new MessageAttribute("raw", "Binary", new byte[] {0, -1, -128})),
          900,
          TRACE,
          "group-1");
  private static final OutgoingMessage PLAIN = OutgoingMessage.of("x");
  private static final byte[] MD5_OF_X =
      HexFormat.of().parseHex("9dd4e461268c8034f5c8564e155c67a6");

  private static final Map<String, byte[]> FIXTURES = read();

  private final EventRecords records = new EventRecords();

  /** One fixture: its name, the event it holds, and how to write it anew. */
  private record Fixture(String name, Event event, long nowMs, int start, String carries) {}

  private static Stream<Fixture> fixtures() {
    Event.Sent sent = new Event.Sent(3, 42, ID_HIGH, ID_LOW, 900);
    return Stream.of(
        now("QueueCreated", new Event.QueueCreated(3, new QueueName("orders_-9"), everything())),
        now("AttributesSet", new Event.AttributesSet(3, numbersAlone())),
        now("QueueDeleted", new Event.QueueDeleted(3)),
        now("Purged", new Event.Purged(Integer.MAX_VALUE)),
        now("Sent", sent),
        now("Sent.plain", new Event.Sent(3, 1, ID_HIGH, ID_LOW, 0)),
        now("Sent.digest", new Event.Sent(3, 1, ID_HIGH, ID_LOW, 0)),
        now(
            "Received",
            new Event.Received(
                3, START, NOW_MS + 30_000, new long[] {42, 1L << 40}, new int[] {1, 1_000})),
        now("Received.none", new Event.Received(3, START, NOW_MS, new long[0], new int[0])),
        now("Deleted", new Event.Deleted(3, new long[] {42, Long.MAX_VALUE})),
        now("VisibilityChanged", new Event.VisibilityChanged(3, 42, NOW_MS + 43_200_000)),
        new Fixture(
            "Moved",
            new Event.Moved(3, 42, 5, 17, ID_HIGH, ID_LOW, NOW_MS, 6, NOW_MS - 60_000),
            NOW_MS + 99,
            8,
            "Sent"),
        new Fixture("Carried", new Event.Carried(3, 42, (9L << 40) | 64), NOW_MS + 99, 8, "Sent"),
        new Fixture(
            "Carried.moved",
            new Event.Carried(5, 17, (9L << 40) | 1_024),
            NOW_MS + 199,
            9,
            "Moved"),
        new Fixture(
            "Moved.carried",
            new Event.Moved(3, 42, 5, 17, ID_HIGH, ID_LOW, NOW_MS, 2, 0),
            NOW_MS + 199,
            9,
            "Carried"),
        new Fixture(
            "Moved.digest",
            new Event.Moved(3, 1, 5, 17, ID_HIGH, ID_LOW, NOW_MS, 2, 0),
            NOW_MS + 99,
            8,
            "Sent.digest"),
        new Fixture(
            "Carried.digest",
            new Event.Carried(5, 17, (9L << 40) | 64),
            NOW_MS + 199,
            9,
            "Moved.digest"),
        now("Lost", new Event.Lost(3, 42)));
  }

  private static Fixture now(String name, Event event) {
    return new Fixture(name, event, NOW_MS, START, "");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void whatWasWrittenOnceIsStillRead(Fixture fixture) {
    ByteBuffer record = record(fixture.name());
    assertThat(EventCodec.decode(record)).usingRecursiveComparison().isEqualTo(fixture.event());
    assertThat(EventCodec.nowMs(record)).isEqualTo(fixture.nowMs());
    assertThat(EventCodec.start(record)).isEqualTo(fixture.start());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void theSameEventIsWrittenAsTheSameBytes(Fixture fixture) {
    assertThat(HexFormat.of().formatHex(bytes(write(fixture))))
        .isEqualTo(HexFormat.of().formatHex(bytes(record(fixture.name()))));
  }

  private ByteBuffer write(Fixture fixture) {
    if (fixture.event() instanceof Event.Sent sent) {
      OutgoingMessage message =
          switch (fixture.name()) {
            case "Sent.plain" -> PLAIN;
            case "Sent.digest" -> new OutgoingMessage(PLAIN.body(), List.of(), 0, "", "", MD5_OF_X);
            default -> MESSAGE;
          };
      String sender = message.attributes().isEmpty() ? "" : "AIDA-sender";
      return records.encodeSent(sent, message, sender, NOW_MS, START);
    }
    ByteBuffer carried = record(fixture.carries().isEmpty() ? "Sent" : fixture.carries());
    return records.encode(fixture.event(), carried, fixture.nowMs(), fixture.start());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sent", "Moved", "Carried", "Carried.moved", "Moved.carried"})
  void theMessageInARecordIsReadWhateverItWentThrough(String name) {
    ByteBuffer record = record(name);
    assertThat(EventCodec.carriesMessage(record)).isTrue();
    ReceivedMessage message = EventRecords.message(record);
    assertThat(message)
        .usingRecursiveComparison()
        .isEqualTo(
            new ReceivedMessage(
                new UUID(ID_HIGH, ID_LOW),
                "receipt",
                BODY,
                OutgoingMessage.NO_MD5,
                MESSAGE.attributes(),
                "AIDA-sender",
                NOW_MS,
                77,
                3,
                TRACE,
                "group-1",
                "arn"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sent.digest", "Moved.digest", "Carried.digest"})
  void theDigestOfABodyIsReadWhateverItWentThrough(String name) {
    ReceivedMessage message = EventRecords.message(record(name));
    assertThat(message.body()).isEqualTo(PLAIN.body());
    assertThat(message.bodyMd5()).isEqualTo(MD5_OF_X);
  }

  @Test
  void everyKindOfEventHasAFixtureAndEveryFixtureIsATest() {
    assertThat(FIXTURES.keySet().stream().map(name -> name.replaceAll("[.].*", "")))
        .as("a new kind of event gets its bytes committed")
        .containsAll(
            Stream.of(Event.class.getPermittedSubclasses()).map(Class::getSimpleName).toList());
    assertThat(fixtures().map(Fixture::name)).containsExactlyElementsOf(FIXTURES.keySet());
    fixtures()
        .forEach(
            fixture ->
                assertThat(fixture.name()).startsWith(fixture.event().getClass().getSimpleName()));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void anUnknownVersionIsRefusedByName(Fixture fixture) {
    for (int version : new int[] {0, 2, 127, -1}) {
      ByteBuffer record = record(fixture.name());
      record.put(record.position() + 1, (byte) version);
      assertThatThrownBy(() -> EventCodec.decode(record))
          .isInstanceOf(UnknownEventException.class)
          .hasMessageContaining("version " + version);
    }
  }

  @Test
  void anUnknownKindIsRefusedByName() {
    Map<Byte, String> known =
        FIXTURES.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getValue()[0], Map.Entry::getKey, (one, other) -> one));
    for (int kind = Byte.MIN_VALUE; kind <= Byte.MAX_VALUE; kind++) {
      if (!known.containsKey((byte) kind)) {
        ByteBuffer record = record("Sent");
        record.put(record.position(), (byte) kind);
        assertThatThrownBy(() -> EventCodec.decode(record))
            .isInstanceOf(UnknownEventException.class)
            .hasMessageContaining("kind " + kind);
      }
    }
  }

  @Test
  void anUnknownQueueAttributeIsRefusedByName() {
    ByteBuffer record = record("AttributesSet");
    int at = record.position() + 20 + Short.BYTES + Short.BYTES;
    assertThat(record.get(at)).isEqualTo((byte) 'V');
    record.put(at, (byte) 'W');
    assertThatThrownBy(() -> EventCodec.decode(record))
        .isInstanceOf(UnknownEventException.class)
        .hasMessageContaining("queue attribute WisibilityTimeout");
  }

  private static QueueAttributes numbersAlone() {
    return QueueAttributes.restored(numbers());
  }

  private static Map<QueueAttribute, String> numbers() {
    EnumMap<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
    values.put(QueueAttribute.VISIBILITY_TIMEOUT, "30");
    values.put(QueueAttribute.DELAY_SECONDS, "0");
    values.put(QueueAttribute.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "20");
    values.put(QueueAttribute.MESSAGE_RETENTION_PERIOD, "345600");
    values.put(QueueAttribute.MAXIMUM_MESSAGE_SIZE, "1048576");
    return values;
  }

  private static QueueAttributes everything() {
    Map<QueueAttribute, String> values = numbers();
    values.put(
        QueueAttribute.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":5}");
    values.put(QueueAttribute.REDRIVE_ALLOW_POLICY, "{\"redrivePermission\":\"allowAll\"}");
    values.put(QueueAttribute.POLICY, "{\"Id\":\"größe\"}");
    values.put(QueueAttribute.KMS_MASTER_KEY_ID, "alias/orders");
    values.put(QueueAttribute.KMS_DATA_KEY_REUSE_PERIOD_SECONDS, "300");
    values.put(QueueAttribute.SQS_MANAGED_SSE_ENABLED, "false");
    return QueueAttributes.restored(values);
  }

  private static byte[] bytes(ByteBuffer record) {
    byte[] bytes = new byte[record.remaining()];
    record.get(record.position(), bytes);
    return bytes;
  }

  private static ByteBuffer record(String name) {
    byte[] bytes = FIXTURES.get(name);
    if (bytes == null) {
      throw new AssertionError("no bytes are committed for " + name);
    }
    return EventRecords.asRead(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static Map<String, byte[]> read() {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    StringBuilder section = new StringBuilder();
    for (String line : text().split("\n", -1)) {
      String content = line.replaceAll("#.*", "").strip();
      if (content.startsWith("[")) {
        section = new StringBuilder();
        sections.put(content.substring(1, content.length() - 1), section);
      } else {
        section.append(content.replace(" ", ""));
      }
    }
    Map<String, byte[]> fixtures = new LinkedHashMap<>();
    sections.forEach((name, hex) -> fixtures.put(name, HexFormat.of().parseHex(hex)));
    return fixtures;
  }

  private static String text() {
    try (InputStream in = EventFixturesTest.class.getResourceAsStream("events-1.hex")) {
      if (in == null) {
        throw new AssertionError("the fixtures are not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
