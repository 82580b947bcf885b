package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Profile;
import io.millrace.chaos.policy.ChaosPolicy;
import java.util.List;

/** One experiment of a scenario, with a history and a verdict of its own. */
public sealed interface Part {

  /** Its name in the run's directory. */
  String title();

  /** The same with a share of its faults and its time, at least one of each. */
  Part share(double share);

  /**
   * Real processes, the real wire, real clients.
   *
   * @param title its name
   * @param server the server
   * @param load what clients do
   * @param faults of the process, each so many times, in an order drawn from the seed
   * @param policy faults of delivery, network and clock; its seed is the run's
   * @param profile whose promises the history is held to
   */
  record Proc(
      String title,
      ServerSetup server,
      LoadSetup load,
      List<ProcessFault> faults,
      ChaosPolicy policy,
      Profile profile)
      implements Part {

    /** Copies the list. */
    public Proc {
      faults = List.copyOf(faults);
    }

    @Override
    public Proc share(double share) {
      return new Proc(
          title,
          server,
          new LoadSetup(
              load.clients(), load.pauseMs(), load.bodyBytes(), scaled(load.seconds(), share)),
          faults.stream().map(each -> each.times(scaled(each.times(), share))).toList(),
          policy,
          profile);
    }

    /** The same under another name, at another level. */
    Proc at(String durability) {
      return new Proc(
          title + "-" + durability, server.at(durability), load, faults, policy, profile);
    }
  }

  /**
   * Power cuts: disks composed, page by page, from what an engine in this process had forced and
   * what it had not, each recovered and judged.
   *
   * @param title its name
   * @param images how many disks
   */
  record Disk(String title, int images) implements Part {

    @Override
    public Disk share(double share) {
      return new Disk(title, scaled(images, share));
    }
  }

  /**
   * Simulations: the real shard on one thread, in simulated time, with faults; seed after seed.
   *
   * @param title its name
   * @param runs how many seeds
   */
  record Sim(String title, int runs) implements Part {

    @Override
    public Sim share(double share) {
      return new Sim(title, scaled(runs, share));
    }
  }

  private static int scaled(int number, double share) {
    return Math.max(1, (int) Math.round(number * share));
  }
}
