package io.millrace.chaos.sim;

import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.sim.Step.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a run does: its world, and an explicit list of steps. All of it is drawn from the seed, each
 * step from the seed and its own index; so a seed and the indices of the steps that are kept are
 * the whole schedule.
 *
 * @param seed what it was drawn from
 * @param survival what acknowledgements are to survive
 * @param clockSteps whether the wall clock is set during the run
 * @param queues the settings of the queues, by number
 * @param segmentBytes size of a journal segment
 * @param checkpointBytes journal bytes between two checkpoints
 * @param steps the steps by index
 */
public record Plan(
    long seed,
    Survival survival,
    boolean clockSteps,
    List<QueueSettings> queues,
    int segmentBytes,
    int checkpointBytes,
    SortedMap<Integer, Step> steps) {

  /** Where messages go that were received too often. */
  static final int DEAD = 0;

  /** Has a dead-letter queue. */
  static final int WORK = 1;

  /** Has nothing special. */
  static final int PLAIN = 2;

  /** Delays what is sent to it. */
  static final int LATE = 3;

  /** Keeps messages for a minute. */
  static final int BRIEF = 4;

  /** Messages of a queue that may be in flight: few, so that polls wait at the cap. */
  static final int IN_FLIGHT_MAX = 12;

  private static final List<String> NAMES = List.of("dead", "work", "plain", "late", "brief");

  private static final int STEPS_MIN = 340;
  private static final int STEPS_SPREAD = 80;
  private static final int FAULT_EVERY = 45;

  /** Copies what it is given. */
  public Plan {
    queues = List.copyOf(queues);
    steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
  }

  /** The whole plan of a seed. */
  static Plan of(long seed) {
    SplittableRandom draws = new SplittableRandom(mix(seed));
    Survival survival = draws.nextInt(4) == 0 ? Survival.PROCESS_CRASH : Survival.POWER_LOSS;
    boolean clockSteps = draws.nextInt(6) == 0;
    Duration visibility = Duration.ofSeconds((clockSteps ? 8 : 2) + draws.nextInt(4));
    QueueSettings plain =
        QueueSettings.DEFAULTS.withVisibility(visibility).withInFlightMax(IN_FLIGHT_MAX);
    List<QueueSettings> queues =
        List.of(
            plain,
            plain.withDeadLetters(DEAD, 1 + draws.nextInt(3)),
            plain,
            plain.withDelay(Duration.ofSeconds(1 + draws.nextInt(3))),
            plain.withRetention(Duration.ofSeconds(60)));
    int segmentBytes = 8_192 + draws.nextInt(24 * 1024);
    int checkpointBytes = 6_000 + draws.nextInt(20_000);
    SortedMap<Integer, Step> steps = new TreeMap<>();
    int count = STEPS_MIN + draws.nextInt(STEPS_SPREAD);
    Draft draft = new Draft(survival, clockSteps);
    for (int i = 0; i < count; i++) {
      boolean fault = i % FAULT_EVERY == FAULT_EVERY / 2;
      SplittableRandom own = stepDraws(seed, i);
      steps.put(i, fault || own.nextInt(80) == 0 ? draft.fault(own) : draft.operation(own));
    }
    return new Plan(seed, survival, clockSteps, queues, segmentBytes, checkpointBytes, steps);
  }

  /** This plan with some of its steps alone. */
  Plan keeping(Iterable<Integer> kept) {
    SortedMap<Integer, Step> some = new TreeMap<>();
    for (int index : kept) {
      Step step = steps.get(index);
      if (step == null) {
        throw new IllegalArgumentException("the plan of seed " + seed + " has no step " + index);
      }
      some.put(index, step);
    }
    return new Plan(seed, survival, clockSteps, queues, segmentBytes, checkpointBytes, some);
  }

  /** The indices of the steps, in order. */
  List<Integer> indices() {
    return new ArrayList<>(steps.keySet());
  }

  static String name(int queue) {
    return NAMES.get(queue);
  }

  /** The draws that a step may make when it is carried out; the same whatever was left out. */
  static SplittableRandom stepDraws(long seed, int index) {
    return new SplittableRandom(mix(seed * 1_000_003 + index));
  }

  /** SplitMix64's finisher: seeds that follow each other draw nothing alike. */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Draws steps. */
  private static final class Draft {
    private static final int PICKS = 1 << 16;

    private final boolean powerCuts;
    private final boolean clockSteps;

    Draft(Survival survival, boolean clockSteps) {
      this.powerCuts = survival == Survival.POWER_LOSS;
      this.clockSteps = clockSteps;
    }

    Step operation(SplittableRandom draws) {
      int dice = draws.nextInt(1_000);
      if (dice < 210) {
        return new Step.Send(queue(draws), delay(draws), fate(draws));
      } else if (dice < 250) {
        return new Step.SendBatch(queue(draws), 2 + draws.nextInt(9), fate(draws));
      } else if (dice < 530) {
        return new Step.Receive(
            queue(draws), 1 + draws.nextInt(10), wait(draws), visibility(draws), lossy(draws));
      } else if (dice < 680) {
        return new Step.Delete(draws.nextInt(PICKS), fate(draws));
      } else if (dice < 730) {
        return new Step.DeleteBatch(draws.nextInt(PICKS), 2 + draws.nextInt(9), lossy(draws));
      } else if (dice < 790) {
        return new Step.ChangeVisibility(draws.nextInt(PICKS), lease(draws), fate(draws));
      } else if (dice < 810) {
        return new Step.ChangeVisibilityBatch(
            draws.nextInt(PICKS), 2 + draws.nextInt(5), lease(draws));
      }
      return rareOperation(dice, draws);
    }

    private Step rareOperation(int dice, SplittableRandom draws) {
      if (dice < 870) {
        return new Step.Counts(draws.nextInt(NAMES.size()));
      } else if (dice < 880) {
        return new Step.Purge(draws.nextInt(NAMES.size()));
      } else if (dice < 888) {
        return new Step.SetVisibility(queue(draws), (clockSteps ? 8 : 2) + draws.nextInt(5));
      } else if (dice < 898) {
        return new Step.DeleteElsewhere(draws.nextInt(PICKS), draws.nextInt(NAMES.size()));
      } else if (dice < 906) {
        return new Step.DeleteForged(draws.nextInt(PICKS), draws.nextInt(PICKS));
      } else if (dice < 920) {
        return new Step.CancelPoll(draws.nextInt(PICKS));
      } else if (dice < 922) {
        return new Step.Wait(20_000 + draws.nextInt(45_000));
      }
      return new Step.Wait(draws.nextInt(4) == 0 ? draws.nextInt(6_000) : draws.nextInt(600));
    }

    Step fault(SplittableRandom draws) {
      int dice = draws.nextInt(100);
      if (dice < 60) {
        return crash(draws);
      } else if (dice < 70) {
        return new Step.FailForce();
      } else if (dice < 78) {
        return new Step.SlowForce(20 + draws.nextInt(1_500));
      } else if (dice < 88) {
        return new Step.FillDisk(
            100 + draws.nextInt(3_000), draws.nextBoolean() ? 0 : draws.nextInt(6_000));
      } else if (dice < 94 || !clockSteps) {
        return new Step.FlipBit(draws.nextInt(PICKS), draws.nextInt(PICKS));
      }
      return new Step.StepClock(draws.nextInt(3_000) - 1_500);
    }

    private Step crash(SplittableRandom draws) {
      CrashSite[] sites = CrashSite.values();
      CrashSite site = sites[draws.nextInt(sites.length)];
      int n =
          switch (site) {
            case APPEND -> 1 + draws.nextInt(20);
            case BATCH -> 1 + draws.nextInt(3);
            case CHECKPOINT, FORCE -> 1 + draws.nextInt(6);
            default -> 1;
          };
      boolean again = site == CrashSite.RECOVERY || draws.nextInt(6) == 0;
      Step.Tail[] tails = Step.Tail.values();
      return new Step.Crash(
          powerCuts && draws.nextInt(3) > 0,
          site,
          n,
          tails[draws.nextInt(tails.length)],
          draws.nextInt(4) == 0 ? draws.nextInt(5_000) : draws.nextInt(200),
          again ? 1 + draws.nextInt(12) : 0);
    }

    private static int queue(SplittableRandom draws) {
      int dice = draws.nextInt(100);
      if (dice < 36) {
        return WORK;
      } else if (dice < 66) {
        return PLAIN;
      } else if (dice < 80) {
        return LATE;
      }
      return dice < 92 ? BRIEF : DEAD;
    }

    private static int delay(SplittableRandom draws) {
      return draws.nextInt(7) == 0 ? draws.nextInt(4) : Step.QUEUE_DEFAULT;
    }

    private static int wait(SplittableRandom draws) {
      return draws.nextInt(4) == 0 ? 1 + draws.nextInt(4) : 0;
    }

    private int visibility(SplittableRandom draws) {
      int least = clockSteps ? 8 : 0;
      return draws.nextInt(5) == 0 ? least + draws.nextInt(7) : Step.QUEUE_DEFAULT;
    }

    private int lease(SplittableRandom draws) {
      return draws.nextInt(4) == 0 ? 0 : (clockSteps ? 8 : 1) + draws.nextInt(6);
    }

    private static Fate fate(SplittableRandom draws) {
      int dice = draws.nextInt(100);
      if (dice < 3) {
        return Fate.ARRIVES_TWICE;
      }
      return dice < 7 ? Fate.ANSWER_LOST : Fate.ANSWERED;
    }

    private static Fate lossy(SplittableRandom draws) {
      return draws.nextInt(30) == 0 ? Fate.ANSWER_LOST : Fate.ANSWERED;
    }
  }
}
