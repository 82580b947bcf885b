package io.millrace.chaos.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
 * A YAML text as nodes that know their lines, and the complaints of whoever reads them. JSON is
 * YAML. A reader asks for what it knows, complains about the rest, goes on, and at the end calls
 * {@link #check}.
 *
 * <p>Not for use by several threads.
 */
public final class MarkedDocument {

  private static final int BYTES_MAX = 1 << 20;
  private static final int COMPLAINTS_MAX = 20;

  /** One complaint and where in the text it belongs. */
  private record Complaint(int at, String text) {}

  private final String name;
  private final Node root;
  private final List<Complaint> complaints = new ArrayList<>();

  private MarkedDocument(String name, Node root) {
    this.name = name;
    this.root = root;
  }

  /**
   * One name of a map and what it is given.
   *
   * @param key where the name stands
   * @param name the name
   * @param value what it is given
   */
  public record Field(Node key, String name, Node value) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws DocumentException if it is too long, no YAML, or empty
   */
  public static MarkedDocument read(Path file) throws IOException, DocumentException {
    if (Files.size(file) > BYTES_MAX) {
      throw new DocumentException(List.of(file + ": longer than " + BYTES_MAX + " bytes"));
    }
    return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
  }

  /**
   * Reads a text.
   *
   * @param name of the document, in complaints
   * @param text YAML or JSON
   * @throws DocumentException if it is no YAML, or empty
   */
  public static MarkedDocument parse(String name, String text) throws DocumentException {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(name)
              .setCodePointLimit(BYTES_MAX)
              .setMaxAliasesForCollections(50)
              .build();
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        throw new DocumentException(List.of(name + ": the document is empty"));
      }
      return new MarkedDocument(name, root.get());
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(mark -> place(name, mark)).orElse(name);
      throw new DocumentException(List.of(where + ": " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new DocumentException(List.of(name + ": " + e.getMessage()));
    }
  }

  /** The outermost node. */
  public Node root() {
    return root;
  }

  /** Whether a node is a single value, no map and no list. */
  public static boolean isScalar(Node node) {
    return node instanceof ScalarNode;
  }

  /** Whether a node is a map. */
  public static boolean isMap(Node node) {
    return node instanceof MappingNode;
  }

  /** Whether a node is a list. */
  public static boolean isList(Node node) {
    return node instanceof SequenceNode;
  }

  /**
   * The fields of a map, in their order; complains of what is no map, and of a name that stands
   * twice.
   *
   * @param what the map is, in complaints
   */
  public List<Field> fields(Node node, String what) {
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

  /** The items of a list; complains of what is none. */
  public List<Node> items(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    complain(node, "a list is expected here");
    return List.of();
  }

  /** What a single value says; of another node, what it is. */
  public String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "a " + node.getNodeType();
  }

  /** A whole number; complains of anything else, and of one out of range. */
  public OptionalLong number(Node node, long min, long max) {
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

  /** A share of 1, or a percentage; complains of anything else. */
  public Optional<Double> rate(Node node) {
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

  /** Complains of a field that nobody knows, and names those that are known. */
  public void unknown(Field field, String where, List<String> known) {
    complain(field.key(), "%s has no '%s'; it has %s".formatted(where, field.name(), known));
  }

  /** Complains about a node; beyond a number of complaints further ones are dropped. */
  public void complain(Node node, String what) {
    if (complaints.size() < COMPLAINTS_MAX) {
      Optional<Mark> mark = node.getStartMark();
      complaints.add(
          new Complaint(
              mark.map(Mark::getIndex).orElse(0),
              mark.map(each -> place(name, each)).orElse(name) + ": " + what));
    }
  }

  /** How many complaints there are so far. */
  public int complaints() {
    return complaints.size();
  }

  /**
   * Ends the reading.
   *
   * @throws DocumentException if there was any complaint
   */
  public void check() throws DocumentException {
    if (!complaints.isEmpty()) {
      throw new DocumentException(
          complaints.stream()
              .sorted(Comparator.comparingInt(Complaint::at))
              .map(Complaint::text)
              .toList());
    }
  }

  private static String place(String name, Mark mark) {
    return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }
}
