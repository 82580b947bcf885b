package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import java.util.Optional;

/**
 * One request and what came of it, as an observer sees it: good during the call that tells of it,
 * on the thread of that call. Reading it allocates nothing, but for {@link #errorText} and {@link
 * #queue} of what has none.
 */
public interface AnsweredRequest {

  /** {@link Action#UNKNOWN} if the request did not come far enough to tell. */
  Action action();

  /** The name of the queue it was about; empty if it named none or an illegal one. */
  String queue();

  /** Of HTTP. */
  int status();

  /** Why the whole request failed as a request to SQS; empty also when it was refused as HTTP. */
  Optional<ErrorCode> error();

  /** The code of either kind of failure, as the answer gave it; empty for a success. */
  String errorText();

  /** Whether it was refused as HTTP, before anything was read as SQS. */
  boolean refusedAsHttp();

  /** Why it was told to come again later, if it was. */
  Optional<Throttle> throttle();

  /** Whether it is a receive that was held for a message; see {@link RequestObserver#observed}. */
  boolean heldPoll();

  /** Bytes of the request's body. */
  int requestBytes();

  /** The first half of the id that the answer's {@code x-amzn-RequestId} shows as a UUID. */
  long requestIdHigh();

  /** The second half. */
  long requestIdLow();

  /**
   * The trace it belongs to, as it came: the message's {@code AWSTraceHeader}, the header {@code
   * X-Amzn-Trace-Id}, or the header {@code traceparent}, the first of them that is there and is
   * printable ASCII of at most 1,024 characters; empty if none is.
   */
  String trace();
}
