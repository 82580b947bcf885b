package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Profile;
import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.document.MarkedDocument;
import io.millrace.chaos.document.MarkedDocument.Field;
import io.millrace.chaos.inject.KillAim;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.PolicyDocument;
import io.millrace.chaos.policy.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads scenarios.
 *
 * <pre>
 * intent: What it is to find out.
 * server: {durability: power-loss, segment-bytes: 524288, checkpoint-bytes: 1048576}
 * load: {clients: 6, pause-ms: 4, body-bytes: 512, seconds: 10}
 * faults:                                    # of the process, in an order drawn from the seed
 *   - kill: {times: 20}                      # at: anytime, batch, roll, checkpoint or recovery
 *   - pause: {times: 3, ms: [200, 1200]}
 *   - restart-storm: {times: 2, restarts: 5}
 *   - same-pid-restart                       # once
 * # server's disk-bytes: a file system of that size, which fills up and is made larger
 * policy:                                    # of delivery, network and clock, as serve --chaos
 *   queues: {"*": {net-latency: {rate: 1, ms: [5, 40]}}}
 * profile: strict                            # or aws-standard
 * </pre>
 *
 * or power cuts, and a list of others:
 *
 * <pre>
 * intent: Everything.
 * power-cuts: {images: 1000}
 * simulations: {runs: 2000}
 * rare-states: all                           # UNKNOWN if one never occurred
 * parts:
 *   - {scenario: crash-storm, share: 10, durability: process-crash}
 * </pre>
 *
 * <p>What is unknown is an error: a fault misspelt is a fault that never fires.
 */
public final class ScenarioDocument {

  private static final int SECONDS_MAX = 3_600;
  private static final double SHARE_MAX = 1_000;
  private static final int NUMBER_MAX = 1_000_000;

  /** Fields of a scenario that has no server of its own. */
  private static final List<String> OF_ALL =
      List.of("intent", "power-cuts", "simulations", "rare-states", "parts");

  private static final List<String> LEVELS = List.of("power-loss", "process-crash");
  private static final List<String> FIELDS =
      List.of(
          "intent",
          "server",
          "load",
          "faults",
          "policy",
          "profile",
          "power-cuts",
          "simulations",
          "rare-states",
          "parts");

  private final String name;
  private final MarkedDocument document;

  private ScenarioDocument(String name, MarkedDocument document) {
    this.name = name;
    this.document = document;
  }

  /**
   * Reads a text.
   *
   * @param name the scenario's name
   * @param origin of the text, in complaints
   * @throws DocumentException if it is no scenario
   */
  public static Scenario parse(String name, String origin, String text) throws DocumentException {
    MarkedDocument document = MarkedDocument.parse(origin, text);
    Scenario scenario = new ScenarioDocument(name, document).scenario(text);
    document.check();
    return scenario;
  }

  private Scenario scenario(String text) {
    String intent = "";
    ServerSetup server = ServerSetup.DEFAULT;
    LoadSetup load = LoadSetup.DEFAULT;
    List<ProcessFault> faults = new ArrayList<>();
    ChaosPolicy policy = ChaosPolicy.NONE;
    Profile profile = Profile.STRICT;
    List<Part> parts = new ArrayList<>();
    boolean alone = false;
    boolean single = true;
    boolean wantsRareStates = false;
    for (Field field : document.fields(document.root(), "a scenario")) {
      Node value = field.value();
      alone |= !OF_ALL.contains(field.name());
      switch (field.name()) {
        case "intent" -> intent = document.text(value);
        case "server" -> server = server(value);
        case "load" -> load = load(value);
        case "faults" -> faults.addAll(faults(value));
        case "policy" -> policy = policy(field);
        case "profile" -> profile = profile(value);
        case "power-cuts" -> {
          single = false;
          parts.add(new Part.Disk(name, number(field, "images")));
        }
        case "simulations" -> {
          single = false;
          parts.add(new Part.Sim(name + "-simulated", number(field, "runs")));
        }
        case "rare-states" -> wantsRareStates = wantsRareStates(value);
        case "parts" -> {
          single = false;
          parts.addAll(parts(value));
        }
        default -> document.unknown(field, "a scenario", FIELDS);
      }
    }
    if (intent.isBlank()) {
      document.complain(document.root(), "a scenario says its intent");
    }
    boolean nothing = faults.isEmpty() && policy.equals(ChaosPolicy.NONE) && !server.hasDisk();
    if (single == nothing || (!single && alone)) {
      document.complain(
          document.root(),
          "a scenario has faults or a policy of its own, or power cuts and parts and no more");
    }
    if (losesFaults(faults, policy)) {
      document.complain(
          document.root(),
          "what fires in the server is told by the server, and a kill takes the news with it: its"
              + " faults of delivery, order and clock go with no fault of the process but pause");
    }
    if (single) {
      parts.add(new Part.Proc(name, server, load, faults, policy, profile));
    }
    return new Scenario(name, intent, parts, wantsRareStates, text);
  }

