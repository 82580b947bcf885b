package io.millrace.reports.page;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Stall;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The stalls that have a row on the page: all of them, or on a noisy machine, which has thousands
 * that are hardly longer than what counts as one, the longest. The record has every one.
 *
 * @param seen how many the record has
 * @param shown those on the page, in the order of the record, which is that of time
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
        IntStream.range(0, stalls.size())
            .boxed()
            .sorted(Comparator.comparingLong(at -> -lengthMs(stalls.get(at))))
            .limit(ROWS_MAX)
            .sorted()
            .map(stalls::get)
            .toList());
  }

  private static long lengthMs(Stall stall) {
    return stall.toMs() - stall.fromMs();
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
