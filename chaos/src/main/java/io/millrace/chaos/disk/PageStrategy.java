package io.millrace.chaos.disk;

import java.util.Locale;

/** How an image is drawn from the pages that were written and not forced. */
public enum PageStrategy {
  /** Each page by itself: what was durable, or any version since. */
  UNIFORM,
  /** Nothing that was not forced survives. */
  ALL_LOST,
  /** Everything survives, forced or not. */
  ALL_NEW,
  /** Everything survives but one page. */
  ONE_PAGE_LOST,
  /** Nothing survives but one page, the first of its file half of the time. */
  ONE_PAGE_KEPT,
  /** Of each file the first so many pages, as the kernel writes back. */
  ASCENDING,
  /** Of each file the last so many pages. */
  DESCENDING,
  /** As {@link #UNIFORM}, and up to two pages on their way to the disk are mixed by sectors. */
  TORN_SECTORS;

  /** The strategy's name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
