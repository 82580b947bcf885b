package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Attribution;
import io.millrace.chaos.attribution.Evidence;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Latencies;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.Second;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Reckons a leg's figures from its samples, once nothing moves any more. */
final class LegFigures {

  /** A leg whose share of messages sent in time is below this did not offer its rate. */
  private static final double ACHIEVED_MIN = 0.999;

  /** How much of the limit the generator's own delay may take before it is the bottleneck. */
  private static final double GENERATOR_SHARE = 0.10;

  private static final double MS = 1e6;

  private final Workload workload;
  private final Samples samples;
  private final Stretch stretch;
  private final Standing standing;
  private final LatencyLog log = new LatencyLog(List.of());
  private final Histogram sendDelay = LatencyLog.newHistogram();
  private final Histogram endToEndUncorrected = LatencyLog.newHistogram();
  private long sentInTime;
  private long ackedInTime;
  private long acked;
  private long received;
  private long lost;
  private long left;
  private long receivedMeanwhile;

  /**
   * The measured part of a leg.
   *
   * @param from the number of its first message
   * @param to the number after its last
   * @param fromNs its beginning, in ns since the origin
   * @param toNs its end
   * @param fromEpochMs its beginning by the wall clock
   */
  record Stretch(int from, int to, long fromNs, long toNs, long fromEpochMs) {

    double seconds() {
      return (toNs - fromNs) / 1e9;
    }
  }

  /**
   * Of a leg that is over.
   *
   * @param standing of what sent the messages
   */
  LegFigures(Workload workload, Samples samples, Stretch stretch, Standing standing) {
    this.workload = workload;
    this.samples = samples;
    this.stretch = stretch;
    this.standing = standing;
    for (int i = 0; i < samples.scheduled(); i++) {
      if (samples.ackedNs(i) != Samples.NEVER && samples.receivedNs(i) == Samples.NEVER) {
        lost++;
      }
    }
    for (int i = samples.scheduled(); i < samples.all(); i++) {
      if (samples.receivedNs(i) == Samples.NEVER) {
        left++;
      }
    }
    for (int i = 0; i < samples.all(); i++) {
      long at = samples.receivedNs(i);
      if (at >= stretch.fromNs() && at < stretch.toNs()) {
        receivedMeanwhile++;
      }
    }
    for (int i = stretch.from(); i < stretch.to(); i++) {
      take(i);
    }
  }

  private void take(int number) {
    long dueNs = samples.dueNs(number);
    long intendedMs = (dueNs - stretch.fromNs()) / 1_000_000;
    long startedNs = samples.startedNs(number);
    if (startedNs == Samples.NEVER) {
      return;
    }
    sendDelay.recordValue(Math.max(0, startedNs - dueNs));
    if (startedNs < stretch.toNs() + graceNs()) {
      sentInTime++;
    }
    long ackedNs = samples.ackedNs(number);
    if (ackedNs != Samples.NEVER) {
      acked++;
      if (ackedNs < stretch.toNs() + graceNs()) {
        ackedInTime++;
      }
      log.record(Kind.PUBLISH, intendedMs, ackedNs - dueNs);
      log.record(Kind.SERVICE, intendedMs, ackedNs - startedNs);
    }
    long receivedNs = samples.receivedNs(number);
    if (receivedNs != Samples.NEVER) {
      received++;
      long visibleNs = ackedNs != Samples.NEVER ? ackedNs : startedNs;
      log.record(Kind.END_TO_END, intendedMs, receivedNs - dueNs);
      log.record(
          Kind.RECEIVE,
          intendedMs,
          Math.max(0, receivedNs - Math.max(visibleNs, samples.polledNs(number))));
      endToEndUncorrected.recordValue(receivedNs - startedNs);
    }
  }

  /** What was due last may leave and be answered a little after the stretch, and be in time. */
  private long graceNs() {
    return (long) (workload.sloMs() * MS);
  }

  /** The raw latencies, by second of the measured stretch. */
  LatencyLog log() {
    return log;
  }

