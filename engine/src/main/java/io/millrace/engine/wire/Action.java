package io.millrace.engine.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a request asks for: the 23 actions of the API model {@code sqs-2012-11-05}, and {@link
 * #UNKNOWN} for any other name. Each action knows the members its input has; members it does not
 * know are ignored, as SQS does.
 */
public enum Action {
  SEND_MESSAGE(
      "SendMessage",
      "QueueUrl",
      "MessageBody",
      "DelaySeconds",
      "MessageAttributes",
      "MessageSystemAttributes",
      "MessageDeduplicationId",
      "MessageGroupId"),
  RECEIVE_MESSAGE(
      "ReceiveMessage",
      "QueueUrl",
      "AttributeNames",
      "MessageSystemAttributeNames",
      "MessageAttributeNames",
      "MaxNumberOfMessages",
      "VisibilityTimeout",
      "WaitTimeSeconds"),
  DELETE_MESSAGE("DeleteMessage", "QueueUrl", "ReceiptHandle"),
  SEND_MESSAGE_BATCH("SendMessageBatch", "QueueUrl", "Entries"),
  DELETE_MESSAGE_BATCH("DeleteMessageBatch", "QueueUrl", "Entries"),
  CHANGE_MESSAGE_VISIBILITY(
      "ChangeMessageVisibility", "QueueUrl", "ReceiptHandle", "VisibilityTimeout"),
  CHANGE_MESSAGE_VISIBILITY_BATCH("ChangeMessageVisibilityBatch", "QueueUrl", "Entries"),
  CREATE_QUEUE("CreateQueue", "QueueName", "Attributes", "tags", "Tags"),
  DELETE_QUEUE("DeleteQueue", "QueueUrl"),
  GET_QUEUE_URL("GetQueueUrl", "QueueName", "QueueOwnerAWSAccountId"),
  LIST_QUEUES("ListQueues", "QueueNamePrefix", "NextToken", "MaxResults"),
  GET_QUEUE_ATTRIBUTES("GetQueueAttributes", "QueueUrl", "AttributeNames"),
  SET_QUEUE_ATTRIBUTES("SetQueueAttributes", "QueueUrl", "Attributes"),
  PURGE_QUEUE("PurgeQueue", "QueueUrl"),

  ADD_PERMISSION("AddPermission"),
  CANCEL_MESSAGE_MOVE_TASK("CancelMessageMoveTask"),
  LIST_DEAD_LETTER_SOURCE_QUEUES("ListDeadLetterSourceQueues"),
  LIST_MESSAGE_MOVE_TASKS("ListMessageMoveTasks"),
  LIST_QUEUE_TAGS("ListQueueTags"),
  REMOVE_PERMISSION("RemovePermission"),
  START_MESSAGE_MOVE_TASK("StartMessageMoveTask"),
  TAG_QUEUE("TagQueue"),
  UNTAG_QUEUE("UntagQueue"),

  UNKNOWN("Unknown");

  /** What {@code X-Amz-Target} starts with. */
  static final String TARGET_PREFIX = "AmazonSQS.";

  private static final Map<String, Action> BY_NAME = new HashMap<>();
  private static final Map<String, Action> BY_TARGET = new HashMap<>();

  static {
    for (Action action : values()) {
      if (action != UNKNOWN) {
        BY_NAME.put(action.wireName, action);
        BY_TARGET.put(TARGET_PREFIX + action.wireName, action);
      }
    }
  }

  private final String wireName;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> members;

  Action(String wireName, String... members) {
    this.wireName = wireName;
    this.members = Set.of(members);
  }

  /** The name on the wire, for example {@code SendMessage}. */
  public String wireName() {
    return wireName;
  }

  /** Whether this endpoint carries the action out; the others are answered as unsupported. */
  public boolean supported() {
    return !members.isEmpty();
  }

  /** Whether the action's input has a member of that name in the JSON protocol. */
  boolean takes(String member) {
    return members.contains(member);
  }

  /**
   * The element a batch's entries have in the Query protocol and in the text about an empty batch.
   */
  String entryName() {
    return wireName + "RequestEntry";
  }

  /** The action of the Query parameter {@code Action}. */
  static Action named(String name) {
    return BY_NAME.getOrDefault(name, UNKNOWN);
  }

  /** The action of the header {@code X-Amz-Target}. */
  static Action targeted(String target) {
    return BY_TARGET.getOrDefault(target, UNKNOWN);
  }
}
