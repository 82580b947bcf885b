package io.millrace.chaos.run;

import io.millrace.chaos.load.Ledger;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.chaos.load.ManualTicker;
import io.millrace.chaos.load.Schedule;
import java.time.Duration;

/** Runs to be watched. */
final class LiveRuns {

  private LiveRuns() {}

  /** Nothing was due yet. */
  static LiveRun.Load idle() {
    return new LiveRun.Load(
        new Schedule(1_000, 10, 10),
        new ManualTicker(),
        new LiveFigures(),
        new Ledger(Duration.ofSeconds(7)));
  }
}
