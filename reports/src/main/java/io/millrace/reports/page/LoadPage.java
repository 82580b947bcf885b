package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The page of a load run: what its template reads.
 *
 * @param run the record
 * @param charts latency against throughput, then percentiles at each rate
 * @param rawFiles names of the files beside the page
 * @param legPages folders of the legs that have a page of their own
 */
public record LoadPage(
    LoadRecord run, List<Chart> charts, List<String> rawFiles, Set<String> legPages) {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** A colour a service; the plots hold no more services than that. */
  private static final List<String> COLOURS = List.of("c1", "c3", "c2");

  /** Copies the lists. */
  public LoadPage {
    charts = List.copyOf(charts);
    rawFiles = List.copyOf(rawFiles);
    legPages = Set.copyOf(legPages);
  }

  /** A leg's folder, as the record names it, by its last name. */
  public static String folder(LoadRecord.Leg leg) {
    return leg.directory().substring(leg.directory().lastIndexOf('/') + 1);
  }

  /** Whether a leg has a page of its own. */
  public boolean hasPage(LoadRecord.Leg leg) {
    return legPages.contains(folder(leg));
  }

  /** What repeats the run. */
  public static String command(LoadRecord run) {
    return run.command().isEmpty()
        ? "./millrace bench load " + run.plan().workload().name() + " --seed " + run.plan().seed()
        : run.command();
  }

  /**
   * A leg with its raw histograms, each empty where there is none.
   *
   * @param leg as recorded
   * @param publish publish latency
   * @param service publish latency, uncorrected
   * @param endToEnd end-to-end latency
   * @param controlHiccup the control meter
   */
  public record RawLeg(
      LoadRecord.Leg leg,
      Histogram publish,
      Histogram service,
      Histogram endToEnd,
      Histogram controlHiccup) {}

  /**
   * Renders the page of a load run.
   *
   * @param run the record
   * @param legs its legs with their raw histograms
   * @param rawFiles names of the files beside the page
   * @param legPages folders of the legs that have a page of their own
   * @return well-formed HTML that needs nothing else
   */
  public static String render(
      LoadRecord run, List<RawLeg> legs, List<String> rawFiles, Set<String> legPages) {
    List<Chart> charts = new ArrayList<>(LoadChart.charts(run.measured().curves()));
    charts.addAll(percentiles(run, legs));
    StringOutput html = new StringOutput();
    TEMPLATES.render("load.jte", new LoadPage(run, charts, rawFiles, legPages), html);
    return html.toString();
  }

  /**
   * How a load run is listed among those published.
   *
   * @param directory its folder beside the list
   * @param files names of the files beside its page, the record first
   */
  public static PublishedPage.Published listed(
      String directory, LoadRecord run, List<String> files) {
    return new PublishedPage.Published(
        directory,
        run.startedAt(),
        claim(run),
        badges(run),
        List.of(
            new PublishedPage.Fact(
                "run",
                Prose.instant(run.startedAt())
                    + ", commit "
                    + Prose.commit(run.gitCommit(), run.gitDirty())
                    + ", seed "
                    + run.plan().seed()),
            new PublishedPage.Fact("asked", run.plan().workload().intent()),
            new PublishedPage.Fact("services", services(run)),
            new PublishedPage.Fact("machine", Prose.machine(run.environment())),
            new PublishedPage.Fact("again", command(run))),
        List.of(files.get(0), "MANIFEST.sha256"));
  }

  /** The claim, in one sentence, which says no more than the verdicts. */
  public static String claim(LoadRecord run) {
    long invalid = run.measured().legs().stream().filter(leg -> !leg.validity().valid()).count();
    String but =
        invalid == 0
            ? ""
            : " "
                + Figures.count(invalid)
                + " of "
                + Figures.count(run.measured().legs().size())
                + (invalid == 1
                    ? " legs is not valid and carries no claim."
                    : " legs are not valid and carry no claim.");
    if (!run.measured().comparisons().isEmpty() && invalid == 0) {
      LoadRecord.Comparison first = run.measured().comparisons().get(0);
      return "At "
          + Figures.count(first.step().rate())
          + " messages a second, "
          + first.kind().words()
          + " "
          + first.percentile()
          + " of "
          + String.join(
              " was " + ratio(first.ratio().median()) + " times that of ",
              run.measured().legs().stream().map(LoadRecord.Leg::service).distinct().toList())
          + ".";
    }
    for (LoadCurve curve : run.measured().curves()) {
      if (curve.sustainedPerSecond().isPresent()) {
        return curve.name()
            + " kept its limit of "
            + Figures.limit(curve.limitMs())
            + " up to "
            + Figures.rate(curve.sustainedPerSecond().getAsDouble())
            + " messages a second, as confirmed."
            + but;
      }
    }
    LoadRecord.Leg first = run.measured().legs().get(0);
    return first.service()
        + (empties(first)
            ? ", emptying a backlog"
            : ", at " + Figures.rate(first.offeredPerSecond()) + " messages a second")
        + ": "
        + (first.validity().valid() ? verdict(first, run) : "not valid")
        + "."
        + but;
  }

  /**
   * The verdicts: whether the legs may be read, the limit as the first service kept it, the bars.
   */
  public static List<PublishedPage.Badge> badges(LoadRecord run) {
    List<LoadRecord.Leg> legs = run.measured().legs();
    long valid = legs.stream().filter(leg -> leg.validity().valid()).count();
    List<PublishedPage.Badge> badges = new ArrayList<>();
    badges.add(
        new PublishedPage.Badge(
            "Legs valid",
            Figures.count(valid) + " of " + Figures.count(legs.size()),
            Prose.style(valid == legs.size() ? Verdict.VALID : Verdict.UNKNOWN)));
    legs.stream()
        .filter(leg -> leg.validity().valid() && leg.service().equals(legs.get(0).service()))
        .flatMap(leg -> leg.verdict().stream())
        .map(LatencyVerdict::outcome)
        .min(Enum::compareTo)
        .ifPresent(
            worst ->
                badges.add(
                    new PublishedPage.Badge(
                        "Under " + Figures.limit(run.plan().workload().sloMs()) + " at every rate",
                        worst.words(),
                        Prose.style(worst))));
    for (LoadRecord.Bar bar : run.bars()) {
      badges.add(new PublishedPage.Badge(bar.name(), bar.outcome(), style(bar)));
    }
    return badges;
  }

  /** The services, each once, in the order they were first run. */
  public static String services(LoadRecord run) {
    return run.measured().legs().stream()
        .map(LoadRecord.Leg::service)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /** A ratio as printed. */
  public static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.3f", ratio);
  }

  /** Whether a leg sends nothing, and what counts is how fast it receives. */
  public static boolean empties(LoadRecord.Leg leg) {
    return leg.offeredPerSecond() == 0;
  }

  /** Whether none of its legs sends. */
  public static boolean empties(LoadRecord run) {
    return run.measured().legs().stream().allMatch(LoadPage::empties);
  }

  /** A leg in a line: where, what, at which rate. */
  public static String title(LoadRecord.Leg leg) {
    return leg.directory()
        + ": "
        + leg.service()
        + (empties(leg)
            ? ", received " + Figures.rate(leg.receivedPerSecond())
            : ", offered "
                + Figures.rate(leg.offeredPerSecond())
                + " and achieved "
                + Figures.rate(leg.achievedPerSecond()))
        + " a second";
  }

  /** Whether a leg kept the limit, or why that cannot be said, in a word or two. */
  public static String outcome(LoadRecord.Leg leg) {
    return leg.validity().valid()
        ? leg.verdict().map(each -> each.outcome().words()).orElse("measured")
        : "INVALID";
  }

  /** The CSS class of that. */
  public static String style(LoadRecord.Leg leg) {
    return leg.validity().valid()
        ? leg.verdict().map(each -> Prose.style(each.outcome())).orElse("")
        : Prose.style(Verdict.UNKNOWN);
  }

  /** The CSS class of a bar's outcome. */
  public static String style(LoadRecord.Bar bar) {
    return Prose.style(
        switch (bar.outcome()) {
          case "PASS" -> Verdict.VALID;
          case "FAIL" -> Verdict.INVALID;
          default -> Verdict.UNKNOWN;
        });
  }

  private static String verdict(LoadRecord.Leg first, LoadRecord run) {
    if (empties(first)) {
      return run.measured().legs().stream()
              .filter(leg -> leg.validity().valid() && leg.service().equals(first.service()))
              .map(leg -> Figures.rate(leg.receivedPerSecond()) + " by " + leg.step().consumers())
              .collect(Collectors.joining(", "))
          + " consumers, in messages a second";
    }
    String limit = Figures.limit(run.plan().workload().sloMs());
    return first
        .verdict()
        .map(each -> Prose.judged(each) + " under " + limit + ": " + each.outcome().words())
        .orElse("not judged");
  }

  /** A plot for each rate: every service's legs at that rate merged, the control meter beside. */
  private static List<Chart> percentiles(LoadRecord run, List<RawLeg> legs) {
    List<String> services = legs.stream().map(raw -> raw.leg().service()).distinct().toList();
    SortedMap<Double, List<RawLeg>> byRate = new TreeMap<>();
    for (RawLeg raw : legs) {
      if (raw.leg().validity().valid() && raw.publish().getTotalCount() > 0) {
        byRate.computeIfAbsent(raw.leg().offeredPerSecond(), rate -> new ArrayList<>()).add(raw);
      }
    }
    double sloMs = run.plan().workload().sloMs();
    List<Chart> charts = new ArrayList<>();
    byRate.forEach(
        (rate, atRate) -> {
          List<PercentileChart.Distribution> drawn = new ArrayList<>();
          for (int i = 0; i < Math.min(services.size(), COLOURS.size()); i++) {
            String service = services.get(i);
            List<RawLeg> ofService =
                atRate.stream().filter(raw -> raw.leg().service().equals(service)).toList();
            if (!ofService.isEmpty()) {
              String subject = ofService.get(0).leg().subject();
              drawn.add(
                  new PercentileChart.Distribution(
                      subject + " publish",
                      COLOURS.get(i),
                      merged(ofService.stream().map(RawLeg::publish).toList())));
              drawn.add(
                  new PercentileChart.Distribution(
                      subject + " uncorrected",
                      COLOURS.get(i) + " dashed",
                      merged(ofService.stream().map(RawLeg::service).toList())));
              drawn.add(
                  new PercentileChart.Distribution(
                      subject + " end-to-end",
                      COLOURS.get(i) + " faint",
                      merged(ofService.stream().map(RawLeg::endToEnd).toList())));
            }
          }
          drawn.add(
              new PercentileChart.Distribution(
                  "control hiccup",
                  "c4 dashed",
                  merged(atRate.stream().map(RawLeg::controlHiccup).toList())));
          String at = Figures.rate(rate);
          charts.add(
              PercentileChart.chart(
                  "percentiles-" + at.replaceAll("[^0-9]", ""),
                  "Latency by percentile at " + at + " messages a second",
                  Prose.loadPercentiles(sloMs),
                  LoadChart.RIGHT,
                  drawn,
                  sloMs));
        });
    return charts;
  }

  private static Histogram merged(List<Histogram> histograms) {
    Histogram merged = LatencyLog.newHistogram();
    histograms.forEach(merged::add);
    return merged;
  }
}
