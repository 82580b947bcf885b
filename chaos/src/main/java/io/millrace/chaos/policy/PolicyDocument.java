package io.millrace.chaos.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads policies. JSON is YAML, so one reader serves the file and the admin port.
 *
 * <pre>
 * seed: 7
 * queues:
 *   orders:
 *     duplicate-now: 5%
 *     lost-response: {rate: 0.02, actions: [SendMessage], answer: error}
 *     order: aws-like                      # or {policy: window, width: 20}
 *   "*":                                   # every queue without a section of its own
 *     net-latency: {rate: 1, ms: [5, 40]}
 * clock:
 *   - {after-ms: 10000, by-ms: 3600000}
 * </pre>
 *
 * <p>A rule is a rate, or a map of {@code rate} and, where the kind knows them, {@code ms} (a
 * number, or the two ends of a range), {@code actions}, {@code answer}, {@code bytes-per-second};
 * {@code after} lets so many opportunities pass, {@code max} bounds how often. What is unknown is
 * an error: a fault misspelt is a fault that never fires.
 *
 * <p>Not for use by several threads, and used once.
 */
public final class PolicyDocument {

  private static final int BYTES_MAX = 1 << 20;
  private static final int COMPLAINTS_MAX = 20;
  private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  private final String name;
  private final List<Complaint> complaints = new ArrayList<>();

