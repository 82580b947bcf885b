package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Instant;
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
                Comparator.comparing(Published::started)
                    .reversed()
                    .thenComparing(Published::directory))
            .toList();
  }

  /**
   * One published run.
   *
   * @param directory its folder beside the list
   * @param started when it began
   * @param claim its claim, one sentence
   * @param badges its verdicts
   * @param facts what, where, how
   * @param files names of what its page is made from
   */
  public record Published(
      String directory,
      Instant started,
      String claim,
      List<Badge> badges,
      List<Fact> facts,
      List<String> files) {
    /** Copies the lists. */
    public Published {
      badges = List.copyOf(badges);
      facts = List.copyOf(facts);
      files = List.copyOf(files);
    }
  }

  /**
   * A verdict.
   *
   * @param what of what
   * @param verdict in words
   * @param style its CSS class
   */
  public record Badge(String what, String verdict, String style) {}

  /**
   * A fact.
   *
   * @param name what it is about
   * @param words what it says
   */
  public record Fact(String name, String words) {}

  /** Renders the list: well-formed HTML that needs nothing else. */
  public String render() {
    StringOutput html = new StringOutput();
    TEMPLATES.render("published.jte", this, html);
    return html.toString();
  }
}
