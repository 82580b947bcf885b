package io.millrace.engine.wire;

import io.millrace.engine.sqs.MessageAttribute;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which attributes a receive wants back.
 *
 * @param system system attributes to show
 * @param user filters for the sender's attributes: a name, {@code All}, {@code *}, {@code .*}, or a
 *     prefix followed by {@code .*}; others match nothing, as SQS ignores illegal ones
 */
record ReceiveSelection(Set<SystemAttribute> system, List<String> user) {

  static final ReceiveSelection NOTHING = new ReceiveSelection(Set.of(), List.of());

  /** The system attributes a standard queue's message can have. */
  enum SystemAttribute {
    SENDER_ID("SenderId"),
    SENT_TIMESTAMP("SentTimestamp"),
    APPROXIMATE_RECEIVE_COUNT("ApproximateReceiveCount"),
    APPROXIMATE_FIRST_RECEIVE_TIMESTAMP("ApproximateFirstReceiveTimestamp"),
    MESSAGE_GROUP_ID("MessageGroupId"),
    AWS_TRACE_HEADER("AWSTraceHeader"),
    DEAD_LETTER_QUEUE_SOURCE_ARN("DeadLetterQueueSourceArn");

    final String wireName;

    SystemAttribute(String wireName) {
      this.wireName = wireName;
    }
  }

  /** What the names of a request select; unknown system names are ignored, as SQS does. */
  static ReceiveSelection of(
      List<String> system, List<String> deprecatedSystem, List<String> user) {
    if (system.isEmpty() && deprecatedSystem.isEmpty() && user.isEmpty()) {
      return NOTHING;
    }
    EnumSet<SystemAttribute> wanted = EnumSet.noneOf(SystemAttribute.class);
    select(system, wanted);
    select(deprecatedSystem, wanted);
    return new ReceiveSelection(wanted, List.copyOf(user));
  }

  private static void select(List<String> names, Set<SystemAttribute> wanted) {
    for (String name : names) {
      for (SystemAttribute attribute : SystemAttribute.values()) {
        if (name.equals("All") || name.equals(attribute.wireName)) {
          wanted.add(attribute);
        }
      }
    }
  }

  /** Those of a message's attributes that were asked for, in their order. */
  List<MessageAttribute> of(List<MessageAttribute> attributes) {
    if (user.isEmpty() || attributes.isEmpty()) {
      return List.of();
    }
    List<MessageAttribute> wanted = new ArrayList<>(attributes.size());
    for (MessageAttribute attribute : attributes) {
      if (user.stream().anyMatch(filter -> matches(filter, attribute.name()))) {
        wanted.add(attribute);
      }
    }
    return wanted;
  }

  private static boolean matches(String filter, String name) {
    return switch (filter) {
      case "All", "*", ".*" -> true;
      default ->
          filter.endsWith(".*")
              ? name.startsWith(filter.substring(0, filter.length() - 2))
              : name.equals(filter);
    };
  }
}
