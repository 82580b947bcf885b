package io.millrace.chaos.policy;

import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.document.MarkedDocument;
import io.millrace.chaos.document.MarkedDocument.Field;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

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

  private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  private final MarkedDocument document;

  private PolicyDocument(MarkedDocument document) {
    this.document = document;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws PolicyException if it is no policy
   */
  public static ChaosPolicy read(Path file) throws IOException, PolicyException {
    try {
      return policy(MarkedDocument.read(file));
    } catch (DocumentException e) {
      throw new PolicyException(e.complaints());
    }
  }

  /**
   * Reads a text.
   *
   * @param name of the document, in complaints
   * @param text YAML or JSON
   * @throws PolicyException if it is no policy
   */
  public static ChaosPolicy parse(String name, String text) throws PolicyException {
    try {
      return policy(MarkedDocument.parse(name, text));
    } catch (DocumentException e) {
      throw new PolicyException(e.complaints());
    }
  }

  /**
   * Reads a policy that is a part of another document; what is wrong with it is complained of
   * there.
   */
  public static ChaosPolicy part(MarkedDocument document, Node node) {
    return new PolicyDocument(document).policy(node);
  }

  private static ChaosPolicy policy(MarkedDocument document) throws DocumentException {
    ChaosPolicy policy = part(document, document.root());
    document.check();
    return policy;
  }

  private ChaosPolicy policy(Node node) {
    long seed = 0;
    Map<String, QueueFaults> queues = new HashMap<>();
    List<ClockStep> clock = new ArrayList<>();
    for (Field field : document.fields(node, "a policy")) {
      switch (field.name()) {
        case "seed" ->
            seed = document.number(field.value(), Long.MIN_VALUE, Long.MAX_VALUE).orElse(0);
        case "queues" -> queues.putAll(queues(field.value()));
        case "clock" -> clock.addAll(clock(field.value()));
        default -> document.unknown(field, "a policy", List.of("seed", "queues", "clock"));
      }
    }
    return new ChaosPolicy(seed, queues, clock);
  }

  private Map<String, QueueFaults> queues(Node node) {
    Map<String, QueueFaults> queues = new HashMap<>();
    for (Field field : document.fields(node, "queues")) {
      if (!field.name().equals(ChaosPolicy.ALL_OTHERS) && !QUEUE.matcher(field.name()).matches()) {
        document.complain(field.key(), "'" + field.name() + "' is neither a queue name nor \"*\"");
      }
      queues.put(field.name(), faults(field.value()));
    }
    return queues;
  }

  private QueueFaults faults(Node node) {
    Map<Mishap, FaultRule> rules = new EnumMap<>(Mishap.class);
    Optional<OrderRule> order = Optional.empty();
    for (Field field : document.fields(node, "a queue")) {
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
        document.unknown(field, "a queue", known);
      } else {
        rule(kind.get(), field).ifPresent(rule -> rules.put(rule.kind(), rule));
      }
    }
    return new QueueFaults(rules, order);
  }

  private Optional<FaultRule> rule(Mishap kind, Field owner) {
    if (MarkedDocument.isScalar(owner.value())) {
      return document.rate(owner.value()).map(rate -> FaultRule.of(kind, rate));
    }
    FaultRule rule = FaultRule.of(kind, 1);
    boolean rated = false;
    int before = document.complaints();
    for (Field field : document.fields(owner.value(), kind.wireName())) {
      Node value = field.value();
      FaultRule sofar = rule;
      Optional<FaultRule> next =
          switch (field.name()) {
            case "rate" -> {
              rated = true;
              yield document
                  .rate(value)
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
                    ? span(document, value).map(sofar::lasting)
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
                    ? document.number(value, 1, Long.MAX_VALUE).stream()
                        .mapToObj(sofar::at)
                        .findAny()
                    : Optional.of(sofar);
            default -> {
              document.unknown(field, kind.wireName(), settings(kind));
              yield Optional.of(sofar);
            }
          };
      rule = next.orElse(rule);
    }
    if (!rated && document.complaints() == before) {
      document.complain(owner.key(), kind.wireName() + " lacks its rate");
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
      document.unknown(field, kind.wireName(), settings(kind));
      return false;
    }
    return true;
  }

  private Set<SqsAction> actions(Node node, Mishap kind) {
    Set<SqsAction> actions = EnumSet.noneOf(SqsAction.class);
    for (Node item : document.items(node)) {
      Optional<SqsAction> action =
          SqsAction.named(document.text(item)).filter(kind.possibleActions()::contains);
      if (action.isEmpty()) {
        document.complain(
            item,
            "'%s' is no action of %s; there are %s"
                .formatted(
                    document.text(item),
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
        Answer.named(document.text(node)).filter(Arrays.asList(kind.possibleAnswers())::contains);
    if (answer.isEmpty()) {
      document.complain(
          node,
          "'%s' is no answer of %s; there are %s"
              .formatted(
                  document.text(node),
                  kind.wireName(),
                  Arrays.stream(kind.possibleAnswers()).map(Answer::wireName).toList()));
    }
    return answer;
  }

  private Optional<OrderRule> order(Node node) {
    String wanted = "";
    Node place = node;
    OptionalLong width = OptionalLong.empty();
    if (MarkedDocument.isMap(node)) {
      for (Field field : document.fields(node, "order")) {
        switch (field.name()) {
          case "policy" -> {
            wanted = document.text(field.value());
            place = field.value();
          }
          case "width" -> width = document.number(field.value(), 1, OrderRule.WIDTH_MAX);
          default -> document.unknown(field, "order", List.of("policy", "width"));
        }
      }
    } else {
      wanted = document.text(node);
    }
    for (OrderRule.Policy policy : OrderRule.Policy.values()) {
      if (policy.wireName().equals(wanted)) {
        return Optional.of(new OrderRule(policy, (int) width.orElse(policy.defaultWidth())));
      }
    }
    document.complain(place, "'" + wanted + "' is no order; there are aws-like and window");
    return Optional.empty();
  }

  private List<ClockStep> clock(Node node) {
    List<ClockStep> steps = new ArrayList<>();
    for (Node item : document.items(node)) {
      OptionalLong after = OptionalLong.of(0);
      OptionalLong by = OptionalLong.empty();
      for (Field field : document.fields(item, "a clock step")) {
        switch (field.name()) {
          case "after-ms" -> after = document.number(field.value(), 0, Span.MAX_MS);
          case "by-ms" ->
              by = document.number(field.value(), -ClockStep.BY_MS_MAX, ClockStep.BY_MS_MAX);
          default -> document.unknown(field, "a clock step", List.of("after-ms", "by-ms"));
        }
      }
      if (by.orElse(0) == 0) {
        document.complain(item, "a clock step needs by-ms, and not 0");
      } else {
        steps.add(new ClockStep(after.orElse(0), by.getAsLong()));
      }
    }
    return steps;
  }

  // ---------------------------------------------------------------------------------- the values

  /** A duration in ms, or a range of them as {@code [from, to]}. */
  public static Optional<Span> span(MarkedDocument document, Node node) {
    if (MarkedDocument.isList(node)) {
      List<Node> ends = document.items(node);
      if (ends.size() == 2) {
        OptionalLong min = document.number(ends.get(0), 0, Span.MAX_MS);
        OptionalLong max = document.number(ends.get(1), 0, Span.MAX_MS);
        if (min.isEmpty() || max.isEmpty()) {
          return Optional.empty();
        }
        if (min.getAsLong() <= max.getAsLong()) {
          return Optional.of(new Span(min.getAsLong(), max.getAsLong()));
        }
      }
      document.complain(node, "a range of ms is [from, to], the smaller first");
      return Optional.empty();
    }
    return document.number(node, 0, Span.MAX_MS).stream().mapToObj(Span::exactly).findAny();
  }

  private Optional<Long> whole(Node node) {
    return document.number(node, 0, Long.MAX_VALUE).stream().boxed().findAny();
  }
}
