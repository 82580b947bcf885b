package io.millrace.dashboards;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One panel of a dashboard: a number ({@link #stat}), lines over time ({@link #lines}), a histogram
 * over time ({@link #heatmap}) or states over time ({@link #states}).
 *
 * @param title unique on its dashboard
 * @param meaning what the panel shows
 * @param action what to do when it looks wrong; the description ends with it
 * @param unit a Grafana unit id
 * @param empty what the panel says when there is no data
 * @param thresholds colours from a value upwards, the first from minus infinity
 */
record Panel(
    Kind kind,
    String title,
    String meaning,
    String action,
    String unit,
    String empty,
    int decimals,
    List<Threshold> thresholds,
    List<Target> targets) {

  enum Kind {
    STAT("stat"),
    LINES("timeseries"),
    AREAS("timeseries"),
    HEATMAP("heatmap"),
    STATES("state-timeline");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  /**
   * One query.
   *
   * @param legend Grafana's pattern, such as {@code {{queue}}}
   */
  record Target(String expression, String legend, boolean exemplars) {

    Target(String expression, String legend) {
      this(expression, legend, false);
    }

    /** The same with the traces that are examples of it, each a point that links to its trace. */
    Target withExemplars() {
      return new Target(expression, legend, true);
    }
  }

  /**
   * A colour from a value upwards.
   *
   * @param from ignored for the first threshold
   */
  record Threshold(String colour, double from) {}

  /** Lets Grafana choose the decimals. */
  static final int AUTO_DECIMALS = -1;

  // Apart for the common kinds of colour blindness; the value's text says the same without colour.
  static final String GOOD = "blue";
  static final String WATCH = "yellow";
  static final String BAD = "dark-red";

  static Panel stat(String title, String unit, Target target) {
    return new Panel(
        Kind.STAT, title, "", "", unit, "no data", AUTO_DECIMALS, good(), List.of(target));
  }

  static Panel lines(String title, String unit, Target... targets) {
    return new Panel(
        Kind.LINES, title, "", "", unit, "no data", AUTO_DECIMALS, good(), List.of(targets));
  }

  /** Lines stacked into areas: parts of a whole. */
  static Panel areas(String title, String unit, Target... targets) {
    return new Panel(
        Kind.AREAS, title, "", "", unit, "no data", AUTO_DECIMALS, good(), List.of(targets));
  }

  /** A histogram over time: how many values fell into each bucket, by shade. */
  static Panel heatmap(String title, String unit, String histogram) {
    return new Panel(
        Kind.HEATMAP,
        title,
        "",
        "",
        unit,
        "no data",
        AUTO_DECIMALS,
        good(),
        List.of(
            new Target(
                "sum by (le) (rate(" + Query.metric(histogram + "_bucket") + "[$__rate_interval]))",
                "{{le}}")));
  }

  /** States over time, one bar a series, 1 for on. */
  static Panel states(String title, Target... targets) {
    return new Panel(
        Kind.STATES,
        title,
        "",
        "",
        "short",
        "no data",
        0,
        List.of(new Threshold(GOOD, 0), new Threshold(BAD, 1)),
        List.of(targets));
  }

  private static List<Threshold> good() {
    return List.of(new Threshold(GOOD, 0));
  }

  Panel means(String text) {
    return new Panel(kind, title, text, action, unit, empty, decimals, thresholds, targets);
  }

  Panel whatToDo(String text) {
    return new Panel(kind, title, meaning, text, unit, empty, decimals, thresholds, targets);
  }

  Panel whenEmpty(String text) {
    return new Panel(kind, title, meaning, action, unit, text, decimals, thresholds, targets);
  }

  Panel decimals(int count) {
    return new Panel(kind, title, meaning, action, unit, empty, count, thresholds, targets);
  }

  /** Worth a look from here upwards. */
  Panel watchFrom(double value) {
    return threshold(new Threshold(WATCH, value));
  }

  /** Bad from here upwards. */
  Panel badFrom(double value) {
    return threshold(new Threshold(BAD, value));
  }

  /** Bad below this, good from here upwards. */
  Panel badBelow(double value) {
    return withThresholds(List.of(new Threshold(BAD, 0), new Threshold(GOOD, value)));
  }

  private Panel threshold(Threshold threshold) {
    List<Threshold> more = new ArrayList<>(thresholds);
    more.add(threshold);
    return withThresholds(List.copyOf(more));
  }

  private Panel withThresholds(List<Threshold> all) {
    return new Panel(kind, title, meaning, action, unit, empty, decimals, all, targets);
  }

  ObjectNode json(int id, int x, int y, int width, int height) {
    ObjectNode panel = JsonNodeFactory.instance.objectNode();
    panel.put("id", id);
    panel.put("type", kind.type);
    panel.put("title", title);
    panel.put("description", meaning + "\n\nWhat to do: " + action);
    panel.putObject("gridPos").put("h", height).put("w", width).put("x", x).put("y", y);
    Dashboard.datasource(panel);
    ObjectNode fieldConfig = panel.putObject("fieldConfig");
    fieldConfig.set("defaults", fieldDefaults());
    fieldConfig.set("overrides", overrides());
    panel.set("options", options());
    ArrayNode queries = panel.putArray("targets");
    for (int i = 0; i < targets.size(); i++) {
      ObjectNode query = queries.addObject();
      query.put("refId", refId(i));
      Dashboard.datasource(query);
      query.put("editorMode", "code");
      query.put("expr", targets.get(i).expression());
      query.put("legendFormat", targets.get(i).legend());
      query.put("range", true);
      if (targets.get(i).exemplars()) {
        query.put("exemplar", true);
      }
      if (kind == Kind.HEATMAP) {
        query.put("format", "heatmap");
      }
    }
    return panel;
  }

  private ObjectNode fieldDefaults() {
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    defaults.put("unit", unit);
    defaults.put("noValue", empty);
    defaults.put("min", 0);
    if (decimals != AUTO_DECIMALS) {
      defaults.put("decimals", decimals);
    }
    boolean byThreshold = kind == Kind.STAT || kind == Kind.STATES;
    defaults.putObject("color").put("mode", byThreshold ? "thresholds" : "palette-classic");
    ArrayNode steps = defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
    for (int i = 0; i < thresholds.size(); i++) {
      ObjectNode step = steps.addObject().put("color", thresholds.get(i).colour());
      if (i == 0) {
        step.putNull("value");
      } else {
        step.put("value", thresholds.get(i).from());
      }
    }
    if (kind == Kind.STATES) {
      // Words, so that the colour says nothing alone.
      ObjectNode words = defaults.putArray("mappings").addObject().put("type", "value");
      ObjectNode options = words.putObject("options");
      options.putObject("0").put("text", "off").put("index", 0);
      options.putObject("1").put("text", "on").put("index", 1);
    } else if (kind == Kind.LINES || kind == Kind.AREAS) {
      ObjectNode custom = defaults.putObject("custom");
      custom.put("drawStyle", "line");
      custom.put("lineWidth", 1);
      custom.put("fillOpacity", kind == Kind.AREAS ? 25 : 5);
      custom.put("showPoints", "never");
      custom.put("spanNulls", false);
      custom
          .putObject("stacking")
          .put("mode", kind == Kind.AREAS ? "normal" : "none")
          .put("group", "A");
      custom.putObject("thresholdsStyle").put("mode", thresholds.size() > 1 ? "dashed" : "off");
    }
    return defaults;
  }

  /**
   * One way of drawing for each of several queries, so that nobody has to tell lines apart by
   * colour. A query of many series leaves their colours to Grafana; the tooltip and the table below
   * name each by its value.
   */
  private ArrayNode overrides() {
    ArrayNode overrides = JsonNodeFactory.instance.arrayNode();
    if (kind != Kind.LINES || targets.size() == 1) {
      return overrides;
    }
    for (int i = 0; i < targets.size(); i++) {
      Stroke stroke = STROKES.get(i);
      ObjectNode override = overrides.addObject();
      override.putObject("matcher").put("id", "byFrameRefID").put("options", refId(i));
      ArrayNode properties = override.putArray("properties");
      properties.addObject().put("id", "custom.lineStyle").set("value", stroke.json());
      if (!targets.get(i).legend().contains("{{")) {
        ObjectNode colour = properties.addObject().put("id", "color").putObject("value");
        colour.put("mode", "fixed").put("fixedColor", stroke.colour());
      }
    }
    return overrides;
  }

  /**
   * How a line is drawn.
   *
   * @param dashes pixels drawn and left out in turn; empty for a solid line
   */
  private record Stroke(String colour, List<Integer> dashes) {

    ObjectNode json() {
      ObjectNode style = JsonNodeFactory.instance.objectNode();
      style.put("fill", dashes.isEmpty() ? "solid" : "dash");
      if (!dashes.isEmpty()) {
        ArrayNode pattern = style.putArray("dash");
        for (int pixels : dashes) {
          pattern.add(pixels);
        }
      }
      return style;
    }
  }

  /** As many as a panel may have queries; the colours are Okabe and Ito's. */
  private static final List<Stroke> STROKES =
      List.of(
          new Stroke("#56B4E9", List.of()),
          new Stroke("#E69F00", List.of(12, 6)),
          new Stroke("#009E73", List.of(3, 5)),
          new Stroke("#D55E00", List.of(24, 6)),
          new Stroke("#CC79A7", List.of(12, 5, 3, 5)),
          new Stroke("#0072B2", List.of(3, 12)),
          new Stroke("#F0E442", List.of(12, 5, 3, 5, 3, 5)));

  private static String refId(int target) {
    return String.valueOf((char) ('A' + target));
  }

  private ObjectNode options() {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    if (kind == Kind.STAT) {
      options.put("colorMode", "value");
      options.put("graphMode", "area");
      options.put("justifyMode", "auto");
      options.put("orientation", "auto");
      options.put("textMode", "auto");
      ObjectNode reduce = options.putObject("reduceOptions");
      reduce.putArray("calcs").add("lastNotNull");
      reduce.put("fields", "").put("values", false);
      return options;
    }
    if (kind == Kind.HEATMAP) {
      options.put("calculate", false);
      ObjectNode colour = options.putObject("color").put("mode", "scheme");
      colour.put("scheme", "Blues").put("steps", 64).put("reverse", false);
      options.putObject("yAxis").put("unit", unit).put("axisPlacement", "left");
      options.putObject("cellValues").put("unit", "cps");
      options.putObject("legend").put("show", true);
      options.putObject("tooltip").put("mode", "single").put("yHistogram", false);
      return options;
    }
    if (kind == Kind.STATES) {
      options.put("showValue", "auto").put("mergeValues", true).put("rowHeight", 0.9);
      options
          .putObject("legend")
          .put("displayMode", "list")
          .put("placement", "bottom")
          .put("showLegend", true);
      options.putObject("tooltip").put("mode", "single").put("sort", "none");
      return options;
    }
    ObjectNode legend = options.putObject("legend");
    legend.put("displayMode", "table").put("placement", "bottom").put("showLegend", true);
    legend.putArray("calcs").add("lastNotNull").add("max");
    options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
    return options;
  }
}
