package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the input of a Query request: form-encoded pairs of the query string and of the body. Lists
 * are numbered ({@code AttributeName.1}), structures dotted ({@code
 * MessageAttribute.1.Value.DataType}). Numbers order, they never size anything; parameters of no
 * meaning to the action are ignored.
 *
 * <p>Not safe for use by several threads at once.
 */
final class FormParameters {

  /** More than a full batch with all its attributes takes. */
  static final int PARAMETERS_MAX = 2_000;

  /** Longest name, in bytes after decoding; the longest that has a meaning is under a hundred. */
  static final int NAME_BYTES_MAX = 512;

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /**
   * Takes the pairs of a request; those of the body come after those of the query string and win
   * over them.
   *
   * @throws Refusal if the pairs are too many or not properly encoded
   */
  void read(String queryString, byte[] body, int offset, int length) {
    names.clear();
    values.clear();
    byte[] query = queryString.getBytes(ISO_8859_1);
    pairs(query, 0, query.length);
    pairs(body, offset, offset + length);
  }

  private void pairs(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      int pairEnd = indexOf(bytes, '&', at, end);
      int nameEnd = indexOf(bytes, '=', at, pairEnd);
      if (pairEnd > at) {
        if (names.size() == PARAMETERS_MAX) {
          throw Refusal.malformed("The request has more than " + PARAMETERS_MAX + " parameters.");
        }
        String name = decoded(bytes, at, nameEnd);
        if (nameEnd - at > NAME_BYTES_MAX) {
          throw Refusal.malformed("A parameter's name is too long.");
        }
        names.add(name);
        values.add(nameEnd == pairEnd ? "" : decoded(bytes, nameEnd + 1, pairEnd));
      }
      at = pairEnd + 1;
    }
  }

  private static int indexOf(byte[] bytes, char c, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return end;
  }

  private String decoded(byte[] bytes, int from, int end) {
    byte[] plain = new byte[end - from];
    int length = 0;
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (b == '+') {
        b = ' ';
      } else if (b == '%') {
        int high = i + 2 < end ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < end ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw Refusal.malformed("A parameter is not properly percent-encoded.");
        }
        b = (byte) ((high << 4) | low);
        i += 2;
      }
      plain[length++] = b;
    }
    try {
      return utf8.decode(ByteBuffer.wrap(plain, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.malformed("A parameter is not valid UTF-8.");
    }
  }

  /** The value of the parameter {@code Action}; empty when there is none. */
  String action() {
    int at = names.lastIndexOf("Action");
    return at < 0 ? "" : values.get(at);
  }

  /**
   * Fills the parameters the action takes.
   *
   * @throws Refusal if a value has the wrong type
   */
  void fill(Action action, Parameters into) {
    EntryForm single = new EntryForm(into.single);
    SortedMap<Integer, EntryForm> entries = new TreeMap<>();
    SortedMap<Integer, String> attributeNames = new TreeMap<>();
    SortedMap<Integer, String> messageAttributeNames = new TreeMap<>();
    SortedMap<Integer, String> systemAttributeNames = new TreeMap<>();
    SortedMap<Integer, Parameters.Attribute> attributes = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      String[] path = names.get(i).split("\\.", -1);
      String value = values.get(i);
      if (!action.takes(member(action, path[0]))) {
        continue;
      }
      switch (path[0]) {
        case "QueueUrl" -> into.queueUrl = value;
        case "QueueName" -> into.queueName = value;
        case "QueueNamePrefix" -> into.queueNamePrefix = value;
        case "QueueOwnerAWSAccountId" -> into.queueOwnerAccount = value;
        case "NextToken" -> into.nextToken = value;
        case "MaxResults" -> into.maxResults = integer(value);
        case "MaxNumberOfMessages" -> into.maxNumberOfMessages = integer(value);
        case "WaitTimeSeconds" -> into.waitTimeSeconds = integer(value);
        case "AttributeName" -> numbered(path, value, attributeNames);
        case "MessageAttributeName" -> numbered(path, value, messageAttributeNames);
        case "MessageSystemAttributeName" -> numbered(path, value, systemAttributeNames);
        case "Tag" -> into.tags = true;
        case "Attribute" -> {
          if (path.length == 3 && number(path[1]) > 0) {
            Parameters.Attribute attribute =
                attributes.computeIfAbsent(number(path[1]), n -> new Parameters.Attribute());
            if (path[2].equals("Name")) {
              attribute.name = value;
            } else if (path[2].equals("Value")) {
              attribute.stringValue = value;
            }
          }
        }
        default -> {
          if (!path[0].equals(action.entryName())) {
            single.member(path, 0, value);
          } else if (path.length > 2 && number(path[1]) > 0) {
            entries
                .computeIfAbsent(number(path[1]), n -> new EntryForm(new Parameters.Entry()))
                .member(path, 2, value);
          }
        }
      }
    }
    into.attributeNames.addAll(attributeNames.values());
    into.messageAttributeNames.addAll(messageAttributeNames.values());
    into.messageSystemAttributeNames.addAll(systemAttributeNames.values());
    for (Parameters.Attribute attribute : attributes.values()) {
      into.attributesGiven = true;
      into.attributes.put(
          attribute.name, attribute.stringValue == null ? "" : attribute.stringValue);
    }
    single.finish();
    for (EntryForm entry : entries.values()) {
      into.entries.add(entry.finish());
    }
  }

  /** The JSON protocol's name of a member, by which actions know what they take. */
  private static String member(Action action, String name) {
    return switch (name) {
      case "AttributeName" -> "AttributeNames";
      case "MessageAttributeName" -> "MessageAttributeNames";
      case "MessageSystemAttributeName" -> "MessageSystemAttributeNames";
      case "Attribute" -> "Attributes";
      case "MessageAttribute" -> "MessageAttributes";
      case "MessageSystemAttribute" -> "MessageSystemAttributes";
      case "Tag" -> "tags";
      default -> name.equals(action.entryName()) ? "Entries" : name;
    };
  }

  private static void numbered(String[] path, String value, SortedMap<Integer, String> into) {
    if (path.length == 2 && number(path[1]) > 0) {
      into.put(number(path[1]), value);
    }
  }

  /** The list index a text stands for; 0 when it is none. */
  private static int number(String text) {
    if (text.isEmpty() || text.length() > 6) {
      return 0;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      number = 10 * number + (c - '0');
    }
    return number;
  }

  private static int integer(String value) {
    try {
      int number = Integer.parseInt(value);
      if (number != Parameters.ABSENT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw Refusal.malformed("STRING_VALUE cannot be converted to Integer");
  }

  /** An entry and its numbered attributes, in order when finished. */
  private static final class EntryForm {

    private final Parameters.Entry entry;
    private final SortedMap<Integer, Parameters.Attribute> attributes = new TreeMap<>();
    private final SortedMap<Integer, Parameters.Attribute> systemAttributes = new TreeMap<>();

    EntryForm(Parameters.Entry entry) {
      this.entry = entry;
    }

    void member(String[] path, int at, String value) {
      switch (path[at]) {
        case "Id" -> entry.id = value;
        case "MessageBody" -> entry.body(value.toCharArray(), 0, value.length());
        case "ReceiptHandle" -> entry.receiptHandle = value;
        case "VisibilityTimeout" -> entry.visibilityTimeout = integer(value);
        case "DelaySeconds" -> entry.delaySeconds = integer(value);
        case "MessageGroupId" -> entry.messageGroupId = value;
        case "MessageDeduplicationId" -> entry.messageDeduplicationId = value;
        case "MessageAttribute" -> attribute(path, at + 1, value, attributes);
        case "MessageSystemAttribute" -> attribute(path, at + 1, value, systemAttributes);
        default -> {}
      }
    }

    private static void attribute(
        String[] path, int at, String value, SortedMap<Integer, Parameters.Attribute> into) {
      if (path.length < at + 2 || number(path[at]) == 0) {
        return;
      }
      Parameters.Attribute attribute =
          into.computeIfAbsent(number(path[at]), n -> new Parameters.Attribute());
      if (path[at + 1].equals("Name")) {
        attribute.name = value;
      } else if (path[at + 1].equals("Value") && path.length == at + 3) {
        switch (path[at + 2]) {
          case "DataType" -> attribute.dataType = value;
          case "StringValue" -> attribute.stringValue = value;
          case "BinaryValue" -> attribute.binaryValue = Base64Text.decode(value);
          default -> {}
        }
      }
    }

    Parameters.Entry finish() {
      if (!attributes.isEmpty()) {
        entry.messageAttributes = new ArrayList<>(attributes.values());
      }
      if (!systemAttributes.isEmpty()) {
        entry.messageSystemAttributes = new ArrayList<>(systemAttributes.values());
      }
      return entry;
    }
  }
}
