package io.millrace.chaos.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The actions on a queue that a fault can be confined to. */
public enum SqsAction {
  SEND_MESSAGE("SendMessage"),
  SEND_MESSAGE_BATCH("SendMessageBatch"),
  RECEIVE_MESSAGE("ReceiveMessage"),
  DELETE_MESSAGE("DeleteMessage"),
  DELETE_MESSAGE_BATCH("DeleteMessageBatch"),
  CHANGE_MESSAGE_VISIBILITY("ChangeMessageVisibility"),
  CHANGE_MESSAGE_VISIBILITY_BATCH("ChangeMessageVisibilityBatch"),
  PURGE_QUEUE("PurgeQueue"),
  GET_QUEUE_ATTRIBUTES("GetQueueAttributes"),
  SET_QUEUE_ATTRIBUTES("SetQueueAttributes"),
  GET_QUEUE_URL("GetQueueUrl"),
  CREATE_QUEUE("CreateQueue"),
  DELETE_QUEUE("DeleteQueue");

  /** What a rule without {@code actions} concerns: everything that touches messages one by one. */
  public static final Set<SqsAction> ON_MESSAGES =
      Set.copyOf(EnumSet.range(SEND_MESSAGE, CHANGE_MESSAGE_VISIBILITY_BATCH));

  private final String wireName;

  SqsAction(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the SQS API. */
  public String wireName() {
    return wireName;
  }

  /** The action of that name; empty for one that no fault concerns. */
  public static Optional<SqsAction> named(String wireName) {
    return Arrays.stream(values()).filter(action -> action.wireName.equals(wireName)).findAny();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(SqsAction::wireName).toList();
  }
}
