package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.KillMatrix;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Stall;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What the page's template reads.
 *
 * @param run the record
 * @param charts of the section of charts, in their order
 * @param loadCharts latency against throughput, one for each latency that has a curve
 * @param preconditions what has to hold before a latency means what it seems to
 * @param faultWindows latency before, during and after each fault
 * @param rawFiles names of the files beside the page
 * @param killMatrix how far the checkers can be trusted
 */
public record ReportPage(
    RunRecord run,
    List<Chart> charts,
    List<Chart> loadCharts,
    List<Precondition> preconditions,
    List<FaultWindow> faultWindows,
    List<String> rawFiles,
    KillMatrix killMatrix) {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** Copies the lists. */
  public ReportPage {
    charts = List.copyOf(charts);
    loadCharts = List.copyOf(loadCharts);
    preconditions = List.copyOf(preconditions);
    faultWindows = List.copyOf(faultWindows);
    rawFiles = List.copyOf(rawFiles);
  }

  /**
   * Renders the page of a run.
   *
   * @param run the record
   * @param latencies raw latencies; empty when the run kept none, and then no percentile plot is
   *     drawn
   * @param controlHiccup the control meter over the steady phase; may be empty
   * @param meterStalls what the meters beside the run saw, for the marks of the timeline
   * @param rawFiles names of the files beside the page
   * @return well-formed HTML that needs nothing else
   */
  public static String render(
      RunRecord run,
      LatencyLog latencies,
      Histogram controlHiccup,
      List<Stall> meterStalls,
      List<String> rawFiles) {
    List<Stall> stalls = new ArrayList<>(run.stalls());
    stalls.addAll(meterStalls);
    List<Chart> charts = new ArrayList<>();
    charts.add(TimeCharts.latency(run, stalls));
    if (latencies.merged(Kind.PUBLISH).getTotalCount() > 0) {
      charts.add(PercentileChart.chart(latencies, controlHiccup, run.plan().sloMs()));
    }
    charts.add(TimeCharts.throughput(run));
    charts.add(TimeCharts.backlog(run));
    StringOutput html = new StringOutput();
    TEMPLATES.render(
        "report.jte",
        new ReportPage(
            run,
            charts,
            LoadChart.charts(run.loadCurves()),
            Precondition.of(run),
            FaultWindow.of(run, latencies),
            rawFiles,
            KillMatrix.ofThisBuild()),
        html);
    return html.toString();
  }

  /**
   * How a run is listed among those published.
   *
   * @param directory its folder beside the list
   */
  public static PublishedPage.Published listed(String directory, RunRecord run) {
    String limit = Figures.limit(run.plan().sloMs());
    return new PublishedPage.Published(
        directory,
        run.started(),
        Prose.claim(run),
        List.of(
            new PublishedPage.Badge(
                "Guarantees", run.verdict().verdict().name(), Prose.style(run.verdict().verdict())),
            new PublishedPage.Badge(
                "Under " + limit, Prose.latencyBadge(run), Prose.latencyBadgeStyle(run))),
        List.of(
            new PublishedPage.Fact(
                "run",
                Prose.instant(run.started())
                    + ", commit "
                    + Prose.commit(run.gitCommit(), run.gitDirty())
                    + ", seed "
                    + run.seed()),
            new PublishedPage.Fact(
                "load",
                Figures.count(run.plan().rate())
                    + " a second of "
                    + Figures.bytes(run.plan().messageBytes())
                    + " at "
                    + run.plan().durability()
                    + ", "
                    + Figures.count(run.counts().sent())
                    + " sent"),
            new PublishedPage.Fact("machine", Prose.machine(run.environment())),
            new PublishedPage.Fact("again", run.plan().command())),
        List.of("report.json", "MANIFEST.sha256"));
  }
}
