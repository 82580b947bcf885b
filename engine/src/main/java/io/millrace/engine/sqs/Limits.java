package io.millrace.engine.sqs;

/**
 * The quotas a queue service enforces. Sizes count bytes of UTF-8: body, attribute names, types and
 * values together.
 *
 * @param messageBytesMax largest message, and the default and largest MaximumMessageSize
 * @param batchBytesMax largest sum over the entries of one batch
 * @param inFlightMax messages of one queue that may be in flight at a time, from 1
 */
public record Limits(int messageBytesMax, int batchBytesMax, int inFlightMax) {

  /** The SQS quota of messages in flight, for standard queues (2025). */
  public static final int IN_FLIGHT_MAX = 120_000;

  /** SQS since August 2025: 1 MiB a message and a batch. */
  public static final Limits CURRENT = new Limits(1_048_576, 1_048_576, IN_FLIGHT_MAX);

  /** SQS until August 2025: 256 KiB a message and a batch. */
  public static final Limits CLASSIC = new Limits(262_144, 262_144, IN_FLIGHT_MAX);

  /** Checks the range of the cap. */
  public Limits {
    if (inFlightMax < 1) {
      throw new IllegalArgumentException("inFlightMax " + inFlightMax);
    }
  }

  /** These with another cap on what is in flight: a lab reaches a small one sooner. */
  public Limits withInFlightMax(int messages) {
    return new Limits(messageBytesMax, batchBytesMax, messages);
  }

  /** Smallest MaximumMessageSize, in bytes. */
  public static final int MESSAGE_BYTES_MAX_FLOOR = 1_024;

  public static final int BATCH_ENTRIES_MAX = 10;
  public static final int BATCH_ENTRY_ID_LENGTH_MAX = 80;
  public static final int RECEIVE_MESSAGES_MAX = 10;
  public static final int WAIT_SECONDS_MAX = 20;
  public static final int DELAY_SECONDS_MAX = 900;

  /** Longest visibility timeout, also in all since the first receive: 12 hours. */
  public static final int VISIBILITY_SECONDS_MAX = 43_200;

  public static final int RETENTION_SECONDS_MIN = 60;
  public static final int RETENTION_SECONDS_DEFAULT = 345_600;
  public static final int RETENTION_SECONDS_MAX = 1_209_600;

  public static final int MESSAGE_ATTRIBUTES_MAX = 10;

  /** Longest name or type of a message attribute, in bytes. */
  public static final int ATTRIBUTE_NAME_LENGTH_MAX = 256;

  public static final int LIST_RESULTS_MAX = 1_000;

  /** Longest MessageGroupId, in characters (AWS API model). */
  public static final int GROUP_ID_LENGTH_MAX = 128;

  /**
   * Longest AWSTraceHeader, in bytes. SQS counts it against no size and documents no limit of its
   * own; one of X-Ray's headers with every field it defines has about 200 bytes.
   */
  public static final int TRACE_HEADER_BYTES_MAX = 1_024;

  /**
   * Longest Policy, RedriveAllowPolicy or KmsMasterKeyId, in bytes. The quota of SQS's policies;
   * the others have none documented.
   */
  public static final int QUEUE_ATTRIBUTE_BYTES_MAX = 8_192;

  /** A deleted queue's name may be used again after this long, and a queue purged again. */
  public static final int COOL_DOWN_SECONDS = 60;
}
