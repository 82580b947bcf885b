package io.millrace.dashboards;

import io.millrace.engine.telemetry.MetricNames;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A dashboard in Grafana's classic JSON model, schema 39, which Grafana 10 and later load from a
 * file and by hand.
 *
 * @param uid stable for ever: links and bookmarks use it
 * @param file its name under {@code grafana/dashboards}
 * @param about a metric that every process has which the dashboard is about; jobs and instances are
 *     looked up in it
 * @param more variables beside data source, job and instance
 * @param annotations marks over all panels
 */
record Dashboard(
    String uid,
    String file,
    String title,
    String description,
    String about,
    List<Variable> more,
    List<Annotation> annotations,
    List<Row> rows) {

  /** A dashboard about servers, without marks. */
  static Dashboard ofServers(
      String name, String title, String description, List<Variable> more, List<Row> rows) {
    return new Dashboard(
        "millrace-" + name,
        "millrace-" + name + ".json",
        "Millrace / " + title,
        description,
        MetricNames.BUILD_INFO,
        more,
        List.of(RESTARTS, FAULTS),
        rows);
  }

  /** A dashboard about the lab and the runs it makes. */
  static Dashboard ofLab(String name, String title, String description, List<Row> rows) {
    return new Dashboard(
        "millrace-" + name,
        "millrace-" + name + ".json",
        "Millrace / " + title,
        description,
        "millrace_lab_phase",
        List.of(),
        List.of(FAULTS, RUNS),
        rows);
  }

  /** A variable whose values are those of a label. */
  record Variable(String label, String metric) {}

  /**
   * Marks where an expression has a sample; neighbouring samples become one region.
   *
   * @param title Grafana's pattern, such as {@code {{kind}}}
   */
  record Annotation(String name, String expression, String title, String tags) {}

  /** Starts of a server: the counters begin anew there. */
  static final Annotation RESTARTS =
      new Annotation(
          "Restarts",
          "changes(" + Query.metric("process_start_time_seconds") + "[1m]) > 0",
          "restart",
          "instance");

  /** Faults in force, whichever lab forces them. */
  static final Annotation FAULTS =
      new Annotation("Faults", "millrace_lab_fault_active > 0", "{{kind}}", "kind,target");

  /** Runs of the lab, from the first message of the steady phase on. */
  static final Annotation RUNS =
      new Annotation("Phases", "millrace_lab_phase == 1", "{{phase}}", "phase");

  private static final int SCHEMA_VERSION = 39;
  private static final int GRID_WIDTH = 24;
  private static final String TAG = "millrace";

  /**
   * Panels side by side, of one height, that fill the grid's width evenly.
   *
   * @param heading shown above them as a row; empty for none
   * @param height in grid units of 30 pixels
   */
  record Row(String heading, int height, List<Panel> panels) {
    Row {
      if (GRID_WIDTH % panels.size() != 0) {
        throw new IllegalArgumentException(panels.size() + " panels leave a gap in a row");
      }
    }
  }

  /** The committed text. */
  String json() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
    return JsonMapper.shared().writer().with(printer).writeValueAsString(tree()) + "\n";
  }

  private ObjectNode tree() {
    ObjectNode dashboard = JsonNodeFactory.instance.objectNode();
    dashboard.put("uid", uid);
    dashboard.put("title", title);
    dashboard.put("description", description);
    dashboard.putArray("tags").add(TAG);
    dashboard.put("schemaVersion", SCHEMA_VERSION);
    dashboard.put("version", 1);
    dashboard.put("editable", false);
    dashboard.put("graphTooltip", 1);
    dashboard.put("refresh", "10s");
    dashboard.put("timezone", "browser");
    dashboard.putObject("time").put("from", "now-30m").put("to", "now");
    dashboard.putObject("timepicker");
    dashboard.putArray("links").add(linkToTheOthers());
    ArrayNode marks = dashboard.putObject("annotations").putArray("list");
    annotations.forEach(annotation -> marks.add(json(annotation)));
    dashboard.putObject("templating").set("list", variables());
    dashboard.set("panels", panels());
    return dashboard;
  }

  /** Ids follow the order; they need to be unique on the dashboard, no more. */
  private ArrayNode panels() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    int id = 1;
    int y = 0;
    for (Row row : rows) {
      if (!row.heading().isEmpty()) {
        ObjectNode heading = all.addObject();
        heading.put("id", id++);
        heading.put("type", "row");
        heading.put("title", row.heading());
        heading.put("collapsed", false);
        heading.putObject("gridPos").put("h", 1).put("w", GRID_WIDTH).put("x", 0).put("y", y);
        heading.putArray("panels");
        y += 1;
      }
      int width = GRID_WIDTH / row.panels().size();
      int x = 0;
      for (Panel panel : row.panels()) {
        all.add(panel.json(id++, x, y, width, row.height()));
        x += width;
      }
      y += row.height();
    }
    return all;
  }

  private ArrayNode variables() {
    ArrayNode variables = JsonNodeFactory.instance.arrayNode();
    ObjectNode source = variables.addObject();
    source.put("name", "datasource");
    source.put("label", "Data source");
    source.put("type", "datasource");
    source.put("query", "prometheus");
    source.put("refresh", 1);
    source.put("hide", 0);
    variables.add(labelVariable("job", "label_values(" + about + ", job)"));
    variables.add(
        labelVariable("instance", "label_values(" + about + "{job=~\"$job\"}, instance)"));
    for (Variable variable : more) {
      String values =
          "label_values(%s{job=~\"$job\",instance=~\"$instance\"}, %s)"
              .formatted(variable.metric(), variable.label());
      variables.add(labelVariable(variable.label(), values));
    }
    return variables;
  }

  /** One menu with all dashboards of the tag, which take time and variables along. */
  private static ObjectNode linkToTheOthers() {
    ObjectNode link = JsonNodeFactory.instance.objectNode();
    link.put("title", "Millrace").put("type", "dashboards").put("icon", "dashboard");
    link.put("asDropdown", true).put("includeVars", true).put("keepTime", true);
    link.put("targetBlank", false).put("tooltip", "the other Millrace dashboards").put("url", "");
    link.putArray("tags").add(TAG);
    return link;
  }

  private static ObjectNode json(Annotation annotation) {
    ObjectNode mark = JsonNodeFactory.instance.objectNode();
    datasource(mark);
    mark.put("name", annotation.name()).put("enable", true).put("hide", false);
    mark.put("iconColor", "purple");
    mark.put("expr", annotation.expression()).put("titleFormat", annotation.title());
    mark.put("tagKeys", annotation.tags());
    // Samples at most a step apart merge into a region; the default of 60 s joins what is not one.
    mark.put("step", "5s");
    return mark;
  }

  private static ObjectNode labelVariable(String label, String query) {
    ObjectNode variable = JsonNodeFactory.instance.objectNode();
    variable.put("name", label);
    variable.put("label", label);
    variable.put("type", "query");
    datasource(variable);
    variable.put("definition", query);
    variable.putObject("query").put("query", query).put("refId", "variable-" + label);
    variable.put("refresh", 2);
    variable.put("sort", 1);
    variable.put("multi", true);
    variable.put("includeAll", true);
    variable.put("allValue", ".+");
    variable.putObject("current").put("text", "All").put("value", "$__all");
    variable.put("hide", 0);
    return variable;
  }

  static void datasource(ObjectNode owner) {
    owner.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
  }
}
