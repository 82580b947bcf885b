package io.millrace.jmh.load;

import io.millrace.chaos.attribution.IdleMachine;
import io.millrace.jmh.http.Arm;
import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.Scratch;
import io.millrace.reports.LoadDirectory;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.Percentile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole load run: every step of the workload, against one service or two that take turns, each
 * leg on a fresh one.
 *
 * <pre>
 * load-NAME-HASH-STARTED/   HASH is the head of the plan's SHA-256: reruns of a plan stand together
 *   plan.json               written before the first leg
 *   load-NAME.json          plan, environment, every leg, curves, ratios, bars
 *   report.html             the page, and MANIFEST.sha256 of what it is made from
 *   idle-before, idle-after the meters alone, while no service ran
 *   LEG/*.hlog, *.stalls    raw: latencies, hiccup meters, force gate
 *   LEG/report.html         the leg as a page, with its run record and manifest
 * </pre>
 */
final class LoadRun {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final int HASH_DIGITS = 8;
  private static final double LINEAR_MIN = 0.9;
  private static final int TRIES_ON_A_NOISY_PLATFORM = 3;
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Plan plan;
  private final String command;
  private final LoadLeg.Warmth warmth;
  private final PrintStream out;
  private final List<Leg> legs = new ArrayList<>();

  /**
   * What to run, fixed before it begins.
   *
   * @param workload the load
   * @param target the service in question
   * @param vs the service it takes turns with; empty if there is none
   * @param pairs legs of each service at each step
   * @param order of the legs of a comparison
   * @param seed of random arrivals, and in the queues' names
   * @param ratioMax the bar for the p99.9 of publish and of end-to-end as a share of the other
   *     service's; 0 for none
   * @param search for the highest rate that keeps the limit; empty if it is not searched for
   * @param idleSeconds how long the machine is metered by itself before and after; 0 for not at all
   * @param gates what makes a leg invalid or its verdict inconclusive, in words
   */
  record Plan(
      Workload workload,
      Subject.Choice target,
      Optional<Subject.Choice> vs,
      int pairs,
      String order,
      long seed,
      double ratioMax,
      Optional<RateSearch> search,
      int idleSeconds,
      List<String> gates) {

    /** The gates as they are coded. */
    static final List<String> GATES =
        List.of(
            "valid: at least 99.9 % of the messages leave while they are due",
            "valid: everything acknowledged is received, no operation fails",
            "valid: p99.9 of the generator's delay is under a tenth of the limit",
            "conclusive: the control process's hiccup at the same percentile is within a fifth of the"
                + " limit");

    Plan {
      gates = List.copyOf(gates);
    }
  }

  /**
   * One latency of the service in question as a share of the other's, pair by pair.
   *
   * @param step at which step
   * @param kind which latency
   * @param percentile the highest that both sides' legs carry, p99.9 at most
   * @param ratio of the service in question to the other; below 1 is better
   */
  record Comparison(Workload.Step step, Kind kind, String percentile, PairedRatio ratio) {}

  /**
   * All that was measured.
   *
   * @param legs in the order they were run; invalid ones among them
   * @param curves latency against rate, where there were several rates
   * @param comparisons where two services took turns
   * @param idle the machine by itself, before the first leg and after the last
   */
  record Measured(
      List<Leg> legs, List<LoadCurve> curves, List<Comparison> comparisons, List<Idle> idle) {
    Measured {
      idle = List.copyOf(idle);
      legs = List.copyOf(legs);
      curves = List.copyOf(curves);
      comparisons = List.copyOf(comparisons);
    }

    /** Whether every leg may be read. */
    boolean valid() {
      return legs.stream().allMatch(leg -> leg.validity().valid());
    }
  }

  /**
   * A run that is over.
   *
   * @param directory of its files
   * @param record as written
   * @param measured the record's figures
   */
  record Finished(Path directory, BenchRecord record, Measured measured) {}

  /**
   * A run that has not begun.
   *
   * @param command repeats it
   */
  LoadRun(Plan plan, String command, LoadLeg.Warmth warmth, PrintStream out) {
    this.plan = plan;
    this.command = command;
    this.warmth = warmth;
    this.out = out;
  }

