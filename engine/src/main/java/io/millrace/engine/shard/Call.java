package io.millrace.engine.shard;

import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a shard, and the future its caller holds: a single object from
 * door to door.
 *
 * <p>Threads: the caller's thread makes it, the shard's thread owns it from the inbox on, the
 * flusher's from the release queue on; {@link #next} links it into one of the two and is handed
 * over with it.
 */
final class Call extends CompletableFuture<Reply> {

  /** What a request weighs besides its payload, against the budget of pending bytes. */
  private static final int OVERHEAD_BYTES = 256;

  final Request request;

  /** Bytes this call takes from the pending budget until its reply leaves. */
  final int weightBytes;

  /** The next call in the inbox, then in the release queue. */
  @Nullable Call next;

  /** Set by the shard when the call is decided. */
  @Nullable Reply reply;

  /** The reply leaves when everything before this position is durable. */
  long releaseAt;

  /** For a waiting poll: when it gives up, in ms since the epoch. */
  long deadlineMs;

  Call(Request request) {
    this.request = request;
    this.weightBytes = OVERHEAD_BYTES + payloadBytes(request);
  }

  private static int payloadBytes(Request request) {
    if (request instanceof Request.SendMessage send) {
      return bytes(send.message());
    }
    if (request instanceof Request.SendMessageBatch batch) {
      int bytes = 0;
      for (Request.SendEntry entry : batch.entries()) {
        bytes += bytes(entry.message());
      }
      return bytes;
    }
    return 0;
  }

  private static int bytes(OutgoingMessage message) {
    return message.sizeBytes();
  }

  Request.ReceiveMessage poll() {
    return (Request.ReceiveMessage) request;
  }
}
