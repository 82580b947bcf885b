package io.millrace.engine.queue;

import io.millrace.engine.sqs.SqsError;

/** What changing visibility by a receipt would do. */
public sealed interface VisibilityDecision {

  /** The message gets another end of its lease, now or later. */
  record Change(Event.VisibilityChanged event) implements VisibilityDecision {}

  /** SQS answers success and changes nothing: the receipt is stale, or its lease has ended. */
  record NoChange() implements VisibilityDecision {}

  record Refused(SqsError error) implements VisibilityDecision {}
}