  private static boolean losesFaults(List<ProcessFault> faults, ChaosPolicy policy) {
    return Subject.isInServer(policy)
        && faults.stream().anyMatch(fault -> fault.kind() != Mishap.PAUSE);
  }

  private ServerSetup server(Node node) {
    String durability = ServerSetup.DEFAULT.durability();
    long segment = ServerSetup.DEFAULT.segmentBytes();
    long checkpoint = ServerSetup.DEFAULT.checkpointBytes();
    long disk = ServerSetup.NO_DISK;
    for (Field field : document.fields(node, "server")) {
      Node value = field.value();
      switch (field.name()) {
        case "durability" -> durability = level(value).orElse(durability);
        case "segment-bytes" -> segment = document.number(value, 64L << 10, 1L << 30).orElse(0);
        case "checkpoint-bytes" ->
            checkpoint = document.number(value, 64L << 10, 1L << 30).orElse(0);
        case "disk-bytes" -> disk = document.number(value, 8L << 20, 1L << 30).orElse(0);
        default ->
            document.unknown(
                field,
                "server",
                List.of("durability", "segment-bytes", "checkpoint-bytes", "disk-bytes"));
      }
    }
    return new ServerSetup(durability, segment, checkpoint, disk);
  }

  private Optional<String> level(Node node) {
    String level = document.text(node);
    if (LEVELS.contains(level)) {
      return Optional.of(level);
    }
    document.complain(node, "'" + level + "' is no durability; there are " + LEVELS);
    return Optional.empty();
  }

  private LoadSetup load(Node node) {
    int clients = LoadSetup.DEFAULT.clients();
    int pauseMs = LoadSetup.DEFAULT.pauseMs();
    int bodyBytes = LoadSetup.DEFAULT.bodyBytes();
    int seconds = LoadSetup.DEFAULT.seconds();
    for (Field field : document.fields(node, "load")) {
      Node value = field.value();
      switch (field.name()) {
        case "clients" -> clients = whole(value, 1, 64);
        case "pause-ms" -> pauseMs = whole(value, 0, 1_000);
        case "body-bytes" -> bodyBytes = whole(value, 128, 256 << 10);
        case "seconds" -> seconds = whole(value, 1, SECONDS_MAX);
        default ->
            document.unknown(
                field, "load", List.of("clients", "pause-ms", "body-bytes", "seconds"));
      }
    }
    return new LoadSetup(clients, pauseMs, bodyBytes, seconds);
  }

  private List<ProcessFault> faults(Node node) {
    List<ProcessFault> faults = new ArrayList<>();
    for (Node item : document.items(node)) {
      if (MarkedDocument.isScalar(item)) {
        kind(item).map(ProcessFault::of).ifPresent(faults::add);
        continue;
      }
      for (Field field : document.fields(item, "a fault")) {
        kind(field.key()).map(kind -> fault(kind, field.value())).ifPresent(faults::add);
      }
    }
    return faults;
  }

  private Optional<Mishap> kind(Node node) {
    String wanted = document.text(node);
    Optional<Mishap> kind =
        Mishap.named(wanted).filter(each -> each.layer() == Mishap.Layer.PROCESS);
    if (kind.isEmpty()) {
      document.complain(
          node,
          "'%s' is no fault of the process; there are %s"
              .formatted(
                  wanted,
                  Arrays.stream(Mishap.values())
                      .filter(each -> each.layer() == Mishap.Layer.PROCESS)
                      .map(Mishap::wireName)
                      .toList()));
    }
    return kind;
  }

