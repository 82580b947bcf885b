package io.millrace.chaos.history;

import java.util.List;

/**
 * One line of a history: what one client asked, when, and how it ended; or an event of the run that
 * the checkers must know.
 *
 * <p>An entry takes effect somewhere between its two instants. Where the {@linkplain Ending ending}
 * is {@link Ending#INFO} the effect may come at any time after {@link #invokedNs}, and {@link
 * #returnedNs} only says when the client gave up.
 */
public sealed interface Entry {

  /** The attempt of a delivery whose body names none. */
  long NO_ATTEMPT = -1;

  /** The batch number of an operation that was sent alone. */
  int ALONE = 0;

  /** The number of the only queue of a run that has one. */
  int FIRST_QUEUE = 0;

  /**
   * The reason of a batch entry that the answer to its batch names nowhere; the batch invariant
   * looks for it.
   */
  String NOT_IN_ANSWER = "NotInTheAnswer";

  /** The client session, from 0; unique in the run. */
  int session();

  /** Just before the request left, in ns since the run's origin. */
  long invokedNs();

  /** When the answer was in hand or the client gave up, in ns since the run's origin. */
  long returnedNs();

  /** How it ended. */
  Ending ending();

  /** Why it did not end well, in a few words; empty after {@link Ending#OK}. */
  String reason();

  /**
   * How long the operation was under way, in ns; 0 for what is no operation of a client, such as a
   * fault, whose length says nothing about how late an effect can be heard of.
   */
  default long operationNs() {
    boolean operation = !(this instanceof Event || this instanceof Fault || this instanceof Target);
    return operation ? returnedNs() - invokedNs() : 0;
  }

  /**
   * One attempt to send one message. A sender that tries again makes a new attempt for the same
   * order.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended
   * @param reason why it did not end well
   * @param attempt unique in the run, from 0, dense
   * @param order the order the message is about; the same for every attempt to send it
   * @param intendedNs the instant the schedule set for this order, in ns since the run's origin
   * @param delayMs the delay asked for, 0 to 900,000
   * @param messageId the id the server gave; {@link Fingerprint#NONE} unless the ending is OK
   * @param digestsAgree whether the digests in the server's answer are those of what was sent; true
   *     unless OK
   * @param queue the queue's number
   * @param batch the same number for every entry of one batch request of this session; {@link
   *     #ALONE} outside a batch
   */
  record Send(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      long attempt,
      long order,
      long intendedNs,
      int delayMs,
      Fingerprint messageId,
      boolean digestsAgree,
      int queue,
      int batch)
      implements Entry {

    /** Checks the order of the instants and the range of the attempt. */
    public Send {
      checkInstants(invokedNs, returnedNs);
      if (attempt < 0 || delayMs < 0) {
        throw new IllegalArgumentException("attempt " + attempt + ", delay " + delayMs + " ms");
      }
    }

    /** A send by itself, to the only queue. */
    public Send(
        int session,
        long invokedNs,
        long returnedNs,
        Ending ending,
        String reason,
        long attempt,
        long order,
        long intendedNs,
        int delayMs,
        Fingerprint messageId,
        boolean digestsAgree) {
      this(
          session,
          invokedNs,
          returnedNs,
          ending,
          reason,
          attempt,
          order,
          intendedNs,
          delayMs,
          messageId,
          digestsAgree,
          FIRST_QUEUE,
          ALONE);
    }
  }

  /**
   * One poll.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended; after INFO the server may have handed out messages that nobody saw
   * @param reason why it did not end well
   * @param waitMs how long the server was asked to wait for a message, 0 to 20,000
   * @param visibilityMs the visibility timeout in force for this receive, 0 to 43,200,000
   * @param max how many messages were asked for, 1 to 10
   * @param deliveries the messages, in the answer's order; empty for an empty poll
   * @param queue the queue's number
   */
  record Receive(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      int waitMs,
      int visibilityMs,
      int max,
      List<Delivery> deliveries,
      int queue)
      implements Entry {

    /** Copies the deliveries and checks the instants. */
    public Receive {
      checkInstants(invokedNs, returnedNs);
      deliveries = List.copyOf(deliveries);
    }

    /** A poll of the only queue. */
    public Receive(
        int session,
        long invokedNs,
        long returnedNs,
        Ending ending,
        String reason,
        int waitMs,
        int visibilityMs,
        int max,
        List<Delivery> deliveries) {
      this(
          session,
          invokedNs,
          returnedNs,
          ending,
          reason,
          waitMs,
          visibilityMs,
          max,
          deliveries,
          FIRST_QUEUE);
    }
  }

  /**
   * One delete of one receipt handle, alone or as one entry of a batch.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended for this entry
   * @param reason why it did not end well
   * @param attempt the attempt whose delivery carried the handle; {@link #NO_ATTEMPT} if its body
   *     named none
   * @param handle the handle
   * @param batch the same number for every entry of one batch request of this session; {@link
   *     #ALONE} outside a batch
   * @param queue the queue's number
   */
  record Delete(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      long attempt,
      Fingerprint handle,
      int batch,
      int queue)
      implements Entry {

    /** Checks the instants. */
    public Delete {
      checkInstants(invokedNs, returnedNs);
    }

    /** A delete in the only queue. */
    public Delete(
        int session,
        long invokedNs,
        long returnedNs,
        Ending ending,
        String reason,
        long attempt,
        Fingerprint handle,
        int batch) {
      this(session, invokedNs, returnedNs, ending, reason, attempt, handle, batch, FIRST_QUEUE);
    }
  }