  private PolicyDocument(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws PolicyException if it is no policy
   */
  public static ChaosPolicy read(Path file) throws IOException, PolicyException {
    if (Files.size(file) > BYTES_MAX) {
      throw new PolicyException(List.of(file + ": longer than " + BYTES_MAX + " bytes"));
    }
    return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
  }

  /**
   * Reads a text.
   *
   * @param name of the document, in complaints
   * @param text YAML or JSON
   * @throws PolicyException if it is no policy
   */
  public static ChaosPolicy parse(String name, String text) throws PolicyException {
    PolicyDocument document = new PolicyDocument(name);
    ChaosPolicy policy = document.policy(text);
    if (!document.complaints.isEmpty()) {
      throw new PolicyException(
          document.complaints.stream()
              .sorted(Comparator.comparingInt(Complaint::at))
              .map(Complaint::text)
              .toList());
    }
    return policy;
  }

  private ChaosPolicy policy(String text) throws PolicyException {
    Optional<Node> root;
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(name)
              .setCodePointLimit(BYTES_MAX)
              .setMaxAliasesForCollections(50)
              .build();
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(this::place).orElse(name);
      throw new PolicyException(List.of(where + ": " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new PolicyException(List.of(name + ": " + e.getMessage()));
    }
    if (root.isEmpty()) {
      throw new PolicyException(List.of(name + ": the document is empty"));
    }
    long seed = 0;
    Map<String, QueueFaults> queues = new HashMap<>();
    List<ClockStep> clock = new ArrayList<>();
    for (Field field : fields(root.get(), "a policy")) {
      switch (field.name()) {
        case "seed" -> seed = number(field.value(), Long.MIN_VALUE, Long.MAX_VALUE).orElse(0);
        case "queues" -> queues.putAll(queues(field.value()));
        case "clock" -> clock.addAll(clock(field.value()));
        default -> unknown(field, "a policy", List.of("seed", "queues", "clock"));
      }
    }
    return new ChaosPolicy(seed, queues, clock);
  }

  private Map<String, QueueFaults> queues(Node node) {
    Map<String, QueueFaults> queues = new HashMap<>();
    for (Field field : fields(node, "queues")) {
      if (!field.name().equals(ChaosPolicy.ALL_OTHERS) && !QUEUE.matcher(field.name()).matches()) {
        complain(field.key(), "'" + field.name() + "' is neither a queue name nor \"*\"");
      }
      queues.put(field.name(), faults(field.value()));
    }
    return queues;
  }

  private QueueFaults faults(Node node) {
    Map<Mishap, FaultRule> rules = new EnumMap<>(Mishap.class);
    Optional<OrderRule> order = Optional.empty();
    for (Field field : fields(node, "a queue")) {
      if (field.name().equals("order")) {
        order = order(field.value());
        continue;
      }
      Optional<Mishap> kind = Mishap.named(field.name()).filter(Mishap::hasRate);
      if (kind.isEmpty()) {
        List<String> known = new ArrayList<>();
        for (Mishap each : Mishap.values()) {
          if (each.hasRate()) {
            known.add(each.wireName());
          }
        }
        known.add("order");
        unknown(field, "a queue", known);
      } else {
        rule(kind.get(), field).ifPresent(rule -> rules.put(rule.kind(), rule));
      }
    }
    return new QueueFaults(rules, order);
  }

  private Optional<FaultRule> rule(Mishap kind, Field owner) {
    if (owner.value() instanceof ScalarNode) {
      return rate(owner.value()).map(rate -> FaultRule.of(kind, rate));
    }
    FaultRule rule = FaultRule.of(kind, 1);
    boolean rated = false;
    int before = complaints.size();
    for (Field field : fields(owner.value(), kind.wireName())) {
      Node value = field.value();
      FaultRule sofar = rule;
      Optional<FaultRule> next =
          switch (field.name()) {
            case "rate" -> {
              rated = true;
              yield rate(value)
                  .map(
                      rate ->
                          new FaultRule(
                              kind,
                              rate,
                              sofar.after(),
                              sofar.max(),
                              sofar.span(),
                              sofar.actions(),
                              sofar.answer(),
                              sofar.bytesPerSecond()));
            }
            case "after" -> whole(value).map(after -> sofar.within(after, sofar.max()));
            case "max" -> whole(value).map(max -> sofar.within(sofar.after(), max));
            case "ms" ->
                known(field, kind, Mishap.Setting.MS)
                    ? ms(value).map(sofar::lasting)
                    : Optional.of(sofar);
            case "actions" ->
                known(field, kind, Mishap.Setting.ACTIONS)
                    ? Optional.of(sofar.on(actions(value, kind)))
                    : Optional.of(sofar);
            case "answer" ->
                known(field, kind, Mishap.Setting.ANSWER)
                    ? answer(value, kind).map(sofar::answering)
                    : Optional.of(sofar);
            case "bytes-per-second" ->
                known(field, kind, Mishap.Setting.BYTES_PER_SECOND)
                    ? number(value, 1, Long.MAX_VALUE).stream().mapToObj(sofar::at).findAny()
                    : Optional.of(sofar);
            default -> {
              unknown(field, kind.wireName(), settings(kind));
              yield Optional.of(sofar);
            }
          };
      rule = next.orElse(rule);
    }
    if (!rated && complaints.size() == before) {
      complain(owner.key(), kind.wireName() + " lacks its rate");
    }
    return Optional.of(rule);
  }

  private static List<String> settings(Mishap kind) {
    List<String> settings = new ArrayList<>(List.of("rate", "after", "max"));
    for (Mishap.Setting setting : Mishap.Setting.values()) {
      if (kind.takes(setting)) {
        settings.add(setting.wireName());
      }
    }
    return settings;
  }

  private boolean known(Field field, Mishap kind, Mishap.Setting setting) {
    if (!kind.takes(setting)) {
      unknown(field, kind.wireName(), settings(kind));
      return false;
    }
    return true;
  }

  private Set<SqsAction> actions(Node node, Mishap kind) {
    Set<SqsAction> actions = EnumSet.noneOf(SqsAction.class);
    for (Node item : items(node)) {
      Optional<SqsAction> action =
          SqsAction.named(text(item)).filter(kind.possibleActions()::contains);
      if (action.isEmpty()) {
        complain(
            item,
            "'%s' is no action of %s; there are %s"
                .formatted(
                    text(item),
                    kind.wireName(),
                    kind.possibleActions().stream().map(SqsAction::wireName).toList()));
      } else {
        actions.add(action.get());
      }
    }
    return actions;
  }

  private Optional<Answer> answer(Node node, Mishap kind) {
    Optional<Answer> answer =
        Answer.named(text(node)).filter(Arrays.asList(kind.possibleAnswers())::contains);
    if (answer.isEmpty()) {
      complain(
          node,
          "'%s' is no answer of %s; there are %s"
              .formatted(
                  text(node),
                  kind.wireName(),
                  Arrays.stream(kind.possibleAnswers()).map(Answer::wireName).toList()));
    }
    return answer;
  }

  private Optional<OrderRule> order(Node node) {
    String wanted = "";
    Node place = node;
    OptionalLong width = OptionalLong.empty();
    if (node instanceof MappingNode) {
      for (Field field : fields(node, "order")) {
        switch (field.name()) {
          case "policy" -> {
            wanted = text(field.value());
            place = field.value();
          }
          case "width" -> width = number(field.value(), 1, OrderRule.WIDTH_MAX);
          default -> unknown(field, "order", List.of("policy", "width"));
        }
      }
    } else {
      wanted = text(node);
    }
    for (OrderRule.Policy policy : OrderRule.Policy.values()) {
      if (policy.wireName().equals(wanted)) {
        return Optional.of(new OrderRule(policy, (int) width.orElse(policy.defaultWidth())));
      }
    }
    complain(place, "'" + wanted + "' is no order; there are aws-like and window");
    return Optional.empty();
  }

  private List<ClockStep> clock(Node node) {
    List<ClockStep> steps = new ArrayList<>();
    for (Node item : items(node)) {
      OptionalLong after = OptionalLong.of(0);
      OptionalLong by = OptionalLong.empty();
      for (Field field : fields(item, "a clock step")) {
        switch (field.name()) {
          case "after-ms" -> after = number(field.value(), 0, Span.MAX_MS);
          case "by-ms" -> by = number(field.value(), -ClockStep.BY_MS_MAX, ClockStep.BY_MS_MAX);
          default -> unknown(field, "a clock step", List.of("after-ms", "by-ms"));
        }
      }
      if (by.orElse(0) == 0) {
        complain(item, "a clock step needs by-ms, and not 0");
      } else {
        steps.add(new ClockStep(after.orElse(0), by.getAsLong()));
      }
    }
    return steps;
  }

  // ---------------------------------------------------------------------------------- the values

  private Optional<Double> rate(Node node) {
    String text = text(node);
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double rate = percent ? number / 100 : number;
      if (rate >= 0 && rate <= 1) {
        return Optional.of(rate);
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as for a number out of range.
    }
    complain(node, "'" + text + "' is no rate: 0 to 1, or 0% to 100%");
    return Optional.empty();
  }

  private Optional<Span> ms(Node node) {
    if (node instanceof SequenceNode) {
      List<Node> ends = items(node);
      if (ends.size() == 2) {
        OptionalLong min = number(ends.get(0), 0, Span.MAX_MS);
        OptionalLong max = number(ends.get(1), 0, Span.MAX_MS);
        if (min.isEmpty() || max.isEmpty()) {
          return Optional.empty();
        }
        if (min.getAsLong() <= max.getAsLong()) {
          return Optional.of(new Span(min.getAsLong(), max.getAsLong()));
        }
      }
      complain(node, "a range of ms is [from, to], the smaller first");
      return Optional.empty();
    }
    return number(node, 0, Span.MAX_MS).stream().mapToObj(Span::exactly).findAny();
  }

  private Optional<Long> whole(Node node) {
    return number(node, 0, Long.MAX_VALUE).stream().boxed().findAny();
  }

  private OptionalLong number(Node node, long min, long max) {
    String text = text(node);
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as for a number out of range.
    }
    complain(node, "'" + text + "' is no whole number from " + min + " to " + max);
    return OptionalLong.empty();
  }

  private String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "a " + node.getNodeType();
  }

