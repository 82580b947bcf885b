package io.millrace.chaos.sim;

import java.util.EnumSet;
import java.util.Set;

/**
 * Burns through at a place of a kind and ends whatever runs, as the death of the process would.
 * What is dead stays dead: once it has burnt, every place ends whatever runs, until it is put out.
 */
final class CrashFuse {

  /** The crash, on its way out to whoever turns the shard. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;
    private final CrashSite site;

    private Crash(CrashSite site, String where) {
      super(where, null, false, false);
      this.site = site;
    }

    /** Where it came. */
    CrashSite site() {
      return site;
    }

    /** Where it came, in words. */
    String where() {
      return String.valueOf(getMessage());
    }
  }

  private final Set<CrashSite> sites = EnumSet.noneOf(CrashSite.class);
  private long placesLeft;
  private boolean burnt;

  /**
   * Arranges a crash.
   *
   * @param site where
   * @param n at the n-th such place from now, from 1
   */
  void light(CrashSite site, long n) {
    putOut();
    sites.add(site);
    placesLeft = n;
  }

  /** No crash comes. */
  void putOut() {
    sites.clear();
    burnt = false;
  }

  boolean isLit() {
    return !sites.isEmpty();
  }

  /** Passes a place. */
  void pass(CrashSite site, String where) {
    if (burnt || (sites.contains(site) && --placesLeft <= 0)) {
      burnt = true;
      throw new Crash(site, where);
    }
  }
}
