package io.millrace.chaos.run;

import io.millrace.chaos.attribution.Compilation;
import io.millrace.chaos.attribution.ServerMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * The load before the run, through another queue: it goes on until a whole second had a p99 under
 * the limit and the server's compilers were busy for less than a twentieth of it, or until its time
 * is up.
 */
final class WarmUp {

  private static final Duration WINDOW = Duration.ofSeconds(1);
  private static final double SECOND = 1e9;
  private static final long MS = 1_000_000;

  private WarmUp() {}

  /**
   * How it ended.
   *
   * @param warm whether by its own evidence
   * @param ms how long it took
   * @param orders how many orders it sent
   * @param p99Ms publish p99 of its last second; infinite if nothing was acknowledged in it
   * @param compiling for which share of that second the server's compilers were busy, above 1 where
   *     several were
   */
  record Ending(boolean warm, long ms, long orders, double p99Ms, double compiling) {

    /** For people. */
    String sentence() {
      return String.format(
          Locale.ROOT,
          "%s after %.1f s: publish p99 %.1f ms, the server's compilers busy for %.1f %% of a second",
          warm ? "warm" : "not warm",
          ms / 1e3,
          p99Ms,
          100 * compiling);
    }
  }

  /**
   * Conducts it; nothing of it goes on afterwards.
   *
   * @param live whose last second is this load's
   * @throws IOException if the server does not answer on its admin port, or a client died
   */
  static Ending conduct(Traffic load, RunPlan plan, LiveRun live, ServerMetrics server)
      throws IOException {
    Traffic.Running running = load.start();
    long startNs = load.schedule().startNs();
    long maxNs = startNs + plan.warmUpMax().toNanos();
    load.ticker().awaitNs(startNs + plan.warmUpMin().minus(WINDOW).toNanos());
    double compiledS = server.compiledSeconds();
    long askedNs = load.ticker().nowNs();
    double p99Ms;
    double compiling;
    boolean warm;
    do {
      load.ticker().awaitNs(Math.min(askedNs + WINDOW.toNanos(), maxNs));
      double compiledByNowS = server.compiledSeconds();
      long nowNs = load.ticker().nowNs();
      compiling = (compiledByNowS - compiledS) / ((nowNs - askedNs) / SECOND);
      compiledS = compiledByNowS;
      askedNs = nowNs;
      p99Ms = live.lastSecond().publishMs(99).orElse(Double.POSITIVE_INFINITY);
      warm = p99Ms < RunPlan.SLO_MS && compiling < Compilation.RESTING_SHARE;
    } while (!warm && askedNs < maxNs);
    load.stop(running);
    return new Ending(
        warm, (askedNs - startNs) / MS, load.live().figures().sends().ok(), p99Ms, compiling);
  }
}
