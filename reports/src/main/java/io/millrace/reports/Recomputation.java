package io.millrace.reports;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What came of computing a record's figures again: how many, which differ, and what could not be
 * computed because what it was made from is not beside the record. Filled by one thread.
 */
final class Recomputation {
  private final List<String> differences = new ArrayList<>();
  private final List<String> notComputed = new ArrayList<>();
  private long figures;

  /** A figure, as recorded and as it comes out. */
  void figure(String name, Object recorded, Object computed) {
    figures(1, name, recorded, computed);
  }

  /** Several figures that are one value. */
  void figures(int count, String name, Object recorded, Object computed) {
    figures += count;
    if (!recorded.equals(computed)) {
      differences.add(name + " is recorded as " + recorded + " and comes to " + computed);
    }
  }

  /** Figures that are the leaves of a tree. */
  void tree(String name, JsonNode recorded, JsonNode computed) {
    figures += TreeDifference.add(name, recorded, computed, differences);
  }

  /** What a figure should be made from is missing although it belongs there. */
  void missing(String sentence) {
    differences.add(sentence);
  }

  /**
   * What is taken as the record has it.
   *
   * @param what and why, one sentence without a full stop
   */
  void cannot(String what) {
    notComputed.add(what);
  }

  long figures() {
    return figures;
  }

  List<String> differences() {
    return differences;
  }

  List<String> notComputed() {
    return notComputed;
  }
}
