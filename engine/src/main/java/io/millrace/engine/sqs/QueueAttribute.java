package io.millrace.engine.sqs;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes of a queue, by their names on the wire (AWS API model, QueueAttributeName). */
public enum QueueAttribute {
  VISIBILITY_TIMEOUT("VisibilityTimeout", true),
  DELAY_SECONDS("DelaySeconds", true),
  RECEIVE_MESSAGE_WAIT_TIME_SECONDS("ReceiveMessageWaitTimeSeconds", true),
  MESSAGE_RETENTION_PERIOD("MessageRetentionPeriod", true),
  MAXIMUM_MESSAGE_SIZE("MaximumMessageSize", true),
  REDRIVE_POLICY("RedrivePolicy", true),
  REDRIVE_ALLOW_POLICY("RedriveAllowPolicy", true),
  POLICY("Policy", true),
  KMS_MASTER_KEY_ID("KmsMasterKeyId", true),
  KMS_DATA_KEY_REUSE_PERIOD_SECONDS("KmsDataKeyReusePeriodSeconds", true),
  SQS_MANAGED_SSE_ENABLED("SqsManagedSseEnabled", true),
  QUEUE_ARN("QueueArn", false),
  CREATED_TIMESTAMP("CreatedTimestamp", false),
  LAST_MODIFIED_TIMESTAMP("LastModifiedTimestamp", false),
  APPROXIMATE_NUMBER_OF_MESSAGES("ApproximateNumberOfMessages", false),
  APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE("ApproximateNumberOfMessagesNotVisible", false),
  APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED("ApproximateNumberOfMessagesDelayed", false);

  private static final Map<String, QueueAttribute> BY_WIRE_NAME = new HashMap<>();

  static {
    for (QueueAttribute attribute : values()) {
      BY_WIRE_NAME.put(attribute.wireName, attribute);
    }
  }

  private final String wireName;
  private final boolean settable;

  QueueAttribute(String wireName, boolean settable) {
    this.wireName = wireName;
    this.settable = settable;
  }

  public String wireName() {
    return wireName;
  }

  /** Whether CreateQueue and SetQueueAttributes take it; the others are read-only. */
  public boolean settable() {
    return settable;
  }

  /** The attribute of that exact name. */
  public static Optional<QueueAttribute> named(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }
}
