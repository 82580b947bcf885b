package io.millrace.engine.sqs;

/**
 * The name of a standard queue: 1 to 80 of {@code [A-Za-z0-9_-]}, case-sensitive (SQS API
 * reference, CreateQueue).
 *
 * @param value the name; a name that exists is legal, so it can never be a path
 */
public record QueueName(String value) implements Comparable<QueueName> {

  public static final int LENGTH_MAX = 80;

  public QueueName {
    if (!isLegal(value)) {
      throw new IllegalArgumentException("not a queue name: " + value.length() + " characters");
    }
  }

  /** Whether the text may name a queue. */
  public static boolean isLegal(String text) {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean legal =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!legal) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(QueueName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
