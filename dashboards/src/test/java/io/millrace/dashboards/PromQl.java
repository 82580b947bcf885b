package io.millrace.dashboards;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads names out of PromQL, well enough for queries we write ourselves; it is no parser. */
final class PromQl {

  private static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "or",
          "unless",
          "bool",
          "offset",
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "group_right",
          "inf",
          "nan",
          "atan2",
          "start",
          "end");

  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern MATCHERS = Pattern.compile("\\{[^}]*}");
  private static final Pattern SELECTOR =
      Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*\\{(?:[^}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*}");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:.$])([a-zA-Z_:][a-zA-Z0-9_:]*)(?!\\s*\\()(?![\\w:])");
  private static final Pattern LABEL_MATCHER =
      Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)\\s*\"");

  private PromQl() {}

  /** The metrics an expression reads. */
  static Set<String> metrics(String expression) {
    String bare = STRING.matcher(expression).replaceAll("\"\"");
    bare = MATCHERS.matcher(bare).replaceAll(" ");
    bare = RANGE.matcher(bare).replaceAll(" ");
    bare = GROUPING.matcher(bare).replaceAll(" ");
    Set<String> names = new LinkedHashSet<>();
    Matcher name = NAME.matcher(bare);
    while (name.find()) {
      if (!KEYWORDS.contains(name.group(1).toLowerCase(Locale.ROOT))) {
        names.add(name.group(1));
      }
    }
    return names;
  }

  /** The metrics an expression narrows by labels, each with its matchers. */
  static Set<String> selectors(String expression) {
    Set<String> selectors = new LinkedHashSet<>();
    Matcher selector = SELECTOR.matcher(expression);
    while (selector.find()) {
      selectors.add(selector.group());
    }
    return selectors;
  }

  /** The labels an expression selects or groups by. */
  static Set<String> labels(String expression) {
    Set<String> labels = new LinkedHashSet<>();
    Matcher matcher = LABEL_MATCHER.matcher(STRING.matcher(expression).replaceAll("\"\""));
    while (matcher.find()) {
      labels.add(matcher.group(1));
    }
    Matcher grouping = GROUPING.matcher(expression);
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",", -1)) {
        if (!label.isBlank()) {
          labels.add(label.trim());
        }
      }
    }
    return labels;
  }
}