  /** Runs the plan; its directory is made inside another, which exists. */
  Finished run(Path parent) throws IOException {
    String json = MAPPER.writeValueAsString(plan) + "\n";
    String name = "load-" + plan.workload.name();
    Path directory =
        Files.createDirectory(
            parent.resolve(
                String.join(
                    "-",
                    name,
                    sha256(json).substring(0, HASH_DIGITS),
                    STARTED.format(Instant.now()))));
    Files.writeString(directory.resolve("plan.json"), json);
    BenchRecord.Begun begun = BenchRecord.begin(name, command);
    OptionalInt sustained = OptionalInt.empty();
    List<Idle> idle = new ArrayList<>();
    try (Scratch scratch = Scratch.in(directory)) {
      idle("before", directory, scratch.path()).ifPresent(idle::add);
      for (Workload.Step step : plan.workload.steps()) {
        for (int pair = 1; pair <= plan.pairs; pair++) {
          for (Subject.Choice choice : order(pair)) {
            leg(choice, step, pair, directory, scratch.path());
          }
        }
      }
      if (plan.search.isPresent()) {
        sustained = search(plan.search.get(), directory, scratch.path());
      }
      idle("after", directory, scratch.path()).ifPresent(idle::add);
      Measured measured = new Measured(legs, curves(sustained), comparisons(), idle);
      List<Bar> bars = bars(measured);
      bars.forEach(bar -> out.println(bar.line()));
      BenchRecord record = begun.finish(directory, scratch.path(), Arm.FLAGS, plan, measured, bars);
      for (Leg leg : legs) {
        if (leg.verdict().isPresent()) {
          RunDirectory files = RunDirectory.create(directory.resolve(leg.directory()));
          LegReport.write(files, leg, plan, command, record, measured.curves());
          out.println("page: " + files.pageFile());
        }
      }
      new LoadDirectory(directory).finish();
      return new Finished(directory, record, measured);
    }
  }

  private Optional<Idle> idle(String when, Path directory, Path disk) throws IOException {
    if (plan.idleSeconds == 0) {
      return Optional.empty();
    }
    RunDirectory files = new RunDirectory(directory).idle(when);
    Idle idle = IdleMachine.meter(files, disk, plan.idleSeconds, plan.workload.sloMs());
    out.println(idle.sentence());
    return Optional.of(idle);
  }

  private List<Subject.Choice> order(int pair) {
    if (plan.vs.isEmpty()) {
      return List.of(plan.target);
    }
    return pair % 2 == 1
        ? List.of(plan.target, plan.vs.get())
        : List.of(plan.vs.get(), plan.target);
  }

  private Leg leg(Subject.Choice choice, Workload.Step step, int pair, Path directory, Path scratch)
      throws IOException {
    String name =
        String.format(Locale.ROOT, "%03d-%s-%d", legs.size() + 1, label(choice), step.rate());
    RunDirectory files = RunDirectory.create(directory.resolve(name));
    Path disk = Files.createDirectory(scratch.resolve(name));
    try (Subject subject = Subject.open(choice, plan.workload, disk, files.path())) {
      Leg leg =
          new LoadLeg(plan.workload, step, warmth, plan.seed, LoadLeg.Watch.NONE)
              .run(subject, pair, files);
      legs.add(leg);
      LegText.lines(leg, plan.workload).forEach(out::println);
      return leg;
    }
  }

  private static String label(Subject.Choice choice) {
    String words = choice.words().contains("://") ? "url" : choice.words();
    return choice.sdk() ? words + "-sdk" : words;
  }

  private OptionalInt search(RateSearch search, Path directory, Path scratch) throws IOException {
    OptionalInt highest = search.highest(rate -> keeps(rate, directory, scratch));
    out.println(
        highest.isPresent()
            ? "highest rate that kept the limit, confirmed "
                + search.confirmations()
                + " times: "
                + Figures.count(highest.getAsInt())
                + " messages/s"
            : "no rate kept the limit");
    return highest;
  }

  /** Whether a rate keeps the limit; a leg in which the machine itself stalled is made again. */
  private boolean keeps(int rate, Path directory, Path scratch) throws IOException {
    Workload.Step first = plan.workload.steps().get(0);
    Workload.Step step = new Workload.Step(rate, first.queues(), first.consumers());
    double mayTakeMs = LatencyVerdict.PLATFORM_SHARE * plan.workload.sloMs();
    for (int i = 0; i < TRIES_ON_A_NOISY_PLATFORM; i++) {
      Leg leg = leg(plan.target, step, 1, directory, scratch);
      boolean passed =
          leg.verdict()
              .filter(verdict -> verdict.outcome() == LatencyVerdict.Outcome.PASS)
              .isPresent();
      if (leg.validity().valid() && passed) {
        return true;
      }
      if (leg.platform().controlHiccupMs().max() <= mayTakeMs) {
        return false;
      }
    }
    return false;
  }

