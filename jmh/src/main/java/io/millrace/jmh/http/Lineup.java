package io.millrace.jmh.http;

import io.millrace.reports.compare.PairedRatio;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The servers of a comparison, each running, in the order in which they were named: the one in
 * question first. Closing stops them all.
 */
final class Lineup implements Closeable {

  private final List<Side> sides = new ArrayList<>();

  /** Starts the server of a side. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts.
     *
     * @param server which, a word of {@link Arm.Kind}
     * @param side what it is called here, unlike any other
     */
    Arm start(String server, String side) throws IOException;
  }

  /**
   * One of the servers and the windows it was driven in.
   *
   * @param name unlike any other's
   * @param arm the server
   * @param windows in the order they were driven
   */
  record Side(String name, Arm arm, List<HttpRatio.WindowFigures> windows) {

    double perSecondMedian() {
      return PairedRatio.median(
          windows.stream().mapToDouble(HttpRatio.WindowFigures::perSecond).toArray());
    }
  }

  /** Starts all; a server that is set beside itself is told apart from itself. */
  static Lineup start(String server, List<String> against, Starter starter) throws IOException {
    Lineup lineup = new Lineup();
    try {
      lineup.add(server, server, starter);
      for (String baseline : against) {
        lineup.add(baseline, baseline.equals(server) ? baseline + " again" : baseline, starter);
      }
      return lineup;
    } catch (IOException | RuntimeException e) {
      try (lineup) {
        throw e;
      }
    }
  }

  private void add(String server, String name, Starter starter) throws IOException {
    sides.add(new Side(name, starter.start(server, name), new ArrayList<>()));
  }

  List<Side> sides() {
    return List.copyOf(sides);
  }

  /**
   * The sides in the order of a round: as named in odd rounds, backwards in even ones, so that over
   * two rounds each comes as early as it comes late.
   */
  List<Side> inRound(int round) {
    List<Side> order = new ArrayList<>(sides);
    if (round % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }

  /** Every two of them: the server in question to each baseline, then a later one to an earlier. */
  List<HttpRatio.RatioFigures> ratios() {
    List<HttpRatio.RatioFigures> ratios = new ArrayList<>();
    Side server = sides.get(0);
    for (Side baseline : sides.subList(1, sides.size())) {
      ratios.add(ratio(server, baseline));
    }
    for (int later = 2; later < sides.size(); later++) {
      for (int earlier = 1; earlier < later; earlier++) {
        ratios.add(ratio(sides.get(later), sides.get(earlier)));
      }
    }
    return ratios;
  }

  private static HttpRatio.RatioFigures ratio(Side of, Side to) {
    List<Double> rounds = new ArrayList<>();
    for (int i = 0; i < of.windows.size(); i++) {
      rounds.add(of.windows.get(i).perSecond() / to.windows.get(i).perSecond());
    }
    return new HttpRatio.RatioFigures(of.name, to.name, PairedRatio.of(rounds));
  }

  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (Side side : sides) {
      try {
        side.arm.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      IOException first = failures.get(0);
      failures.subList(1, failures.size()).forEach(first::addSuppressed);
      throw first;
    }
  }
}
