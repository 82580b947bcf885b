package io.millrace.reports;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Where two trees of figures differ, leaf by leaf. */
final class TreeDifference {
  private TreeDifference() {}

  /**
   * Compares.
   *
   * @param path where the trees hang
   * @param differences gets a sentence for each leaf that differs
   * @return how many leaves there are
   */
  static long add(String path, JsonNode recorded, JsonNode recomputed, List<String> differences) {
    if (recorded.isObject() && recomputed.isObject()) {
      Set<String> names = new TreeSet<>(recorded.propertyNames());
      names.addAll(recomputed.propertyNames());
      long figures = 0;
      for (String name : names) {
        figures += add(path + "." + name, recorded.path(name), recomputed.path(name), differences);
      }
      return figures;
    }
    if (recorded.isArray() && recomputed.isArray() && recorded.size() == recomputed.size()) {
      long figures = 0;
      for (int i = 0; i < recorded.size(); i++) {
        figures += add(path + "[" + i + "]", recorded.get(i), recomputed.get(i), differences);
      }
      return figures;
    }
    if (!recorded.equals(recomputed)) {
      differences.add(path + " is recorded as " + recorded + " and comes to " + recomputed);
    }
    return 1;
  }
}
