package io.millrace.engine.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads the input of an AWS JSON 1.0 request, straight from its bytes. Types are strict, null is
 * absence, unknown members are skipped, and of equal names the last one counts. The texts about
 * types are those of AWS's own JSON services.
 *
 * <p>Hot. Not safe for use by several threads at once.
 */
final class JsonParameters {

  /** Input nests four deep at most; the rest is room for members SQS may add. */
  static final int DEPTH_MAX = 32;

  /** A full batch of ten entries with ten attributes each has under two thousand. */
  static final int TOKENS_MAX = 20_000;

  /** Far more attributes than a message may have; beyond it equal names are not looked for. */
  private static final int ATTRIBUTES_COMPARED = 100;

  private final JsonFactory factory;

  // The input being read.
  private byte[] bytes = {};
  private int offset;
  private int end;

  /**
   * @param documentBytesMax longest input; a string may be as long, so that a message over the
   *     limit is told from a broken request
   */
  JsonParameters(int documentBytesMax) {
    factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxDocumentLength(documentBytesMax)
                    .maxStringLength(documentBytesMax)
                    .maxNameLength(1024)
                    .maxNumberLength(64)
                    .maxTokenCount(TOKENS_MAX)
                    .build())
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            // AWS JSON is UTF-8; without this a zero byte would make it guess UTF-16.
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .build();
  }

  /**
   * Fills the parameters the action takes. No bytes at all stand for an empty object.
   *
   * @throws Refusal if the bytes are no JSON object or a value has the wrong type
   */
  void read(byte[] bytes, int offset, int length, Action action, Parameters into) {
    if (length == 0) {
      return;
    }
    this.bytes = bytes;
    this.offset = offset;
    this.end = offset + length;
    try (JsonParser json = factory.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw Refusal.malformed("Start of structure or map expected.");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String member = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NULL || !action.takes(member)) {
          json.skipChildren();
        } else {
          top(json, member, value, into);
        }
      }
      if (json.nextToken() != null) {
        throw Refusal.malformed("The request body goes on after its JSON document.");
      }
    } catch (StreamConstraintsException e) {
      throw Refusal.malformed("The request body exceeds a limit on JSON documents.");
    } catch (StreamReadException e) {
      throw Refusal.malformed("The request body is not valid JSON.");
    }
  }

  private void top(JsonParser json, String member, JsonToken value, Parameters into) {
    switch (member) {
      case "QueueUrl" -> into.queueUrl = string(json, value);
      case "QueueName" -> into.queueName = string(json, value);
      case "QueueNamePrefix" -> into.queueNamePrefix = string(json, value);
      case "QueueOwnerAWSAccountId" -> into.queueOwnerAccount = string(json, value);
      case "NextToken" -> into.nextToken = string(json, value);
      case "MaxResults" -> into.maxResults = integer(json, value);
      case "MaxNumberOfMessages" -> into.maxNumberOfMessages = integer(json, value);
      case "WaitTimeSeconds" -> into.waitTimeSeconds = integer(json, value);
      case "AttributeNames" -> strings(json, value, into.attributeNames);
      case "MessageAttributeNames" -> strings(json, value, into.messageAttributeNames);
      case "MessageSystemAttributeNames" -> strings(json, value, into.messageSystemAttributeNames);
      case "Attributes" -> {
        into.attributesGiven = true;
        stringMap(json, value, into.attributes);
      }
      case "tags", "Tags" -> {
        start(value, JsonToken.START_OBJECT);
        into.tags |= json.nextToken() != JsonToken.END_OBJECT;
        while (json.currentToken() != JsonToken.END_OBJECT) {
          json.nextToken();
          json.skipChildren();
          json.nextToken();
        }
      }
      case "Entries" -> entries(json, value, into.entries);
      default -> entryMember(json, member, value, into.single);
    }
  }

  private void entries(JsonParser json, JsonToken value, List<Parameters.Entry> into) {
    start(value, JsonToken.START_ARRAY);
    into.clear();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      start(next, JsonToken.START_OBJECT);
      Parameters.Entry entry = new Parameters.Entry();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String member = json.currentName();
        JsonToken given = json.nextToken();
        if (given == JsonToken.VALUE_NULL) {
          continue;
        }
        entryMember(json, member, given, entry);
      }
      into.add(entry);
    }
  }

  private void entryMember(JsonParser json, String member, JsonToken value, Parameters.Entry into) {
    switch (member) {
      case "MessageBody" -> {
        requireString(value);
        body(json, into);
      }
      case "Id" -> into.id = string(json, value);
      case "ReceiptHandle" -> into.receiptHandle = string(json, value);
      case "VisibilityTimeout" -> into.visibilityTimeout = integer(json, value);
      case "DelaySeconds" -> into.delaySeconds = integer(json, value);
      case "MessageGroupId" -> into.messageGroupId = string(json, value);
      case "MessageDeduplicationId" -> into.messageDeduplicationId = string(json, value);
      case "MessageAttributes" -> into.messageAttributes = attributes(json, value);
      case "MessageSystemAttributes" -> into.messageSystemAttributes = attributes(json, value);
      default -> json.skipChildren();
    }
  }

  /**
   * Takes a body. The parser makes characters of a string, which would be made bytes again, only
   * when asked; of a plain one the bytes are the input's, and the parser, passing over it, still
   * sees to it that it is right.
   */
  private void body(JsonParser json, Parameters.Entry into) {
    int from = offset + (int) json.currentLocation().getByteOffset();
    int quote = PlainString.end(bytes, from, end);
    if (quote == PlainString.NOT_PLAIN) {
      into.body(json.getStringCharacters(), json.getStringOffset(), json.getStringLength());
    } else {
      into.body(Arrays.copyOfRange(bytes, from, quote));
    }
  }

  /** A map of names to attribute values; of equal names the last counts, as for any member. */
  private static List<Parameters.Attribute> attributes(JsonParser json, JsonToken value) {
    start(value, JsonToken.START_OBJECT);
    List<Parameters.Attribute> attributes = new ArrayList<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      Parameters.Attribute attribute = new Parameters.Attribute();
      attribute.name = json.currentName();
      JsonToken given = json.nextToken();
      if (given == JsonToken.VALUE_NULL) {
        continue;
      }
      start(given, JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String member = json.currentName();
        JsonToken part = json.nextToken();
        if (part == JsonToken.VALUE_NULL) {
          continue;
        }
        switch (member) {
          case "DataType" -> attribute.dataType = string(json, part);
          case "StringValue" -> attribute.stringValue = string(json, part);
          case "BinaryValue" -> attribute.binaryValue = Base64Text.decode(string(json, part));
          default -> json.skipChildren();
        }
      }
      if (attributes.size() <= ATTRIBUTES_COMPARED) {
        attributes.removeIf(earlier -> earlier.name.equals(attribute.name));
      }
      attributes.add(attribute);
    }
    return attributes;
  }

  private static void stringMap(JsonParser json, JsonToken value, Map<String, String> into) {
    start(value, JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken given = json.nextToken();
      if (given != JsonToken.VALUE_NULL) {
        into.put(name, string(json, given));
      }
    }
  }

  private static void strings(JsonParser json, JsonToken value, List<String> into) {
    start(value, JsonToken.START_ARRAY);
    into.clear();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next != JsonToken.VALUE_NULL) {
        into.add(string(json, next));
      }
    }
  }

  private static String string(JsonParser json, JsonToken value) {
    requireString(value);
    return json.getString();
  }

  private static int integer(JsonParser json, JsonToken value) {
    if (value != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType(value, "Integer");
    }
    if (json.getNumberType() != JsonParser.NumberType.INT
        || json.getIntValue() == Parameters.ABSENT) {
      throw Refusal.malformed("NUMBER_VALUE cannot be converted to Integer");
    }
    return json.getIntValue();
  }

  private static void requireString(JsonToken value) {
    if (value != JsonToken.VALUE_STRING) {
      throw wrongType(value, "String");
    }
  }

  private static void start(JsonToken value, JsonToken expected) {
    if (value != expected) {
      throw wrongType(value, expected == JsonToken.START_ARRAY ? "List" : "Map");
    }
  }

  private static Refusal wrongType(JsonToken value, String wanted) {
    return Refusal.malformed(
        switch (value) {
          case START_OBJECT -> "Start of structure or map found where not expected.";
          case START_ARRAY -> "Start of list found where not expected.";
          case VALUE_STRING -> "STRING_VALUE cannot be converted to " + wanted;
          case VALUE_TRUE -> "TRUE_VALUE cannot be converted to " + wanted;
          case VALUE_FALSE -> "FALSE_VALUE cannot be converted to " + wanted;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              "NUMBER_VALUE cannot be converted to " + wanted;
          default -> "Unexpected value where " + wanted + " was expected.";
        });
  }
}
