package io.millrace.reports.compare;

import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.RunRecord;
import java.util.Comparator;
import java.util.List;

/** What one side of a comparison measured: runs of the lab, or records of a harness. */
public sealed interface Side {

  /** As the user named it. */
  String name();

  /**
   * One run.
   *
   * @param record its record
   * @param latencies its raw latencies
   */
  record Run(RunRecord record, LatencyLog latencies) {}

  /**
   * Runs of the lab.
   *
   * @param name as the user named it
   * @param runs in the order in which they were started; at least one
   */
  record Runs(String name, List<Run> runs) implements Side {
    /** Orders the runs. */
    public Runs {
      runs = runs.stream().sorted(Comparator.comparing(run -> run.record().started())).toList();
      if (runs.isEmpty()) {
        throw new IllegalArgumentException(name + " holds no run");
      }
    }
  }

  /**
   * Records of a harness.
   *
   * @param name as the user named it
   * @param series every figure measured, by its path in the record
   * @param bars what was asked of figures
   */
  record Benches(String name, List<Series> series, List<Bar> bars) implements Side {
    /** Copies the lists. */
    public Benches {
      series = List.copyOf(series);
      bars = List.copyOf(bars);
    }
  }

  /**
   * One figure of a harness, measured any number of times.
   *
   * @param name its path in the record
   * @param better which way it is better
   * @param steady whether it means the same on another day of the machine, such as a ratio to a
   *     baseline or bytes an operation; only such a figure may stop a merge
   * @param values as measured; at least one
   */
  record Series(String name, Better better, boolean steady, List<Double> values) {
    /** Copies the values. */
    public Series {
      values = List.copyOf(values);
    }

    double[] array() {
      return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /**
   * What was asked of a figure.
   *
   * @param name what is measured, with its unit
   * @param outcome PASS, FAIL or INCONCLUSIVE
   * @param measured the figure
   * @param bar the bar
   */
  record Bar(String name, String outcome, double measured, double bar) {}
}
