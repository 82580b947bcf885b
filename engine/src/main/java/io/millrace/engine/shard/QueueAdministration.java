package io.millrace.engine.shard;

import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.QueueMachine;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is done to queues, not to their messages: making, changing, emptying, deleting, describing
 * and listing them.
 *
 * <p>Attributes are legal when they are stored: a change is refused whole or made whole, and a
 * dead-letter target must exist here when it is named. It may be deleted afterwards.
 *
 * <p>Threads: the shard's. Queues that are handed in have been advanced to the turn's now.
 */
final class QueueAdministration {

  private final ShardConfig config;
  private final Catalogue catalogue;
  private final EventLog log;
  private final Receiving receiving;
  private final ShardCounters counters;

  QueueAdministration(ShardContext context, EventLog log, Receiving receiving) {
    this.config = context.config();
    this.catalogue = context.catalogue();
    this.log = log;
    this.receiving = receiving;
    this.counters = context.counters();
  }

  Reply create(Request.CreateQueue request) {
    QueueName name = request.queue();
    QueueAttributes.Change change =
        QueueAttributes.defaults(config.limits()).with(request.attributes(), config.limits());
    if (change instanceof QueueAttributes.Change.Rejected rejected) {
      return new Reply.Failed(rejected.error());
    }
    QueueAttributes wanted = ((QueueAttributes.Change.Accepted) change).attributes();
    QueueEntry entry = catalogue.find(name);
    if (entry != null) {
      return entry
          .machine
          .attributes()
          .firstDifference(wanted, request.attributes().keySet())
          .<Reply>map(QueueAdministration::mismatch)
          .orElseGet(() -> new Reply.QueueNamed(name));
    }
    if (catalogue.deletedRecently(name, log.nowMs())) {
      return new Reply.Failed(
          new SqsError(
              ErrorCode.QUEUE_DELETED_RECENTLY,
              "You must wait 60 seconds after deleting a queue before you can create another with the same name."));
    }
    Optional<SqsError> refusal = refuseRedrive(wanted);
    if (refusal.isPresent()) {
      return new Reply.Failed(refusal.get());
    }
    Event.QueueCreated event = new Event.QueueCreated(catalogue.nextQueueNumber(), name, wanted);
    log.commit(event);
    return new Reply.QueueNamed(name);
  }

  Reply setAttributes(QueueEntry entry, Request.SetQueueAttributes request) {
    QueueAttributes.Change change =
        entry.machine.attributes().with(request.attributes(), config.limits());
    if (change instanceof QueueAttributes.Change.Rejected rejected) {
      return new Reply.Failed(rejected.error());
    }
    QueueAttributes wanted = ((QueueAttributes.Change.Accepted) change).attributes();
    if (request.attributes().containsKey(QueueAttribute.REDRIVE_POLICY)) {
      Optional<SqsError> refusal = refuseRedrive(wanted);
      if (refusal.isPresent()) {
        return new Reply.Failed(refusal.get());
      }
    }
    Event.AttributesSet event = new Event.AttributesSet(entry.machine.queueNumber(), wanted);
    log.commit(event);
    receiving.touch(entry);
    return Reply.Done.DONE;
  }

  Reply purge(QueueEntry entry) {
    Optional<SqsError> refusal = entry.machine.refusePurge();
    if (refusal.isPresent()) {
      return new Reply.Failed(refusal.get());
    }
    long before = entry.machine.conservation().purged();
    Event.Purged event = new Event.Purged(entry.machine.queueNumber());
    log.commit(event);
    counters.purged.add(entry.machine.conservation().purged() - before);
    return Reply.Done.DONE;
  }

  Reply deleteQueue(QueueEntry entry) {
    Event.QueueDeleted event = new Event.QueueDeleted(entry.machine.queueNumber());
    log.commit(event);
    receiving.queueDeleted(entry);
    return Reply.Done.DONE;
  }

  Reply state(QueueEntry entry) {
    QueueMachine machine = entry.machine;
    return new Reply.QueueState(
        machine.name(),
        machine.attributes(),
        machine.createdAtMs(),
        machine.modifiedAtMs(),
        machine.visible(),
        machine.inFlight(),
        machine.delayed());
  }

  Reply list(Request.ListQueues request) {
    boolean paged = request.maxResults() != Request.QUEUE_DEFAULT;
    int max = paged ? request.maxResults() : Limits.LIST_RESULTS_MAX;
    List<QueueName> names = new ArrayList<>();
    for (QueueEntry entry : catalogue.queuesAfter(request.startAfter())) {
      QueueName name = entry.machine.name();
      if (!name.value().startsWith(request.prefix())) {
        continue;
      }
      if (names.size() == max) {
        return new Reply.QueueList(names, paged ? names.get(max - 1).value() : "");
      }
      names.add(name);
    }
    return new Reply.QueueList(names, "");
  }

  private static Reply mismatch(QueueAttribute attribute) {
    return new Reply.Failed(
        new SqsError(
            ErrorCode.QUEUE_NAME_EXISTS,
            "A queue already exists with the same name and a different value for attribute "
                + attribute.wireName()));
  }

  private Optional<SqsError> refuseRedrive(QueueAttributes attributes) {
    if (attributes.redrivePolicy().isEmpty()) {
      return Optional.empty();
    }
    RedrivePolicy policy = attributes.redrivePolicy().get();
    boolean exists =
        QueueArn.parse(policy.deadLetterTargetArn())
            .filter(arn -> arn.region().equals(config.region()))
            .filter(arn -> arn.account().equals(config.account()))
            .map(arn -> catalogue.find(arn.name()))
            .isPresent();
    return exists
        ? Optional.empty()
        : Optional.of(
            SqsError.invalidParameter(
                policy.toJson(), "RedrivePolicy", "Dead letter target does not exist."));
  }
}
