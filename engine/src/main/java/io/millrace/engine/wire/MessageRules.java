package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.SqsError;
import io.millrace.engine.sqs.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes a message one that SQS takes: body, attributes, delay and ids, each against its own
 * limit.
 */
final class MessageRules {

  private static final String TRACE_HEADER = "AWSTraceHeader";

  /** Names and data types are shorter than this, in bytes (text of SQS's own error). */
  private static final int NAME_BYTES_END = 256;

  /**
   * A decimal number as SQS reads one; the exponent is bounded so that no value is costly to hold.
   */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?[0-9]{1,3})?");

  private final Limits limits;
  private final Digests digests = new Digests();

  MessageRules(Limits limits) {
    this.limits = limits;
  }

  /**
   * The message an entry asks to send.
   *
   * @throws Refusal if a part breaks its rule or all together are over the limit
   */
  OutgoingMessage message(Parameters.Entry entry, @Nullable String traceHeaderOfHttp) {
    byte[] body = body(entry);
    int delay = entry.delaySeconds;
    if (delay != Parameters.ABSENT && (delay < 0 || delay > Limits.DELAY_SECONDS_MAX)) {
      throw new Refusal(
          SqsError.invalidParameter(
              Integer.toString(delay),
              "DelaySeconds",
              "DelaySeconds must be >= 0 and <= " + Limits.DELAY_SECONDS_MAX + "."));
    }
    if (entry.messageDeduplicationId != null) {
      throw new Refusal(
          SqsError.invalidParameter(
              entry.messageDeduplicationId,
              "MessageDeduplicationId",
              "The request include parameter that is not valid for this queue type."));
    }
    List<MessageAttribute> attributes = attributes(entry.messageAttributes);
    String traceHeader = traceHeader(entry.messageSystemAttributes, traceHeaderOfHttp);
    String groupId = groupId(entry.messageGroupId);
    if (OutgoingMessage.sizeBytes(body, attributes) > limits.messageBytesMax()) {
      throw new Refusal(SqsError.messageTooLong(limits.messageBytesMax()));
    }
    return new OutgoingMessage(
        body,
        attributes,
        delay == Parameters.ABSENT ? OutgoingMessage.QUEUE_DELAY : delay,
        traceHeader,
        groupId,
        digests.ofBody(body).clone());
  }

  /** What an entry adds to its batch's size, legal or not. */
  static long sizeBytes(Parameters.Entry entry) {
    long bytes = entry.body == null ? 0 : entry.body.length;
    for (Parameters.Attribute attribute : entry.messageAttributes) {
      bytes += Utf8.length(attribute.name);
      bytes += attribute.dataType == null ? 0 : Utf8.length(attribute.dataType);
      bytes += attribute.stringValue == null ? 0 : Utf8.length(attribute.stringValue);
      bytes += attribute.binaryValue == null ? 0 : attribute.binaryValue.length;
    }
    return bytes;
  }

  private static byte[] body(Parameters.Entry entry) {
    byte[] body = entry.body;
    if (body == null || body.length == 0) {
      throw new Refusal(SqsError.missingParameter("MessageBody"));
    }
    if (entry.bodyIllegal) {
      throw illegalCharacters();
    }
    return body;
  }

  private static Refusal illegalCharacters() {
    return new Refusal(
        ErrorCode.INVALID_MESSAGE_CONTENTS,
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF |"
            + " #xE000 to #xFFFD | #x10000 to #x10FFFF");
  }

  private static List<MessageAttribute> attributes(List<Parameters.Attribute> given) {
    if (given.isEmpty()) {
      return List.of();
    }
    if (given.size() > Limits.MESSAGE_ATTRIBUTES_MAX) {
      throw Refusal.invalid(
          "Number of message attributes ["
              + given.size()
              + "] exceeds the allowed maximum ["
              + Limits.MESSAGE_ATTRIBUTES_MAX
              + "].");
    }
    List<MessageAttribute> attributes = new ArrayList<>(given.size());
    for (Parameters.Attribute attribute : given) {
      checkName(attribute.name);
      String dataType = dataType(attribute);
      attributes.add(new MessageAttribute(attribute.name, dataType, value(attribute, dataType)));
    }
    return attributes;
  }

  private static void checkName(String name) {
    if (Utf8.length(name) >= NAME_BYTES_END) {
      throw Refusal.invalid("Message (user) attribute names must be shorter than 256 Bytes");
    }
    if (name.isEmpty() || !name.codePoints().allMatch(MessageRules::mayStandInName)) {
      throw Refusal.invalid(
          "Message (user) attributes name can only contain upper and lower score characters,"
              + " digits, periods, hyphens and underscores. ");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("aws.")
        || lower.startsWith("amazon.")
        || lower.startsWith(".")
        || lower.endsWith(".")) {
      throw Refusal.invalid(
          "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings"
              + " are reserved for internal use. Additionally, they cannot start or end with"
              + " '.'.");
    }
    if (name.contains("..")) {
      throw Refusal.invalid(
          "Message (user) attribute name must not have successive '.' characters.");
    }
  }

  /** Letters of any script pass, as recorded from SQS for {@code attr.1øßä}. */
  private static boolean mayStandInName(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  private static String dataType(Parameters.Attribute attribute) {
    String type = attribute.dataType;
    if (type == null || type.isEmpty()) {
      throw Refusal.invalid("Missing required parameter DataType");
    }
    if (!isOrLabels(type, "String") && !isOrLabels(type, "Number") && !isOrLabels(type, "Binary")) {
      throw Refusal.invalid(
          "Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with"
              + " \"String\", \"Binary\", or \"Number\", but was: "
              + type);
    }
    if (Utf8.length(type) >= NAME_BYTES_END) {
      throw Refusal.invalid("Message (user) attribute types must be shorter than 256 Bytes");
    }
    if (MessageText.encode(type) == MessageText.ILLEGAL) {
      throw illegalCharacters();
    }
    return type;
  }

  private static boolean isOrLabels(String type, String base) {
    return type.startsWith(base)
        && (type.length() == base.length() || type.charAt(base.length()) == '.');
  }

  private static byte[] value(Parameters.Attribute attribute, String dataType) {
    if (dataType.startsWith("Binary")) {
      byte[] value = attribute.binaryValue;
      if (value == null || value.length == 0) {
        throw emptyValue(attribute.name, "Binary");
      }
      return value;
    }
    String text = attribute.stringValue;
    if (text == null || text.isEmpty()) {
      throw emptyValue(attribute.name, dataType.startsWith("Number") ? "Number" : "String");
    }
    if (dataType.startsWith("Number")) {
      if (!NUMBER.matcher(text).matches()) {
        throw Refusal.invalid(
            "Can't cast the value of message (user) attribute '"
                + attribute.name
                + "' to a number.");
      }
      return text.getBytes(UTF_8);
    }
    byte[] value = MessageText.encode(text);
    if (value == MessageText.ILLEGAL) {
      throw illegalCharacters();
    }
    return value;
  }

  private static Refusal emptyValue(String name, String type) {
    return Refusal.invalid(
        "Message (user) attribute '"
            + name
            + "' must contain a non-empty value of type '"
            + type
            + "'.");
  }

  /**
   * The one system attribute a sender may give; the HTTP header of that purpose stands in for it.
   */
  private static String traceHeader(
      List<Parameters.Attribute> given, @Nullable String traceHeaderOfHttp) {
    String trace = traceHeaderOfHttp == null ? OutgoingMessage.NONE : traceHeaderOfHttp;
    for (Parameters.Attribute attribute : given) {
      String value = attribute.stringValue;
      boolean legal =
          attribute.name.equals(TRACE_HEADER)
              && "String".equals(attribute.dataType)
              && value != null
              && isTraceHeader(value);
      if (!legal || value == null) {
        throw new Refusal(
            SqsError.invalidParameter(
                attribute.name,
                "MessageSystemAttributes",
                "Only AWSTraceHeader of type 'String' is allowed, with 1 to "
                    + Limits.TRACE_HEADER_BYTES_MAX
                    + " printable ASCII characters."));
      }
      trace = value;
    }
    return trace;
  }

  /** Printable ASCII within the limit; X-Ray's header is made of less. */
  static boolean isTraceHeader(String value) {
    return !value.isEmpty()
        && value.length() <= Limits.TRACE_HEADER_BYTES_MAX
        && value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private static String groupId(@Nullable String groupId) {
    if (groupId == null) {
      return OutgoingMessage.NONE;
    }
    boolean legal =
        !groupId.isEmpty()
            && groupId.length() <= Limits.GROUP_ID_LENGTH_MAX
            && groupId.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (!legal) {
      throw new Refusal(
          SqsError.invalidParameter(
              groupId,
              "MessageGroupId",
              "MessageGroupId can only include alphanumeric and punctuation characters. 1 to "
                  + Limits.GROUP_ID_LENGTH_MAX
                  + " in length."));
    }
    return groupId;
  }
}
