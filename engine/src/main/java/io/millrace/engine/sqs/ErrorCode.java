package io.millrace.engine.sqs;

/**
 * Why a request failed, in SQS's own terms: the shape of the AWS API model, the code of the Query
 * protocol and of the {@code x-amzn-query-error} header, and the HTTP status.
 */
public enum ErrorCode {
  QUEUE_DOES_NOT_EXIST("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400),
  QUEUE_NAME_EXISTS("QueueNameExists", "QueueAlreadyExists", 400),
  QUEUE_DELETED_RECENTLY(
      "QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", 400),
  PURGE_QUEUE_IN_PROGRESS(
      "PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
  OVER_LIMIT("OverLimit", "OverLimit", 403),
  RECEIPT_HANDLE_IS_INVALID("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404),
  MESSAGE_NOT_INFLIGHT("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", 400),
  INVALID_ATTRIBUTE_NAME("InvalidAttributeName", "InvalidAttributeName", 400),
  INVALID_ATTRIBUTE_VALUE("InvalidAttributeValue", "InvalidAttributeValue", 400),
  INVALID_MESSAGE_CONTENTS("InvalidMessageContents", "InvalidMessageContents", 400),
  INVALID_ADDRESS("InvalidAddress", "InvalidAddress", 404),
  UNSUPPORTED_OPERATION("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", 400),
  BATCH_ENTRY_IDS_NOT_DISTINCT(
      "BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
  BATCH_REQUEST_TOO_LONG("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", 400),
  EMPTY_BATCH_REQUEST("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400),
  INVALID_BATCH_ENTRY_ID("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", 400),
  TOO_MANY_ENTRIES_IN_BATCH_REQUEST(
      "TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
  REQUEST_THROTTLED("RequestThrottled", "RequestThrottled", 403),

  /** Outside the API model: a parameter with a value no queue accepts. */
  INVALID_PARAMETER_VALUE("InvalidParameterValueException", "InvalidParameterValue", 400),

  /** Outside the API model: a required parameter is absent. */
  MISSING_PARAMETER("MissingRequiredParameterException", "MissingParameter", 400),

  /** Outside the API model: the request cannot be read at all. */
  MALFORMED_INPUT("SerializationException", "MalformedInput", 400),

  /** Outside the API model: an action this endpoint does not know. */
  INVALID_ACTION("UnknownOperationException", "InvalidAction", 400),

  /**
   * The service cannot take the request now (inbox full, disk full, stopping); it had no effect.
   */
  SERVICE_UNAVAILABLE("ServiceUnavailable", "ServiceUnavailable", 503),

  /** The service failed; whether the request had an effect is unknown. */
  INTERNAL_FAILURE("InternalFailure", "InternalFailure", 500);

  private final String shape;
  private final String queryCode;
  private final int httpStatus;

  ErrorCode(String shape, String queryCode, int httpStatus) {
    this.shape = shape;
    this.queryCode = queryCode;
    this.httpStatus = httpStatus;
  }

  /** The shape's name, without a namespace. */
  public String shape() {
    return shape;
  }

  /** The code of the Query protocol. */
  public String queryCode() {
    return queryCode;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** Whether the fault is the caller's: repeating the request unchanged cannot help. */
  public boolean senderFault() {
    return httpStatus < 500;
  }
}
