package io.millrace.jmh.load;

import java.util.List;

/**
 * Whether a leg may be read as what it set out to be. One that may not is kept and marked, and its
 * percentiles are no headline.
 *
 * @param valid whether there is no reason against it
 * @param reasons against it, one sentence each
 */
record Validity(boolean valid, List<String> reasons) {

  Validity {
    reasons = List.copyOf(reasons);
  }

  static Validity of(List<String> reasons) {
    return new Validity(reasons.isEmpty(), reasons);
  }
}
