package io.millrace.chaos.sim;

import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.Recorder.Claim;
import io.millrace.chaos.client.Recorder.Shipment;
import io.millrace.chaos.client.Recorder.Span;
import io.millrace.chaos.client.Sent;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.embedded.Translation;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.chaos.sim.Receipts.Receipt;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the clients of a simulation do and learn: each operation asked through the {@link Wire}, and
 * written down when it has ended.
 */
final class Clients {

  private static final int BODY_BYTES = 200;

  private final Wire wire;
  private final Recorder recorder;
  private final SimMachine machine;
  private final RareStates rareStates;
  private final OrderMessages messages;
  private final List<QueueSettings> settings;
  private final Receipts receipts = new Receipts();
  private final TreeMap<Long, Fingerprint> sent = new TreeMap<>();
  private final Map<Long, Integer> homes = new HashMap<>();
  private final Set<Integer> purged = new HashSet<>();
  private long attempts;
  private long operations;
  private long lastMessageNs;

  Clients(Plan plan, Wire wire, Recorder recorder, SimMachine machine, RareStates rareStates) {
    this.wire = wire;
    this.recorder = recorder;
    this.machine = machine;
    this.rareStates = rareStates;
    this.messages = new OrderMessages(plan.seed(), BODY_BYTES);
    this.settings = new ArrayList<>(plan.queues());
  }

  /** Operations ended or under way. */
  long operations() {
    return operations;
  }

  /** When a message was received last, in ns. */
  long lastMessageNs() {
    return lastMessageNs;
  }

  /** The ids of messages by the attempts that made them, as far as their senders know. */
  Map<Long, Fingerprint> sent() {
    return sent;
  }

  /** Whether a message was ever received. */
  boolean wasReceived(long attempt) {
    return receipts.latest(attempt) != null;
  }

  /** Whether anybody asked for a purge of a queue where a message may have been. */
  boolean mayBePurged(long attempt) {
    return purged.contains(home(attempt)) || purged.contains(Plan.DEAD);
  }

  /** The queue a message was sent to. */
  int home(long attempt) {
    return homes.getOrDefault(attempt, QueueSettings.NO_QUEUE);
  }

  void perform(Step.Operation operation) {
    if (operation instanceof Step.Send send) {
      send(send);
    } else if (operation instanceof Step.SendBatch batch) {
      sendBatch(batch);
    } else if (operation instanceof Step.Receive receive) {
      receive(receive);
    } else if (operation instanceof Step.Counts counts) {
      counts(counts.queue());
    } else if (operation instanceof Step.Purge purge) {
      purge(purge.queue());
    } else if (operation instanceof Step.SetVisibility set) {
      set(set.queue(), settings.get(set.queue()).withVisibility(Duration.ofSeconds(set.seconds())));
    } else if (operation instanceof Step.CancelPoll cancel) {
      wire.cancelPoll(cancel.poll());
    } else if (!receipts.isEmpty()) {
      performWithReceipt(operation);
    }
  }

  private void performWithReceipt(Step.Operation operation) {
    if (operation instanceof Step.Delete delete) {
      delete(receipts.pick(delete.receipt()), delete.fate());
    } else if (operation instanceof Step.DeleteBatch batch) {
      deleteBatch(receipts.pickSome(batch.receipt(), batch.size()), batch.fate());
    } else if (operation instanceof Step.ChangeVisibility change) {
      change(receipts.pick(change.receipt()), change.seconds(), change.fate());
    } else if (operation instanceof Step.ChangeVisibilityBatch batch) {
      changeBatch(receipts.pickSome(batch.receipt(), batch.size()), batch.seconds());
    } else if (operation instanceof Step.DeleteElsewhere elsewhere) {
      Receipt receipt = receipts.pick(elsewhere.receipt());
      deleteBy(elsewhere.queue(), receipt.handle(), receipt.claim());
    } else if (operation instanceof Step.DeleteForged forged) {
      Receipt receipt = receipts.pick(forged.receipt());
      String handle = forge(receipt.handle(), forged.character());
      deleteBy(receipt.queue(), handle, Claim.forged(handle));
    } else {
      throw new AssertionError("no client does " + operation);
    }
  }

