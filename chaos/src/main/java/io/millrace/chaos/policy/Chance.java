package io.millrace.chaos.policy;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The dice of one fault of one queue. Its n-th opportunity has the same fate whenever the seed is
 * the same, whichever thread meets it.
 */
public final class Chance {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final FaultRule rule;
  private final long stream;
  private final AtomicLong opportunities = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();

  Chance(FaultRule rule, long seed, String queue) {
    this.rule = rule;
    this.stream =
        new SplittableRandom(
                seed ^ (long) queue.hashCode() << 32 ^ rule.kind().wireName().hashCode())
            .nextLong();
  }

  /** The rule behind it. */
  public FaultRule rule() {
    return rule;
  }

  /** Whether the rule concerns an action. */
  public boolean concerns(SqsAction action) {
    return rule.actions().contains(action);
  }

  /** Meets one opportunity; empty when nothing is to go wrong this time. */
  public Optional<Hit> draw() {
    long number = opportunities.getAndIncrement();
    if (number < rule.after() || hits.get() >= rule.max()) {
      return Optional.empty();
    }
    SplittableRandom dice = new SplittableRandom(stream + number * GOLDEN);
    if (dice.nextDouble() >= rule.rate() || hits.incrementAndGet() > rule.max()) {
      return Optional.empty();
    }
    return Optional.of(new Hit(rule, dice));
  }

  /** How many opportunities there were. */
  public long opportunities() {
    return opportunities.get();
  }

  /** An opportunity that is taken, and the chances within it. Owned by one thread. */
  public static final class Hit {

    private final FaultRule rule;
    private final SplittableRandom dice;

    private Hit(FaultRule rule, SplittableRandom dice) {
      this.rule = rule;
      this.dice = dice;
    }

    /** The rule behind it. */
    public FaultRule rule() {
      return rule;
    }

    /** A duration of the rule's span, in ms. */
    public long drawMs() {
      Span span = rule.span();
      return dice.nextLong(span.minMs(), span.maxMs() + 1);
    }

    /** A number from 0 to below the bound. */
    public int below(int bound) {
      return dice.nextInt(bound);
    }

    /** Heads or tails. */
    public boolean flip() {
      return dice.nextBoolean();
    }
  }
}
