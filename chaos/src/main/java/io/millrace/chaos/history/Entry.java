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
      boolean digestsAgree)
      implements Entry {

    /** Checks the order of the instants and the range of the attempt. */
    public Send {
      checkInstants(invokedNs, returnedNs);
      if (attempt < 0 || delayMs < 0) {
        throw new IllegalArgumentException("attempt " + attempt + ", delay " + delayMs + " ms");
      }
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
      List<Delivery> deliveries)
      implements Entry {

    /** Copies the deliveries and checks the instants. */
    public Receive {
      checkInstants(invokedNs, returnedNs);
      deliveries = List.copyOf(deliveries);
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
   */
  record Delete(
      int session,
      long invokedNs,
      long returnedNs,
      Ending ending,
      String reason,
      long attempt,
      Fingerprint handle,
      int batch)
      implements Entry {

    /** Checks the instants. */
    public Delete {
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
      implements Entry {

    /** Checks the instants. */
    public Event {
      checkInstants(invokedNs, returnedNs);
    }

    @Override
    public Ending ending() {
      return Ending.OK;
    }

    @Override
    public String reason() {
      return "";
    }
  }

  private static void checkInstants(long invokedNs, long returnedNs) {
    if (returnedNs < invokedNs) {
      throw new IllegalArgumentException(
          "returned at " + returnedNs + " ns, before it was invoked at " + invokedNs + " ns");
    }
  }
}
