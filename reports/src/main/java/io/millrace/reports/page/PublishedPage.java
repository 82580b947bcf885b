package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.millrace.reports.record.RunRecord;
import java.util.Comparator;
import java.util.List;

/**
 * The list of published runs, the newest first: what its template reads.
 *
 * @param runs the runs
 */
public record PublishedPage(List<Published> runs) {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** Orders the runs. */
  public PublishedPage {
    runs =
        runs.stream()
            .sorted(
                Comparator.comparing((Published each) -> each.run().started())
                    .reversed()
                    .thenComparing(Published::directory))
            .toList();
  }

  /**
   * One published run.
   *
   * @param directory its folder beside the list
   * @param run its record
   */
  public record Published(String directory, RunRecord run) {}

  /** Renders the list: well-formed HTML that needs nothing else. */
  public String render() {
    StringOutput html = new StringOutput();
    TEMPLATES.render("published.jte", this, html);
    return html.toString();
  }
}