  /** Another character at one place, so that the handle is nobody's. */
  private static String forge(String handle, int character) {
    int at = character % handle.length();
    char other = handle.charAt(at) == 'A' ? 'B' : 'A';
    return handle.substring(0, at) + other + handle.substring(at + 1);
  }

  // ------------------------------------------------------------------------------------- queues

  /** Makes a queue. */
  void create(int queue) {
    QueueSettings wanted = settings.get(queue);
    String deadLetters = wanted.hasDeadLetters() ? Plan.name(wanted.deadLetterQueue()) : "";
    operations++;
    wire.ask(
        Translation.createQueue(name(queue), wanted, deadLetters),
        (span, answer) ->
            recorder.queue(
                span,
                Entry.QueueChange.CREATED,
                queue,
                Plan.name(queue),
                wanted,
                answer.read(Translation::done)));
  }

  private void set(int queue, QueueSettings wanted) {
    String deadLetters = wanted.hasDeadLetters() ? Plan.name(wanted.deadLetterQueue()) : "";
    operations++;
    wire.ask(
        Translation.setSettings(name(queue), wanted, deadLetters),
        (span, answer) -> {
          Outcome<Done> outcome = answer.read(Translation::done);
          recorder.queue(span, Entry.QueueChange.SET, queue, Plan.name(queue), wanted, outcome);
          if (outcome instanceof Outcome.Ok<Done>) {
            settings.set(queue, wanted);
          }
        });
  }

  private void purge(int queue) {
    operations++;
    purged.add(queue);
    wire.ask(
        Translation.purge(name(queue)),
        (span, answer) -> recorder.purged(span, queue, answer.read(Translation::done)));
  }

  /** Reads the counts of a queue. */
  void counts(int queue) {
    operations++;
    wire.ask(
        Translation.counts(name(queue)),
        (span, answer) -> recorder.counted(span, queue, answer.read(Translation::counted)));
  }

  private static QueueName name(int queue) {
    return new QueueName(Plan.name(queue));
  }

  // ------------------------------------------------------------------------------------- sending

  private void send(Step.Send send) {
    long attempt = attempts++;
    OutgoingMessage message = messages.message(attempt, attempt);
    int delayMs = settings.get(send.queue()).delayMs();
    if (send.delaySeconds() != Step.QUEUE_DEFAULT) {
      message = message.withDelay(Duration.ofSeconds(send.delaySeconds()));
      delayMs = send.delaySeconds() * 1_000;
    }
    homes.put(attempt, send.queue());
    Shipment shipment = new Shipment(attempt, attempt, wire.nowNs(), delayMs);
    operations++;
    wire.ask(
        Translation.send(name(send.queue()), message),
        send.fate(),
        new Wire.About(send.queue(), reply -> messageIds(reply)),
        (span, answer) -> {
          Outcome<Sent> outcome = answer.read(Translation::sent);
          recorder.sent(span, send.queue(), shipment, outcome);
          learn(attempt, outcome);
        });
  }

