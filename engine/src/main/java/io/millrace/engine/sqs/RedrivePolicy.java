package io.millrace.engine.sqs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where messages go that were received too often.
 *
 * @param deadLetterTargetArn the dead-letter queue
 * @param maxReceiveCount 1 to 1,000: the receive after this many moves the message instead
 */
public record RedrivePolicy(String deadLetterTargetArn, int maxReceiveCount) {

  public static final int MAX_RECEIVE_COUNT_MAX = 1_000;

  /** SQS's default when the policy names none. */
  public static final int MAX_RECEIVE_COUNT_DEFAULT = 10;

  private static final Pattern OBJECT =
      Pattern.compile("\\s*\\{\\s*(.*?)\\s*\\}\\s*", Pattern.DOTALL);
  private static final Pattern MEMBER =
      Pattern.compile(
          "\\G\\s*\"(\\w{1,40})\"\\s*:\\s*(?:\"([^\"\\\\]{0,256})\"|(\\d{1,9}))\\s*(,|$)");

  public RedrivePolicy {
    if (maxReceiveCount < 1 || maxReceiveCount > MAX_RECEIVE_COUNT_MAX) {
      throw new IllegalArgumentException("maxReceiveCount out of range: " + maxReceiveCount);
    }
  }

  /**
   * Reads the JSON text of the attribute: a flat object of {@code deadLetterTargetArn} and {@code
   * maxReceiveCount} (number or digits in quotes). Empty when it is anything else.
   */
  public static Optional<RedrivePolicy> parse(String json) {
    Matcher object = OBJECT.matcher(json);
    if (!object.matches()) {
      return Optional.empty();
    }
    String members = object.group(1);
    Matcher member = MEMBER.matcher(members);
    String arn = "";
    String count = Integer.toString(MAX_RECEIVE_COUNT_DEFAULT);
    int end = 0;
    while (end < members.length() && member.find()) {
      String value = member.group(2) != null ? member.group(2) : member.group(3);
      switch (member.group(1)) {
        case "deadLetterTargetArn" -> arn = value;
        case "maxReceiveCount" -> count = value;
        default -> {
          return Optional.empty();
        }
      }
      end = member.end();
    }
    boolean readWhole = end == members.length() && !members.endsWith(",");
    if (!readWhole || arn.isEmpty() || !count.matches("\\d{1,4}")) {
      return Optional.empty();
    }
    int receives = Integer.parseInt(count);
    return receives < 1 || receives > MAX_RECEIVE_COUNT_MAX
        ? Optional.empty()
        : Optional.of(new RedrivePolicy(arn, receives));
  }

  /** The text SQS answers with. */
  public String toJson() {
    return "{\"deadLetterTargetArn\":\""
        + deadLetterTargetArn
        + "\",\"maxReceiveCount\":"
        + maxReceiveCount
        + "}";
  }
}
