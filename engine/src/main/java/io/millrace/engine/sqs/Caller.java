package io.millrace.engine.sqs;

/**
 * Who sends a request: the account it acts for and the principal within it.
 *
 * @param account twelve digits
 * @param principal the id SQS shows as {@code SenderId}; never empty
 */
public record Caller(String account, String principal) {

  /** The account used when none is configured. */
  public static final String DEFAULT_ACCOUNT = "000000000000";

  /** The owner of {@link #DEFAULT_ACCOUNT}: whoever calls without an identity. */
  public static final Caller LOCAL = new Caller(DEFAULT_ACCOUNT, DEFAULT_ACCOUNT);

  public Caller {
    if (!isAccount(account)) {
      throw new IllegalArgumentException("an account is twelve digits, not '" + account + "'");
    }
    if (principal.isEmpty()) {
      throw new IllegalArgumentException("a principal is never empty");
    }
  }

  /** Whether the text is an AWS account id: twelve ASCII digits. */
  public static boolean isAccount(String text) {
    return text.length() == 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