  /** Sends a batch. */
  void sendBatch(Step.SendBatch batch) {
    List<OutgoingMessage> all = new ArrayList<>();
    List<Shipment> shipments = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      long attempt = attempts++;
      homes.put(attempt, batch.queue());
      all.add(messages.message(attempt, attempt));
      shipments.add(
          new Shipment(attempt, attempt, wire.nowNs(), settings.get(batch.queue()).delayMs()));
    }
    List<BatchItem<OutgoingMessage>> items = BatchItem.numbered(all);
    operations++;
    wire.ask(
        Translation.sendBatch(name(batch.queue()), items),
        batch.fate(),
        new Wire.About(batch.queue(), reply -> messageIds(reply)),
        (span, answer) -> {
          BatchOutcome<Sent> outcome =
              answer.readBatch(items.size(), reply -> Translation.sentBatch(ids(items), reply));
          recorder.sentBatch(span, batch.queue(), shipments, items.size(), outcome);
          for (int i = 0; i < shipments.size(); i++) {
            learn(shipments.get(i).attempt(), outcome.entries().get(i));
          }
        });
  }

  private void learn(long attempt, Outcome<Sent> outcome) {
    if (outcome instanceof Outcome.Ok<Sent> ok) {
      sent.put(attempt, Fingerprint.of(ok.answer().messageId()));
    }
  }

  private static List<Fingerprint> messageIds(Reply reply) {
    List<Fingerprint> ids = new ArrayList<>();
    if (reply instanceof Reply.MessageSent one) {
      ids.add(Fingerprint.of(one.messageId().toString()));
    } else if (reply instanceof Reply.BatchDone done) {
      for (Reply.Entry entry : done.entries()) {
        if (entry instanceof Reply.Entry.Sent one) {
          ids.add(Fingerprint.of(one.messageId().toString()));
        }
      }
    }
    return ids;
  }

  private static <T> List<String> ids(List<BatchItem<T>> items) {
    return items.stream().map(BatchItem::id).toList();
  }

  // ----------------------------------------------------------------------------------- receiving

  private void receive(Step.Receive receive) {
    Duration visibility =
        receive.visibilitySeconds() == Step.QUEUE_DEFAULT
            ? Session.QUEUE_VISIBILITY
            : Duration.ofSeconds(receive.visibilitySeconds());
    poll(
        receive.queue(),
        receive.max(),
        receive.waitSeconds(),
        visibility,
        receive.fate(),
        got -> {});
  }

  /** Polls with the queue's visibility timeout, deletes what comes, and tells when it has ended. */
  void consume(int queue, int waitSeconds, Runnable ended) {
    poll(
        queue,
        10,
        waitSeconds,
        Session.QUEUE_VISIBILITY,
        Step.Fate.ANSWERED,
        got -> {
          if (!got.isEmpty()) {
            deleteBatch(got, Step.Fate.ANSWERED);
          }
          ended.run();
        });
  }

  private void poll(
      int queue,
      int max,
      int waitSeconds,
      Duration visibility,
      Step.Fate fate,
      Consumer<List<Receipt>> received) {
    operations++;
    wire.ask(
        Translation.receive(name(queue), max, Duration.ofSeconds(waitSeconds), visibility),
        fate,
        new Wire.About(queue, reply -> List.of()),
        (span, answer) -> {
          int visibilityMs =
              visibility.equals(Session.QUEUE_VISIBILITY)
                  ? settings.get(queue).visibilityMs()
                  : (int) visibility.toMillis();
          Outcome<List<IncomingMessage>> outcome = answer.read(Translation::received);
          Entry.Receive entry =
              recorder.received(
                  span, queue, max, waitSeconds * 1_000, visibilityMs, outcome, messages::read);
          if (outcome instanceof Outcome.Ok<List<IncomingMessage>> ok) {
            if (waitSeconds > 0
                && ok.answer().isEmpty()
                && machine.isAtInFlightCap(name(queue).value())) {
              rareStates.occurred(RareState.LONG_POLL_AT_THE_IN_FLIGHT_CAP);
            }
            received.accept(keep(entry, ok.answer()));
          } else {
            received.accept(List.of());
          }
        });
  }

  private List<Receipt> keep(Entry.Receive poll, List<IncomingMessage> answer) {
    List<Receipt> got = new ArrayList<>();
    for (int i = 0; i < answer.size(); i++) {
      Delivery delivery = poll.deliveries().get(i);
      Receipt before = receipts.latest(delivery.attempt());
      if (before != null
          && before.start() == machine.starts()
          && before.leaseEndNs() > poll.invokedNs()
          && before.leaseEndNs() <= poll.returnedNs()) {
        rareStates.occurred(RareState.EXPIRY_UNDER_WAITING_POLL);
      }
      Receipt receipt =
          Receipts.of(
              answer.get(i),
              delivery,
              poll.queue(),
              poll.returnedNs(),
              poll.returnedNs() + poll.visibilityMs() * 1_000_000L,
              machine.starts(),
              machine.journal().tailPosition());
      receipts.add(receipt);
      got.add(receipt);
      lastMessageNs = poll.returnedNs();
    }
    return got;
  }

  // -------------------------------------------------------------------------- deleting, changing

  private void delete(Receipt receipt, Step.Fate fate) {
    operations++;
    wire.ask(
        Translation.delete(name(receipt.queue()), receipt.handle()),
        fate,
        new Wire.About(receipt.queue(), reply -> List.of(receipt.delivery().messageId())),
        (span, answer) -> {
          Outcome<Done> outcome = answer.read(Translation::done);
          recorder.deleted(span, receipt.queue(), receipt.claim(), outcome);
          deleted(receipt, span, outcome);
        });
  }

  private void deleteBatch(List<Receipt> some, Step.Fate fate) {
    List<BatchItem<String>> items = BatchItem.numbered(some.stream().map(Receipt::handle).toList());
    int queue = some.get(0).queue();
    operations++;
    wire.ask(
        Translation.deleteBatch(name(queue), items),
        fate,
        new Wire.About(queue, reply -> List.of()),
        (span, answer) -> {
          BatchOutcome<Done> outcome =
              answer.readBatch(items.size(), reply -> Translation.doneBatch(ids(items), reply));
          recorder.deletedBatch(
              span, queue, some.stream().map(Receipt::claim).toList(), items.size(), outcome);
          for (int i = 0; i < some.size(); i++) {
            deleted(some.get(i), span, outcome.entries().get(i));
          }
        });
  }

  private void deleteBy(int queue, String handle, Claim claim) {
    operations++;
    wire.ask(
        Translation.delete(name(queue), handle),
        (span, answer) -> recorder.deleted(span, queue, claim, answer.read(Translation::done)));
  }

  private void deleted(Receipt receipt, Span span, Outcome<Done> outcome) {
    if (!(outcome instanceof Outcome.Ok<Done>)) {
      return;
    }
    Receipt latest = receipts.latest(receipt.attempt());
    if (latest != null
        && !latest.handle().equals(receipt.handle())
        && latest.receivedNs() < span.invokedNs()) {
      rareStates.occurred(RareState.STALE_DELETE_AFTER_REDELIVERY);
    }
    if (wire.wasTakenByPowerCut(receipt)) {
      rareStates.occurred(RareState.RECEIPT_OF_A_LOST_RECEIVE);
    }
  }

  private void change(Receipt receipt, int seconds, Step.Fate fate) {
    VisibilityChange change = new VisibilityChange(receipt.handle(), Duration.ofSeconds(seconds));
    operations++;
    wire.ask(
        Translation.changeVisibility(name(receipt.queue()), change),
        fate,
        new Wire.About(receipt.queue(), reply -> List.of(receipt.delivery().messageId())),
        (span, answer) ->
            recorder.changed(
                span,
                receipt.queue(),
                receipt.claim(),
                seconds * 1_000,
                answer.read(Translation::done)));
  }

  private void changeBatch(List<Receipt> some, int seconds) {
    List<BatchItem<VisibilityChange>> items =
        BatchItem.numbered(
            some.stream()
                .map(each -> new VisibilityChange(each.handle(), Duration.ofSeconds(seconds)))
                .toList());
    int queue = some.get(0).queue();
    operations++;
    wire.ask(
        Translation.changeVisibilityBatch(name(queue), items),
        (span, answer) ->
            recorder.changedBatch(
                span,
                queue,
                some.stream().map(Receipt::claim).toList(),
                some.stream().map(each -> seconds * 1_000).toList(),
                items.size(),
                answer.readBatch(items.size(), reply -> Translation.doneBatch(ids(items), reply))));
  }
}
