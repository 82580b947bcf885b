package io.millrace.engine.sqs;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A queue's settings: an immutable snapshot any thread may read. Numbers the hot path needs are
 * fields; the rest stays as the text SQS would answer with.
 *
 * <p>Ranges and defaults: AWS API model, CreateQueue and SetQueueAttributes.
 */
public final class QueueAttributes {

  private final Map<QueueAttribute, String> values;
  private final int visibilitySeconds;
  private final int delaySeconds;
  private final int waitSeconds;
  private final int retentionSeconds;
  private final int messageBytesMax;
  private final Optional<RedrivePolicy> redrivePolicy;

  private QueueAttributes(EnumMap<QueueAttribute, String> values) {
    this.values = Collections.unmodifiableMap(values);
    this.visibilitySeconds = number(values, QueueAttribute.VISIBILITY_TIMEOUT);
    this.delaySeconds = number(values, QueueAttribute.DELAY_SECONDS);
    this.waitSeconds = number(values, QueueAttribute.RECEIVE_MESSAGE_WAIT_TIME_SECONDS);
    this.retentionSeconds = number(values, QueueAttribute.MESSAGE_RETENTION_PERIOD);
    this.messageBytesMax = number(values, QueueAttribute.MAXIMUM_MESSAGE_SIZE);
    this.redrivePolicy =
        Optional.ofNullable(values.get(QueueAttribute.REDRIVE_POLICY))
            .map(json -> RedrivePolicy.parse(json).orElseThrow());
  }

  /** A new queue's settings under these limits. */
  public static QueueAttributes defaults(Limits limits) {
    EnumMap<QueueAttribute, String> values = new EnumMap<>(QueueAttribute.class);
    values.put(QueueAttribute.VISIBILITY_TIMEOUT, "30");
    values.put(QueueAttribute.DELAY_SECONDS, "0");
    values.put(QueueAttribute.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "0");
    values.put(
        QueueAttribute.MESSAGE_RETENTION_PERIOD,
        Integer.toString(Limits.RETENTION_SECONDS_DEFAULT));
    values.put(QueueAttribute.MAXIMUM_MESSAGE_SIZE, Integer.toString(limits.messageBytesMax()));
    values.put(QueueAttribute.SQS_MANAGED_SSE_ENABLED, "true");
    return new QueueAttributes(values);
  }

  /** Settings read back from storage: every value was legal when it was written. */
  public static QueueAttributes restored(Map<QueueAttribute, String> values) {
    return new QueueAttributes(new EnumMap<>(values));
  }

  /** The outcome of changing settings: either the new ones or the reason against. */
  public sealed interface Change {
    record Accepted(QueueAttributes attributes) implements Change {}

    record Rejected(SqsError error) implements Change {}
  }