  /**
   * One change of the visibility timeout of one receipt handle, alone or as one entry of a batch.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended for this entry
   * @param reason why it did not end well
   * @param attempt the attempt whose delivery carried the handle; {@link #NO_ATTEMPT} if its body
   *     named none
   * @param handle the handle
   * @param visibilityMs the new timeout, counted from the call, 0 to 43,200,000; 0 ends the lease
   * @param batch as in {@link Delete}
   * @param queue the queue's number
   */
  record Visibility(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      long attempt,
      Fingerprint handle,
      int visibilityMs,
      int batch,
      int queue)
      implements Entry {

    /** Checks the instants. */
    public Visibility {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /**
   * A batch request as a whole; its entries are entries of the history too, with the same number,
   * just before it.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how the request ended as a whole: OK even if every entry was refused
   * @param reason why it did not end well
   * @param queue the queue's number
   * @param batch its number in the session, from 1
   * @param size how many entries were asked for
   * @param distinctIds how many different ids they had
   * @param successful how many ids of the request the answer names as done
   * @param failed how many ids of the request the answer names as refused
   * @param stray how many ids the answer names that the request had not, or that it names twice
   */
  record Batch(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      int queue,
      int batch,
      int size,
      int distinctIds,
      int successful,
      int failed,
      int stray)
      implements Entry {

    /** Checks the instants. */
    public Batch {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /**
   * One purge of a queue.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended
   * @param reason why it did not end well
   * @param queue the queue's number
   */
  record Purge(
      int session, long invokedNs, long returnedNs, Ending ending, String reason, int queue)
      implements Entry {

    /** Checks the instants. */
    public Purge {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /**
   * One reading of a queue's counts.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended
   * @param reason why it did not end well
   * @param queue the queue's number
   * @param visible ApproximateNumberOfMessages; 0 unless OK
   * @param inFlight ApproximateNumberOfMessagesNotVisible; 0 unless OK
   * @param delayed ApproximateNumberOfMessagesDelayed; 0 unless OK
   */
  record Counts(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      int queue,
      long visible,
      long inFlight,
      long delayed)
      implements Entry {

    /** Checks the instants. */
    public Counts {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /** What was done to a queue as a whole. The codes are part of the file format. */
  enum QueueChange {
    /** It was made, or was there with these settings. */
    CREATED(1),
    /** Its settings were set. */
    SET(2),
    /** It was deleted with all its messages. */
    DELETED(3);

    private final int code;

    QueueChange(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static QueueChange ofCode(int code) {
      for (QueueChange each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      throw new IllegalArgumentException("no change of a queue has the code " + code);
    }
  }

  /**
   * A queue was made, set or deleted.
   *
   * @param session the client session
   * @param invokedNs just before the request left
   * @param returnedNs when the answer was in hand
   * @param ending how it ended
   * @param reason why it did not end well
   * @param change what was asked for
   * @param queue the queue's number; a name that is made again after its deletion gets a new one
   * @param name its name
   * @param settings in force after an OK
   */
  record Queue(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      QueueChange change,
      int queue,
      String name,
      QueueSettings settings)
      implements Entry {

    /** Checks the instants. */
    public Queue {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /** No operation: it can only have happened. */
  sealed interface Happening extends Entry {

    @Override
    default Ending ending() {
      return Ending.OK;
    }

    @Override
    default String reason() {
      return "";
    }
  }

  /**
   * What the target declares of itself; before its first operation.
   *
   * @param session the number of the session log it is kept in
   * @param invokedNs when it was written down
   * @param name the target, for people
   * @param survival what its acknowledgements survive
   */
  record Target(int session, long invokedNs, String name, Survival survival) implements Happening {

    @Override
    public long returnedNs() {
      return invokedNs;
    }
  }

  /**
   * Something an injector did, or meant to do.
   *
   * @param session the number of the session log it is kept in
   * @param invokedNs when it began
   * @param returnedNs when it was known to be over
   * @param id the fault's number in the plan, from 0; its phases share it
   * @param kind what is done
   * @param phase where the fault is in its life
   * @param queue the queue it is about; {@link QueueSettings#NO_QUEUE} if it is about none
   * @param message the message id it is about; {@link Fingerprint#NONE} if it is about none
   * @param target where it was done, such as {@code server}, {@code proxy} or a file's name
   * @param detail the evidence, in a few words, for people
   */
  record Fault(
      int session,
      long invokedNs,
      long returnedNs,
      int id,
      FaultKind kind,
      FaultPhase phase,
      int queue,
      Fingerprint message,
      String target,
      String detail)
      implements Happening {

    /** Checks the instants. */
    public Fault {
      checkInstants(invokedNs, returnedNs);
    }
  }

  /**
   * Something that was done to the system or that the run itself reached; instants as for an
   * operation.
   *
   * @param session the number of the session log it is kept in
   * @param invokedNs when it began
   * @param returnedNs when it was known to be over
   * @param kind what happened
   * @param detail the evidence, in a few words, for people
   */
  record Event(int session, long invokedNs, long returnedNs, EventKind kind, String detail)
      implements Happening {

    /** Checks the instants. */
    public Event {
      checkInstants(invokedNs, returnedNs);
    }
  }

  private static void checkInstants(long invokedNs, long returnedNs) {
    if (returnedNs < invokedNs) {
      throw new IllegalArgumentException(
          "returned at " + returnedNs + " ns, before it was invoked at " + invokedNs + " ns");
    }
  }
}
