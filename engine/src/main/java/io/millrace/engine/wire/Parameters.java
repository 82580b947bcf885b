package io.millrace.engine.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input of a request as its sender wrote it: right in type, unchecked in value, absent where it
 * was absent. Both protocols fill it, {@link RequestRules} reads it. Hot: each event loop has one
 * and clears it between requests.
 */
final class Parameters {

  /**
   * An absent number; no caller can send it, numbers on the wire being 32 bits wide and this one
   * refused.
   */
  static final int ABSENT = Integer.MIN_VALUE;

  @Nullable String queueUrl;
  @Nullable String queueName;
  @Nullable String queueNamePrefix;
  @Nullable String queueOwnerAccount;
  @Nullable String nextToken;
  int maxResults = ABSENT;
  int maxNumberOfMessages = ABSENT;
  int waitTimeSeconds = ABSENT;
  boolean tags;

  /** Attributes of a queue to set; the order is the sender's. */
  final Map<String, String> attributes = new LinkedHashMap<>();

  boolean attributesGiven;

  final List<String> attributeNames = new ArrayList<>();
  final List<String> messageAttributeNames = new ArrayList<>();
  final List<String> messageSystemAttributeNames = new ArrayList<>();

  /** The entries of a batch. */
  final List<Entry> entries = new ArrayList<>();

  /** The members that stand at the top of a single request and in each entry of a batch. */
  Entry single = new Entry();

  void clear() {
    queueUrl = null;
    queueName = null;
    queueNamePrefix = null;
    queueOwnerAccount = null;
    nextToken = null;
    maxResults = ABSENT;
    maxNumberOfMessages = ABSENT;
    waitTimeSeconds = ABSENT;
    tags = false;
    attributes.clear();
    attributesGiven = false;
    attributeNames.clear();
    messageAttributeNames.clear();
    messageSystemAttributeNames.clear();
    entries.clear();
    single.clear();
  }

  /** One message, handle or visibility change: alone, or as an entry of a batch. */
  static final class Entry {
    @Nullable String id;
    @Nullable String receiptHandle;
    int visibilityTimeout = ABSENT;
    int delaySeconds = ABSENT;
    @Nullable String messageGroupId;
    @Nullable String messageDeduplicationId;

    /** UTF-8. */
    byte @Nullable [] body;

    /** The body had a character that XML 1.0 has not, and so neither has SQS. */
    boolean bodyIllegal;

    /** At most a few more than allowed; empty lists are shared and not to be added to. */
    List<Attribute> messageAttributes = List.of();

    List<Attribute> messageSystemAttributes = List.of();

    void clear() {
      id = null;
      receiptHandle = null;
      visibilityTimeout = ABSENT;
      delaySeconds = ABSENT;
      messageGroupId = null;
      messageDeduplicationId = null;
      body = null;
      bodyIllegal = false;
      messageAttributes = List.of();
      messageSystemAttributes = List.of();
    }

    /** Takes a body of ASCII without control characters. */
    void body(byte[] ascii) {
      body = ascii;
      bodyIllegal = false;
    }

    /** Takes a body as characters. */
    void body(char[] text, int offset, int length) {
      byte[] utf8 = MessageText.encode(text, offset, length);
      body = utf8;
      bodyIllegal = utf8 == MessageText.ILLEGAL;
    }
  }

  /** An attribute of a message. */
  static final class Attribute {
    String name = "";
    @Nullable String dataType;
    @Nullable String stringValue;
    byte @Nullable [] binaryValue;
  }
}
