package io.millrace.reports.page;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Stall;
import java.util.Comparator;
import java.util.List;

/**
 * The stalls that have a row on the page: all of them, or on a noisy machine, which has thousands
 * that are hardly longer than what counts as one, the longest. The record has every one.
 *
 * @param seen how many the record has
 * @param shown those on the page, in the order of time
 */
public record LongestStalls(int seen, List<Stall> shown) {

  /** More rows than a reader goes through. */
  static final int ROWS_MAX = 200;

  /** Copies the list. */
  public LongestStalls {
    shown = List.copyOf(shown);
  }

  /** Of a record's stalls; of two that are as long, the earlier one has the row. */
  public static LongestStalls of(List<Stall> stalls) {
    return new LongestStalls(
        stalls.size(),
        stalls.stream()
            .sorted(Comparator.comparingLong((Stall stall) -> stall.fromMs() - stall.toMs()))
            .limit(ROWS_MAX)
            .sorted(Comparator.comparingLong(Stall::fromMs))
            .toList());
  }

  /** What the rows are. */
  public String title() {
    return shown.size() == seen
        ? "Every stall that was seen"
        : "The "
            + Figures.count(shown.size())
            + " longest of the "
            + Figures.count(seen)
            + " stalls that were seen; the record has all";
  }
}