  private ProcessFault fault(Mishap kind, Node node) {
    ProcessFault fault = ProcessFault.of(kind);
    for (Field field : document.fields(node, kind.wireName())) {
      Node value = field.value();
      String setting = kind + " " + field.name();
      switch (setting) {
        case "KILL times", "PAUSE times", "RESTART_STORM times", "SAME_PID_RESTART times" ->
            fault = fault.times(whole(value, 1, ProcessFault.TIMES_MAX));
        case "KILL at" -> fault = fault.at(aim(value));
        case "PAUSE ms" -> {
          Optional<Span> span = PolicyDocument.span(document, value);
          fault = fault.lasting(span.orElse(ProcessFault.PAUSE));
        }
        case "RESTART_STORM restarts" ->
            fault = fault.restarting(whole(value, 1, ProcessFault.RESTARTS_MAX));
        default -> document.unknown(field, kind.wireName(), settings(kind));
      }
    }
    return fault;
  }

  private static List<String> settings(Mishap kind) {
    return switch (kind) {
      case KILL -> List.of("times", "at");
      case PAUSE -> List.of("times", "ms");
      case RESTART_STORM -> List.of("times", "restarts");
      default -> List.of("times");
    };
  }

  private KillAim aim(Node node) {
    Optional<KillAim> aim = KillAim.labelled(document.text(node));
    if (aim.isEmpty()) {
      document.complain(
          node,
          "'%s' is no moment of a kill; there are %s"
              .formatted(
                  document.text(node),
                  Arrays.stream(KillAim.values()).map(KillAim::label).toList()));
    }
    return aim.orElse(KillAim.ANYTIME);
  }

  private ChaosPolicy policy(Field field) {
    ChaosPolicy policy = PolicyDocument.part(document, field.value());
    if (policy.seed() != 0) {
      document.complain(
          field.key(), "the policy of a scenario has the run's seed, none of its own");
    }
    return policy;
  }

  private Profile profile(Node node) {
    for (Profile profile : Profile.values()) {
      if (profile.label().equals(document.text(node))) {
        return profile;
      }
    }
    document.complain(
        node,
        "'%s' is no profile; there are %s"
            .formatted(
                document.text(node), Arrays.stream(Profile.values()).map(Profile::label).toList()));
    return Profile.STRICT;
  }

  /** How many of what a field counts, its only setting. */
  private int number(Field counted, String what) {
    int number = 1;
    for (Field field : document.fields(counted.value(), counted.name())) {
      if (field.name().equals(what)) {
        number = whole(field.value(), 1, NUMBER_MAX);
      } else {
        document.unknown(field, counted.name(), List.of(what));
      }
    }
    return number;
  }

  private boolean wantsRareStates(Node node) {
    boolean all = document.text(node).equals("all");
    if (!all) {
      document.complain(node, "'" + document.text(node) + "' are no rare states; there is all");
    }
    return all;
  }

  private List<Part> parts(Node node) {
    List<Part> parts = new ArrayList<>();
    for (Node item : document.items(node)) {
      String wanted = "";
      double share = 1;
      Optional<String> durability = Optional.empty();
      for (Field field : document.fields(item, "a part")) {
        switch (field.name()) {
          case "scenario" -> wanted = document.text(field.value());
          case "share" -> share = share(field.value());
          case "durability" -> durability = level(field.value());
          default -> document.unknown(field, "a part", List.of("scenario", "share", "durability"));
        }
      }
      parts.addAll(parts(item, wanted, share, durability));
    }
    return parts;
  }

  private List<Part> parts(Node item, String wanted, double share, Optional<String> durability) {
    if (wanted.equals(name) || !Scenarios.names().contains(wanted)) {
      document.complain(
          item, "'%s' is no scenario; there are %s".formatted(wanted, Scenarios.names()));
      return List.of();
    }
    List<Part> parts = new ArrayList<>();
    for (Part part : Scenarios.named(wanted).share(share).parts()) {
      boolean another = part instanceof Part.Proc && durability.isPresent();
      parts.add(another ? ((Part.Proc) part).at(durability.get()) : part);
    }
    return parts;
  }

  private double share(Node node) {
    try {
      double share = Double.parseDouble(document.text(node));
      if (share > 0 && share <= SHARE_MAX) {
        return share;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as for a number out of range.
    }
    document.complain(node, "'" + document.text(node) + "' is no share above 0, to " + SHARE_MAX);
    return 1;
  }

  private int whole(Node node, int min, int max) {
    return (int) document.number(node, min, max).orElse(min);
  }
}
