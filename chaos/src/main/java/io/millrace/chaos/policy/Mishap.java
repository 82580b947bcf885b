package io.millrace.chaos.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What can be made to go wrong. Everything a queue's clients can see of it is legal in SQS: at
 * least once, in any order, and a network between.
 */
public enum Mishap {
  /** A message comes twice in one answer, or again in the next. */
  DUPLICATE_NOW(Layer.DELIVERY),

  /**
   * A message comes again after its delete was acknowledged, {@code ms} later (SQS: a server that
   * was unavailable at the delete still has its copy).
   */
  DUPLICATE_AFTER_DELETE(Layer.DELIVERY, Setting.MS),

  /**
   * A message goes to two receivers at a time; the first answer is held up to {@code ms} for it.
   */
  CONCURRENT_DELIVERY(Layer.DELIVERY, Setting.MS),

  /** A message is visible again {@code ms} before its timeout ends. */
  EARLY_EXPIRY(Layer.DELIVERY, Setting.MS),

  /** A message is passed over for {@code ms}, so that others overtake it. */
  HOLD_BACK(Layer.DELIVERY, Setting.MS),

  /** A short poll finds nothing, whatever waits. */
  EMPTY_RECEIVE(Layer.DELIVERY),

  /** A receipt handle is out of date when its receiver gets it. */
  STALE_HANDLE(Layer.DELIVERY),

  /** A request is done and its answer replaced by an error. */
  LOST_RESPONSE(Layer.DELIVERY, Setting.ACTIONS, Setting.ANSWER),

  /** A request is refused and not done. */
  THROTTLE(Layer.DELIVERY, Setting.ACTIONS, Setting.ANSWER),

  /** Some entries of a batch fail and are not done. */
  PARTIAL_BATCH(Layer.DELIVERY, Setting.ACTIONS),

  /** A request is done twice, as when a client's retry overtakes its first answer. */
  DUPLICATE_REQUEST(Layer.DELIVERY, Setting.ACTIONS),

  /** A request is passed on {@code ms} later. */
  NET_LATENCY(Layer.NETWORK, Setting.ACTIONS, Setting.MS),

  /** Requests and answers pass at {@code bytes-per-second}. */
  NET_BANDWIDTH(Layer.NETWORK, Setting.ACTIONS, Setting.BYTES_PER_SECOND),

  /** A request vanishes; its connection stays open without a word for {@code ms}. */
  NET_HALF_OPEN(Layer.NETWORK, Setting.ACTIONS, Setting.MS),

  /** A connection is reset instead of passing the request on. */
  NET_RESET(Layer.NETWORK, Setting.ACTIONS),

  /** A request is done, its answer lost; after SILENCE the reset comes {@code ms} later. */
  NET_LOST_RESPONSE(Layer.NETWORK, Setting.ACTIONS, Setting.ANSWER, Setting.MS),

  /** A request is passed on twice; the second answer is dropped. */
  NET_DUPLICATE_REQUEST(Layer.NETWORK, Setting.ACTIONS),

  /** A request is refused on the way and not done. */
  NET_THROTTLE(Layer.NETWORK, Setting.ACTIONS, Setting.ANSWER),

  /** An answer is the last of its connection, which takes {@code ms} to close. */
  NET_SLOW_CLOSE(Layer.NETWORK, Setting.ACTIONS, Setting.MS),

  /** The server's wall clock is stepped. */
  CLOCK_STEP(Layer.CLOCK),

  /** Waiting messages are handed out in another order than they came. */
  REORDER(Layer.ORDER),

  /** The server process is ended by SIGKILL. */
  KILL(Layer.PROCESS),

  /** The server process is stopped and, {@code ms} later, goes on. */
  PAUSE(Layer.PROCESS),

  /** The server process is ended again and again while it starts. */
  RESTART_STORM(Layer.PROCESS),

  /** The server comes back under the process id it had. */
  SAME_PID_RESTART(Layer.PROCESS);

  /** Who can inject it. */
  public enum Layer {
    /** A wrapper of the queue service in the server. */
    DELIVERY,
    /** A proxy between clients and any endpoint. */
    NETWORK,
    /** The server's own clock. */
    CLOCK,
    /** The server's choice of the next message. */
    ORDER,
    /** Whoever started the server; not part of a policy. */
    PROCESS
  }

  /** What a rule of the kind may say beyond how often. */
  enum Setting {
    MS,
    ACTIONS,
    ANSWER,
    BYTES_PER_SECOND;

    String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Layer layer;

  @SuppressWarnings("ImmutableEnumChecker") // a copy of Set.copyOf
  private final Set<Setting> settings;

  Mishap(Layer layer, Setting... settings) {
    this.layer = layer;
    this.settings =
        settings.length == 0 ? Set.of() : Set.copyOf(EnumSet.copyOf(Arrays.asList(settings)));
  }

  /** The name in policies, metrics and histories: {@code duplicate-now}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Who can inject it. */
  public Layer layer() {
    return layer;
  }

  boolean takes(Setting setting) {
    return settings.contains(setting);
  }

  /** Whether a policy can ask for it by a rate. */
  boolean hasRate() {
    return layer == Layer.DELIVERY || layer == Layer.NETWORK;
  }

  /** The actions the kind can concern. */
  Set<SqsAction> possibleActions() {
    return this == PARTIAL_BATCH
        ? EnumSet.of(
            SqsAction.SEND_MESSAGE_BATCH,
            SqsAction.DELETE_MESSAGE_BATCH,
            SqsAction.CHANGE_MESSAGE_VISIBILITY_BATCH)
        : EnumSet.allOf(SqsAction.class);
  }

  /** The answers the kind can give, the default first. */
  Answer[] possibleAnswers() {
    return switch (this) {
      case LOST_RESPONSE -> new Answer[] {Answer.ERROR, Answer.UNAVAILABLE};
      case THROTTLE, NET_THROTTLE -> new Answer[] {Answer.THROTTLED, Answer.UNAVAILABLE};
      case NET_LOST_RESPONSE ->
          new Answer[] {Answer.RESET, Answer.CLOSE, Answer.SILENCE, Answer.ERROR};
      default -> new Answer[] {Answer.ERROR};
    };
  }

  /** How long, when the rule does not say. */
  Span defaultSpan() {
    return switch (this) {
      case DUPLICATE_AFTER_DELETE -> new Span(50, 1_000);
      case CONCURRENT_DELIVERY -> Span.exactly(50);
      case EARLY_EXPIRY -> Span.exactly(500);
      case HOLD_BACK -> new Span(20, 250);
      case NET_LATENCY -> new Span(5, 50);
      case NET_HALF_OPEN, NET_LOST_RESPONSE -> Span.exactly(15_000);
      case NET_SLOW_CLOSE -> Span.exactly(1_000);
      default -> Span.ZERO;
    };
  }

  /** The kind of that name. */
  public static Optional<Mishap> named(String wireName) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(wireName)).findAny();
  }
}
