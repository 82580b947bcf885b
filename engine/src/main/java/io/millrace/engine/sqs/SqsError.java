package io.millrace.engine.sqs;

/**
 * The caller's mistake, or the service's refusal, as a value.
 *
 * @param code what went wrong
 * @param message the text a person reads, worded as SQS words it
 */
public record SqsError(ErrorCode code, String message) {

  /** The answer for a queue that is not there. */
  public static final SqsError QUEUE_MISSING =
      new SqsError(ErrorCode.QUEUE_DOES_NOT_EXIST, "The specified queue does not exist.");

  /** A parameter with an unacceptable value, in the sentence SQS uses for all of them. */
  public static SqsError invalidParameter(String value, String parameter, String reason) {
    return new SqsError(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Value " + value + " for parameter " + parameter + " is invalid. Reason: " + reason);
  }

  public static SqsError missingParameter(String parameter) {
    return new SqsError(
        ErrorCode.MISSING_PARAMETER, "The request must contain the parameter " + parameter + ".");
  }

  /** The answer for a text that is no receipt handle of this service. */
  public static SqsError invalidReceiptHandle(String handle) {
    return new SqsError(
        ErrorCode.RECEIPT_HANDLE_IS_INVALID,
        "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
  }

  /** The answer to a message above the queue's MaximumMessageSize, sent alone. */
  public static SqsError messageTooLong(int limitBytes) {
    return new SqsError(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "One or more parameters are invalid. Reason: Message must be shorter than "
            + limitBytes
            + " bytes.");
  }

  /** The same inside a batch, where SQS uses other words. */
  public static SqsError batchEntryTooLong(int limitBytes) {
    return new SqsError(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "One or more parameters cannot be validated. Reason: Message must be shorter than "
            + limitBytes
            + " bytes.");
  }
}