  /** Sums up, with the meters' logs of a directory, and writes the raw latencies there. */
  Leg leg(
      RunDirectory directory,
      String subject,
      String durabilityClass,
      Workload.Step step,
      int pair,
      WarmUp warmUp,
      Evidence evidence)
      throws IOException {
    log.write(directory.latencyLog(), stretch.fromEpochMs());
    Platform platform =
        directory
            .platform(List.of(), stretch.fromEpochMs(), sendDelay)
            .withGenerator(standing.words());
    boolean sends = stretch.to() > stretch.from();
    List<Misses> misses = sends ? misses(evidence) : List.of();
    List<LatencyVerdict.Measured> measured = log.steady(workload.sloMs(), misses);
    return new Leg(
        String.valueOf(directory.path().getFileName()),
        subject,
        durabilityClass,
        step,
        pair,
        Validity.of(reasons(sends)),
        !sends || warmUp.warm(),
        warmUp.trace(),
        sends ? warmUp.ending() : "A load that sends nothing has none.",
        new Leg.Counts(
            (long) stretch.to() - stretch.from(),
            sentInTime,
            acked,
            received,
            samples.deleted(),
            samples.emptyPolls(),
            lost,
            samples.duplicates(),
            samples.invented(),
            left),
        samples.errors(),
        step.rate(),
        ackedInTime / stretch.seconds(),
        receivedMeanwhile / stretch.seconds(),
        stretch.seconds(),
        latencies(),
        LatencySummary.from(endToEndUncorrected),
        sends
            ? Optional.of(
                LatencyVerdict.judge(workload.sloMs(), measured, platform.controlHiccupMs()))
            : Optional.empty(),
        sends ? measured.stream().map(MissBound::of).toList() : List.of(),
        misses,
        evidence.stalls(
            (long) (LatencyVerdict.PLATFORM_SHARE * graceNs()), stretch.fromNs(), stretch.toNs()),
        timeline(step.rate()),
        stretch.fromEpochMs(),
        platform);
  }

  private List<Misses> misses(Evidence evidence) {
    Attribution attribution = new Attribution(evidence, workload.sloMs());
    for (int i = stretch.from(); i < stretch.to(); i++) {
      attribution.note(samples.passage(i));
    }
    return attribution.misses();
  }

  private List<Second> timeline(int rate) {
    int seconds = (int) Math.ceil(stretch.seconds());
    if (rate == 0) {
      return List.of();
    }
    long[] intended = new long[seconds];
    long[] answered = new long[seconds];
    long[] arrived = new long[seconds];
    long[] waiting = new long[seconds];
    for (int i = 0; i < samples.scheduled(); i++) {
      count(intended, i >= stretch.to() ? Samples.NEVER : samples.dueNs(i));
      count(answered, samples.ackedNs(i));
      long ackedNs = samples.ackedNs(i);
      long receivedNs = samples.receivedNs(i);
      for (int second = Math.max(0, secondOf(ackedNs));
          second < seconds && ackedNs < receivedNs;
          second++) {
        if (receivedNs < stretch.fromNs() + (second + 1) * 1_000_000_000L) {
          break;
        }
        waiting[second]++;
      }
    }
    for (int i = 0; i < samples.all(); i++) {
      count(arrived, samples.receivedNs(i));
    }
    return log.timeline(LatencyLog.windowSeconds(rate), intended, answered, arrived, waiting);
  }

  private void count(long[] seconds, long atNs) {
    int second = secondOf(atNs);
    if (second >= 0 && second < seconds.length) {
      seconds[second]++;
    }
  }

  /** Of the measured stretch; negative before it, far beyond it for what never was. */
  private int secondOf(long atNs) {
    return atNs == Samples.NEVER
        ? Integer.MAX_VALUE
        : Math.toIntExact(Math.floorDiv(atNs - stretch.fromNs(), 1_000_000_000L));
  }

  private Latencies latencies() {
    return new Latencies(
        LatencySummary.from(log.merged(Kind.PUBLISH, Phase.STEADY)),
        LatencySummary.from(log.merged(Kind.RECEIVE, Phase.STEADY)),
        LatencySummary.from(log.merged(Kind.END_TO_END, Phase.STEADY)),
        LatencySummary.from(log.merged(Kind.SERVICE, Phase.STEADY)));
  }

  private List<String> reasons(boolean sends) {
    List<String> reasons = new ArrayList<>();
    long planned = (long) stretch.to() - stretch.from();
    if (sends && sentInTime < ACHIEVED_MIN * planned) {
      reasons.add(
          "Only "
              + Figures.count(sentInTime)
              + " of "
              + Figures.count(planned)
              + " messages left while they were due.");
    }
    if (lost > 0) {
      reasons.add(Figures.count(lost) + " acknowledged messages were not received in time.");
    }
    if (samples.invented() > 0) {
      reasons.add(Figures.count(samples.invented()) + " messages came that nobody had sent.");
    }
    long errors = samples.errors().values().stream().mapToLong(Long::longValue).sum();
    if (errors > 0) {
      reasons.add(Figures.count(errors) + " operations failed: " + samples.errors() + ".");
    }
    generatorReason().ifPresent(reasons::add);
    return reasons;
  }

  private Optional<String> generatorReason() {
    double allowedMs = GENERATOR_SHARE * workload.sloMs();
    Optional<Percentile> judged =
        Percentile.highestPrintable(sendDelay.getTotalCount(), LatencyVerdict.CLAIMED);
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    double delayMs = LatencySummary.toMs(sendDelay.getValueAtPercentile(judged.get().percent()));
    return delayMs < allowedMs
        ? Optional.empty()
        : Optional.of(
            "The generator itself was late: "
                + judged.get().label()
                + " of its delay is "
                + Figures.ms(delayMs)
                + " ms, over the "
                + Figures.limit(allowedMs)
                + " it may take.");
  }
}