  private List<LoadCurve> curves(OptionalInt sustained) {
    List<LoadCurve> curves = new ArrayList<>();
    List<String> subjects = legs.stream().map(Leg::subject).distinct().toList();
    for (String subject : subjects) {
      List<Leg> ofSubject =
          legs.stream()
              .filter(leg -> leg.subject().equals(subject) && leg.verdict().isPresent())
              .sorted(Comparator.comparingDouble(Leg::offeredPerSecond))
              .toList();
      if (ofSubject.stream().mapToDouble(Leg::offeredPerSecond).distinct().count() < 2) {
        continue;
      }
      for (Kind kind : List.of(Kind.PUBLISH, Kind.END_TO_END)) {
        OptionalDouble highest =
            sustained.isPresent() && subject.equals(subjects.get(0))
                ? OptionalDouble.of(sustained.getAsInt())
                : OptionalDouble.empty();
        curves.add(
            new LoadCurve(
                subject + ", " + ofSubject.get(0).durabilityClass() + ", " + kind.words(),
                kind,
                plan.workload.sloMs(),
                ofSubject.stream().map(leg -> point(leg, kind)).toList(),
                highest));
      }
    }
    return curves;
  }

  private static LoadCurve.Point point(Leg leg, Kind kind) {
    return new LoadCurve.Point(
        leg.offeredPerSecond(),
        leg.achievedPerSecond(),
        leg.latencies().of(kind),
        leg.verdict().orElseThrow().checks().stream()
            .filter(check -> check.kind() == kind)
            .findFirst()
            .orElseThrow()
            .outcome(),
        String.join(" ", leg.validity().reasons()));
  }

  private List<Comparison> comparisons() {
    List<Comparison> comparisons = new ArrayList<>();
    if (plan.vs.isEmpty()) {
      return comparisons;
    }
    int perStep = 2 * plan.pairs;
    for (int first = 0; first + perStep <= legs.size(); first += perStep) {
      List<Leg> ofStep = legs.subList(first, first + perStep);
      for (Kind kind : List.of(Kind.PUBLISH, Kind.END_TO_END)) {
        compare(ofStep, kind).ifPresent(comparisons::add);
      }
    }
    return comparisons;
  }

  private Optional<Comparison> compare(List<Leg> ofStep, Kind kind) {
    long fewest =
        ofStep.stream().mapToLong(leg -> leg.latencies().of(kind).count()).min().orElse(0);
    Optional<Percentile> percentile = Percentile.highestPrintable(fewest, LatencyVerdict.CLAIMED);
    if (percentile.isEmpty()) {
      return Optional.empty();
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ofStep.size(); i += 2) {
      boolean ours = i / 2 % 2 == 0;
      LatencySummary a = ofStep.get(ours ? i : i + 1).latencies().of(kind);
      LatencySummary b = ofStep.get(ours ? i + 1 : i).latencies().of(kind);
      ratios.add(a.at(percentile.get()).orElseThrow() / b.at(percentile.get()).orElseThrow());
    }
    return Optional.of(
        new Comparison(
            ofStep.get(0).step(), kind, percentile.get().label(), PairedRatio.of(ratios)));
  }

  private List<Bar> bars(Measured measured) {
    List<Bar> bars = new ArrayList<>();
    boolean noisy =
        legs.stream()
            .flatMap(leg -> leg.verdict().stream())
            .anyMatch(verdict -> verdict.outcome() == LatencyVerdict.Outcome.INCONCLUSIVE_PLATFORM);
    for (Comparison comparison : measured.comparisons()) {
      String name =
          comparison.kind().words()
              + " "
              + comparison.percentile()
              + " at "
              + comparison.step().rate()
              + "/s as a share of "
              + plan.vs.map(Subject.Choice::words).orElse("")
              + "'s";
      PairedRatio ratio = comparison.ratio();
      out.printf(
          Locale.ROOT,
          "%s: %.3f (95 %% interval %.3f to %.3f)%n",
          name,
          ratio.median(),
          ratio.low(),
          ratio.high());
      if (plan.ratioMax > 0) {
        bars.add(Bar.atMost(name, plan.ratioMax, ratio.median()).unless(noisy));
      }
    }
    bars.addAll(scaling());
    return bars;
  }

  /** What more consumers with a slow handler must bring. */
  private List<Bar> scaling() {
    List<Bar> bars = new ArrayList<>();
    if (plan.workload.handlerMs() == 0 || plan.workload.consumers().size() < 2) {
      return bars;
    }
    Leg one = legs.get(0);
    for (Leg leg : legs) {
      if (leg.subject().equals(one.subject())) {
        int consumers = leg.step().consumers();
        double linear = one.receivedPerSecond() * consumers / one.step().consumers();
        bars.add(
            Bar.atLeast(
                "throughput of " + consumers + " consumers as a share of linear",
                LINEAR_MIN,
                leg.receivedPerSecond() / linear));
        bars.add(
            Bar.atMost(
                "duplicates with " + consumers + " consumers",
                0,
                (double) leg.counts().duplicates()));
      }
    }
    return bars;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
