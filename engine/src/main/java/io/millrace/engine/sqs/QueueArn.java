package io.millrace.engine.sqs;

import java.util.Optional;

/**
 * An Amazon resource name of a queue: {@code arn:aws:sqs:REGION:ACCOUNT:NAME}.
 *
 * @param region for example {@code us-east-1}
 * @param account twelve digits
 * @param name the queue
 */
public record QueueArn(String region, String account, QueueName name) {

  private static final String PREFIX = "arn:aws:sqs:";

  /** The queue an ARN text names, or empty when it names none. */
  public static Optional<QueueArn> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] parts = text.substring(PREFIX.length()).split(":", -1);
    boolean legal = parts.length == 3 && Caller.isAccount(parts[1]) && QueueName.isLegal(parts[2]);
    return legal
        ? Optional.of(new QueueArn(parts[0], parts[1], new QueueName(parts[2])))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return PREFIX + region + ":" + account + ":" + name;
  }
}
