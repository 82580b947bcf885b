package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Servers that took turns: the windows in which each was driven, and the rate of every two of them
 * as a ratio, round by round.
 *
 * <p>Before several baselines could be set beside a server, a record called its two sides "server"
 * and "against" and its one ratio "ratio"; such a record is read as what it is, two sides.
 *
 * @param sides the server in question, then its baselines
 * @param ratios of the server to each baseline first
 * @param windows in the order they were driven
 */
public record Turns(List<Side> sides, List<RoundRatio> ratios, List<Window> windows) {
  private static final String SERVER = "server";
  private static final String AGAINST = "against";
  private static final String RATIO = "ratio";

  /** Copies the lists. */
  public Turns {
    sides = List.copyOf(sides);
    ratios = List.copyOf(ratios);
    windows = List.copyOf(windows);
  }

  /**
   * One of the servers.
   *
   * @param name of its windows
   * @param server which it is
   * @param perSecondMedian messages a second, the median of its windows
   */
  public record Side(String name, String server, double perSecondMedian) {}

  /**
   * The rate of one side as a ratio to another's.
   *
   * @param name of the ratio
   * @param of name of the one side
   * @param to name of the other
   * @param ratio round by round
   */
  public record RoundRatio(String name, String of, String to, LoadRecord.Ratio ratio) {}

  /**
   * A window in which one server was driven.
   *
   * @param round from 1
   * @param side name of the server's side
   * @param perSecond messages a second
   * @param p50Us closed-loop latency in microseconds
   * @param p99Us likewise
   */
  public record Window(
      @JsonAlias("pair") int round, String side, double perSecond, double p50Us, double p99Us) {}

  /** A round as it was driven: the window of each side, by its name. */
  public record Round(int number, Map<String, Window> windows) {
    /** Whether a side came first. */
    public boolean first(String side) {
      return windows.keySet().iterator().next().equals(side);
    }

    /** The rate of one side as a ratio to another's; empty unless both were driven. */
    public Optional<Double> ratio(RoundRatio ratio) {
      Window of = windows.get(ratio.of());
      Window to = windows.get(ratio.to());
      return of == null || to == null
          ? Optional.empty()
          : Optional.of(of.perSecond() / to.perSecond());
    }
  }

  /** What a harness's plan and figures say of servers that took turns, if there were any. */
  static Optional<Turns> of(JsonNode plan, JsonNode measured) {
    if (!plan.path(SERVER).isString() || !measured.has("windows")) {
      return Optional.empty();
    }
    List<Window> windows = new ArrayList<>();
    measured
        .path("windows")
        .forEach(each -> windows.add(RecordMapper.LENIENT.treeToValue(each, Window.class)));
    return Optional.of(
        plan.path(AGAINST).isString()
            ? ofTwo(plan, measured, windows)
            : ofMany(plan, measured, windows));
  }

  private static Turns ofMany(JsonNode plan, JsonNode measured, List<Window> windows) {
    List<Side> sides = new ArrayList<>();
    for (JsonNode side : measured.path("sides")) {
      JsonNode server =
          sides.isEmpty() ? plan.path(SERVER) : plan.path(AGAINST).path(sides.size() - 1);
      sides.add(
          new Side(
              side.path("name").asString(),
              server.asString(),
              side.path("perSecondMedian").asDouble()));
    }
    List<RoundRatio> ratios = new ArrayList<>();
    for (JsonNode ratio : measured.path("ratios")) {
      String of = ratio.path("of").asString();
      String to = ratio.path("to").asString();
      ratios.add(
          new RoundRatio(
              of + " / " + to,
              of,
              to,
              RecordMapper.LENIENT.treeToValue(ratio.path(RATIO), LoadRecord.Ratio.class)));
    }
    return new Turns(sides, ratios, windows);
  }

  private static Turns ofTwo(JsonNode plan, JsonNode measured, List<Window> windows) {
    List<Side> sides = new ArrayList<>();
    for (String side : List.of(SERVER, AGAINST)) {
      sides.add(
          new Side(
              side,
              plan.path(side).asString(),
              measured.path(side + "PerSecondMedian").asDouble()));
    }
    LoadRecord.Ratio ratio =
        RecordMapper.LENIENT.treeToValue(measured.path(RATIO), LoadRecord.Ratio.class);
    return new Turns(sides, List.of(new RoundRatio(RATIO, SERVER, AGAINST, ratio)), windows);
  }

  /** The windows by round. */
  public List<Round> rounds() {
    Map<Integer, Map<String, Window>> rounds = new LinkedHashMap<>();
    for (Window window : windows) {
      rounds
          .computeIfAbsent(window.round(), unseen -> new LinkedHashMap<>())
          .put(window.side(), window);
    }
    return rounds.entrySet().stream()
        .map(each -> new Round(each.getKey(), each.getValue()))
        .toList();
  }
}