  /**
   * These settings with some replaced. An empty text removes Policy, RedrivePolicy,
   * RedriveAllowPolicy and KmsMasterKeyId; setting a KMS key turns SQS-managed encryption off.
   */
  public Change with(Map<QueueAttribute, String> changes, Limits limits) {
    EnumMap<QueueAttribute, String> next = new EnumMap<>(values);
    for (Map.Entry<QueueAttribute, String> change : changes.entrySet()) {
      QueueAttribute attribute = change.getKey();
      String value = change.getValue();
      if (!attribute.settable()) {
        return new Change.Rejected(
            new SqsError(
                ErrorCode.INVALID_ATTRIBUTE_NAME,
                "Unknown Attribute " + attribute.wireName() + "."));
      }
      if (value.isEmpty() && removable(attribute)) {
        next.remove(attribute);
        if (attribute == QueueAttribute.KMS_MASTER_KEY_ID) {
          next.remove(QueueAttribute.KMS_DATA_KEY_REUSE_PERIOD_SECONDS);
          next.putIfAbsent(QueueAttribute.SQS_MANAGED_SSE_ENABLED, "false");
        }
        continue;
      }
      Optional<String> canonical = canonical(attribute, value, limits);
      if (canonical.isEmpty()) {
        return new Change.Rejected(
            new SqsError(
                ErrorCode.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter " + attribute.wireName() + "."));
      }
      next.put(attribute, canonical.get());
    }
    boolean kms = !changes.getOrDefault(QueueAttribute.KMS_MASTER_KEY_ID, "").isEmpty();
    if (kms && "true".equals(changes.get(QueueAttribute.SQS_MANAGED_SSE_ENABLED))) {
      return new Change.Rejected(
          new SqsError(
              ErrorCode.INVALID_ATTRIBUTE_NAME,
              "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS"
                  + " SSE."));
    }
    if (kms) {
      next.put(QueueAttribute.SQS_MANAGED_SSE_ENABLED, "false");
      next.putIfAbsent(QueueAttribute.KMS_DATA_KEY_REUSE_PERIOD_SECONDS, "300");
    }
    return new Change.Accepted(new QueueAttributes(next));
  }

  private static boolean removable(QueueAttribute attribute) {
    return switch (attribute) {
      case POLICY, REDRIVE_POLICY, REDRIVE_ALLOW_POLICY, KMS_MASTER_KEY_ID -> true;
      default -> false;
    };
  }

  private static Optional<String> canonical(QueueAttribute attribute, String value, Limits limits) {
    return switch (attribute) {
      case VISIBILITY_TIMEOUT -> inRange(value, 0, Limits.VISIBILITY_SECONDS_MAX);
      case DELAY_SECONDS -> inRange(value, 0, Limits.DELAY_SECONDS_MAX);
      case RECEIVE_MESSAGE_WAIT_TIME_SECONDS -> inRange(value, 0, Limits.WAIT_SECONDS_MAX);
      case MESSAGE_RETENTION_PERIOD ->
          inRange(value, Limits.RETENTION_SECONDS_MIN, Limits.RETENTION_SECONDS_MAX);
      case MAXIMUM_MESSAGE_SIZE ->
          inRange(value, Limits.MESSAGE_BYTES_MAX_FLOOR, limits.messageBytesMax());
      case KMS_DATA_KEY_REUSE_PERIOD_SECONDS -> inRange(value, 60, 86_400);
      case SQS_MANAGED_SSE_ENABLED ->
          value.equals("true") || value.equals("false") ? Optional.of(value) : Optional.empty();
      case REDRIVE_POLICY -> RedrivePolicy.parse(value).map(RedrivePolicy::toJson);
      case REDRIVE_ALLOW_POLICY, POLICY, KMS_MASTER_KEY_ID ->
          Utf8.length(value) <= Limits.QUEUE_ATTRIBUTE_BYTES_MAX
              ? Optional.of(value)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> inRange(String value, int min, int max) {
    if (!value.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(value);
    return number < min || number > max ? Optional.empty() : Optional.of(Integer.toString(number));
  }

  private static int number(Map<QueueAttribute, String> values, QueueAttribute attribute) {
    String value = values.get(attribute);
    if (value == null) {
      throw new IllegalArgumentException("no value for " + attribute.wireName());
    }
    return Integer.parseInt(value);
  }

  /** The settings that are present, as SQS would show them; unmodifiable, in the enum's order. */
  public Map<QueueAttribute, String> values() {
    return values;
  }

  /** The first attribute whose value here is not the one asked for, if any. */
  public Optional<QueueAttribute> firstDifference(
      QueueAttributes other, Iterable<QueueAttribute> among) {
    for (QueueAttribute attribute : among) {
      if (!values.getOrDefault(attribute, "").equals(other.values.getOrDefault(attribute, ""))) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }

  /** VisibilityTimeout, 0 to 43,200 seconds. */
  public int visibilitySeconds() {
    return visibilitySeconds;
  }

  /** DelaySeconds, 0 to 900. */
  public int delaySeconds() {
    return delaySeconds;
  }

  /** ReceiveMessageWaitTimeSeconds, 0 to 20. */
  public int waitSeconds() {
    return waitSeconds;
  }

  /** MessageRetentionPeriod, 60 to 1,209,600 seconds. */
  public int retentionSeconds() {
    return retentionSeconds;
  }

  /** MaximumMessageSize, in bytes. */
  public int messageBytesMax() {
    return messageBytesMax;
  }

  public Optional<RedrivePolicy> redrivePolicy() {
    return redrivePolicy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QueueAttributes that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