  // --------------------------------------------------------------------------------- the document

  /** One complaint and where in the text it belongs. */
  private record Complaint(int at, String text) {}

  private record Field(Node key, String name, Node value) {}

  private List<Field> fields(Node node, String what) {
    List<Field> fields = new ArrayList<>();
    if (!(node instanceof MappingNode map)) {
      complain(node, what + " is a map of names to values");
      return fields;
    }
    Map<String, Node> seen = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      Field field = new Field(tuple.getKeyNode(), text(tuple.getKeyNode()), tuple.getValueNode());
      if (seen.put(field.name(), field.key()) != null) {
        complain(field.key(), "'" + field.name() + "' stands here twice");
      }
      fields.add(field);
    }
    return fields;
  }

  private List<Node> items(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    complain(node, "a list is expected here");
    return List.of();
  }

  private void unknown(Field field, String where, List<String> known) {
    complain(field.key(), "%s has no '%s'; it has %s".formatted(where, field.name(), known));
  }

  private void complain(Node node, String what) {
    if (complaints.size() < COMPLAINTS_MAX) {
      Optional<Mark> mark = node.getStartMark();
      complaints.add(
          new Complaint(
              mark.map(Mark::getIndex).orElse(0),
              mark.map(this::place).orElse(name) + ": " + what));
    }
  }

  private String place(Mark mark) {
    return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }
}
