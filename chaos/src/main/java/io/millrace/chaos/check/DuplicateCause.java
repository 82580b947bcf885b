package io.millrace.chaos.check;

/** Why a message was received more than once. */
public enum DuplicateCause {
  /** A delete of unknown outcome did not take effect, and the lease ended. */
  UNKNOWN_DELETE("unknownDelete"),
  /** The server was killed between the two receives. */
  CRASH("crash"),
  /** A change of visibility ended the lease early. */
  VISIBILITY_CHANGED("visibilityChanged"),
  /** It was arranged on purpose. */
  INJECTED("injected"),
  /** The lease ended before anybody deleted the message. */
  VISIBILITY_EXPIRED("visibilityExpired"),
  /** It came back after a confirmed delete; {@link Invariant#ZOMBIE} judges it. */
  AFTER_DELETE("afterDelete"),
  /** None of these. */
  UNEXPLAINED("unexplained");

  private final String label;

  DuplicateCause(String label) {
    this.label = label;
  }

  /** The cause's name in reports. */
  public String label() {
    return label;
  }
}
