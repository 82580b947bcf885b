package io.millrace.chaos.load;

import io.millrace.chaos.client.Attribute;
import io.millrace.chaos.client.Digests;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.history.Damage;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Order messages that prove themselves: JSON with an order id, a customer id, the number of the
 * send attempt, padding to the exact size, and a CRC32C over all of it. Order and attempt decide
 * every byte, so a consumer knows from the body alone what the message was when it left.
 *
 * <pre>
 * {"orderId":"o-000000000042","customerId":"c-00017","attempt":"000000000000002a","crc32c":"5f1c3a90","note":"qzt..."}
 * </pre>
 *
 * <p>All ASCII, all fields of fixed width. The CRC is that of the body with eight zeroes in its
 * place. Immutable, safe for use by several threads.
 */
public final class OrderMessages {

  /** The smallest body: the fields without any padding. */
  public static final int BODY_BYTES_MIN = 128;

  private static final int CUSTOMERS = 1_000;
  private static final String ORDER_KEY = "{\"orderId\":\"o-";
  private static final String CUSTOMER_KEY = "\",\"customerId\":\"c-";
  private static final String ATTEMPT_KEY = "\",\"attempt\":\"";
  private static final String CRC_KEY = "\",\"crc32c\":\"";
  private static final String NOTE_KEY = "\",\"note\":\"";
  private static final String END = "\"}";
  private static final String NO_CRC = "00000000";
  private static final int ORDER_AT = ORDER_KEY.length();
  private static final int ORDER_DIGITS = 12;
  private static final int CUSTOMER_DIGITS = 5;
  private static final int ATTEMPT_KEY_AT =
      ORDER_AT + ORDER_DIGITS + CUSTOMER_KEY.length() + CUSTOMER_DIGITS;
  private static final int ATTEMPT_AT = ATTEMPT_KEY_AT + ATTEMPT_KEY.length();
  private static final int ATTEMPT_DIGITS = 16;
  private static final int CRC_KEY_AT = ATTEMPT_AT + ATTEMPT_DIGITS;
  private static final int CRC_AT = CRC_KEY_AT + CRC_KEY.length();
  private static final int CRC_DIGITS = 8;
  private static final HexFormat HEX = HexFormat.of();

  private final long seed;
  private final int bodyBytes;

  /**
   * Messages of one run.
   *
   * @param seed decides customers and padding
   * @param bodyBytes size of every body, {@link #BODY_BYTES_MIN} to 1 MiB
   */
  public OrderMessages(long seed, int bodyBytes) {
    if (bodyBytes < BODY_BYTES_MIN || bodyBytes > 1 << 20) {
      throw new IllegalArgumentException("a body of " + bodyBytes + " bytes");
    }
    this.seed = seed;
    this.bodyBytes = bodyBytes;
  }

  /** The message of one attempt to send one order. */
  public OutgoingMessage message(long order, long attempt) {
    return OutgoingMessage.of(body(order, attempt), attributes(order));
  }

  /** What a received message is, and what is wrong with it. */
  public Delivery read(IncomingMessage message) {
    Set<Damage> damage = EnumSet.noneOf(Damage.class);
    String body = message.body();
    long attempt = Entry.NO_ATTEMPT;
    if (isOrder(body)) {
      attempt = readAttempt(body);
    }
    if (attempt < 0) {
      attempt = Entry.NO_ATTEMPT;
      damage.add(Damage.ALIEN_BODY);
    } else if (!crcOf(body).equals(body.substring(CRC_AT, CRC_AT + CRC_DIGITS))) {
      damage.add(Damage.BODY_CHECKSUM);
    } else if (!message.attributes().equals(attributes(readOrder(body)))) {
      damage.add(Damage.ATTRIBUTES);
    }
    if (!message.bodyMd5().equals(Digests.ofBody(body))) {
      damage.add(Damage.BODY_MD5);
    }
    if (!message.attributesMd5().equals(Digests.ofAttributes(message.attributes()))) {
      damage.add(Damage.ATTRIBUTES_MD5);
    }
    return new Delivery(
        attempt,
        Fingerprint.of(message.messageId()),
        Fingerprint.of(message.receiptHandle()),
        message.receiveCount(),
        message.sentAtMs(),
        message.firstReceivedAtMs(),
        damage);
  }

  private String body(long order, long attempt) {
    StringBuilder body = new StringBuilder(bodyBytes);
    body.append(ORDER_KEY);
    appendDecimal(body, order, ORDER_DIGITS);
    body.append(CUSTOMER_KEY);
    appendDecimal(body, customerOf(order), CUSTOMER_DIGITS);
    body.append(ATTEMPT_KEY).append(HEX.toHexDigits(attempt));
    body.append(CRC_KEY).append(NO_CRC).append(NOTE_KEY);
    appendPadding(body, bodyBytes - body.length() - END.length(), mix(seed ^ order));
    body.append(END);
    return body.replace(CRC_AT, CRC_AT + CRC_DIGITS, crcOf(body.toString())).toString();
  }

  private Map<String, Attribute> attributes(long order) {
    StringBuilder orderId = new StringBuilder("o-");
    appendDecimal(orderId, order, ORDER_DIGITS);
    StringBuilder customerId = new StringBuilder("c-");
    appendDecimal(customerId, customerOf(order), CUSTOMER_DIGITS);
    return Map.of(
        "OrderId", new Attribute("String", orderId.toString()),
        "CustomerId", new Attribute("String", customerId.toString()),
        "Sequence", new Attribute("Number", Long.toString(order)));
  }

  private long customerOf(long order) {
    return Math.floorMod(mix(seed + order), CUSTOMERS);
  }

  /** Whether every fixed part is in its place. */
  private boolean isOrder(String body) {
    return body.length() == bodyBytes
        && body.startsWith(ORDER_KEY)
        && body.startsWith(ATTEMPT_KEY, ATTEMPT_KEY_AT)
        && body.startsWith(CRC_KEY, CRC_KEY_AT)
        && body.startsWith(NOTE_KEY, CRC_AT + CRC_DIGITS)
        && body.endsWith(END);
  }

  private static long readAttempt(String body) {
    try {
      return HexFormat.fromHexDigitsToLong(body, ATTEMPT_AT, ATTEMPT_AT + ATTEMPT_DIGITS);
    } catch (NumberFormatException notHex) {
      return Entry.NO_ATTEMPT;
    }
  }

  /** Called only once the CRC has vouched for the digits. */
  private static long readOrder(String body) {
    return Long.parseLong(body, ORDER_AT, ORDER_AT + ORDER_DIGITS, 10);
  }

  private static String crcOf(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    crc.update(NO_CRC.getBytes(StandardCharsets.US_ASCII), 0, CRC_DIGITS);
    crc.update(bytes, CRC_AT + CRC_DIGITS, bytes.length - CRC_AT - CRC_DIGITS);
    return HEX.toHexDigits((int) crc.getValue());
  }

  private static void appendDecimal(StringBuilder out, long value, int digits) {
    String text = Long.toString(value);
    out.append("0".repeat(Math.max(0, digits - text.length()))).append(text);
  }

  /** Letters that no compression and no shifted copy can imitate. */
  private static void appendPadding(StringBuilder out, int count, long start) {
    long state = start;
    for (int i = 0; i < count; i++) {
      if (i % 12 == 0) {
        state = mix(state + 1);
      }
      out.append((char) ('a' + Math.floorMod(state >>> (i % 12 * 5), 26)));
    }
  }

  /** SplitMix64's finisher: every bit of the input moves every bit of the output. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
