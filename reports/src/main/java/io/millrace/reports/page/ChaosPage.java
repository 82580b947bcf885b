package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.millrace.reports.record.ChaosRecord;
import io.millrace.reports.record.Circumstances;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.KillMatrix;
import io.millrace.reports.record.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The page of a fault experiment: what its template reads.
 *
 * @param run the record
 * @param circumstances when, where and from what it was made; empty where that was not kept
 * @param parts what was done, in order
 * @param rawFiles names of the files beside the page, the record first
 */
public record ChaosPage(
    ChaosRecord run,
    Optional<Circumstances> circumstances,
    List<Part> parts,
    List<String> rawFiles) {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** Copies the lists. */
  public ChaosPage {
    parts = List.copyOf(parts);
    rawFiles = List.copyOf(rawFiles);
  }

  /**
   * One part with what the judge said of it.
   *
   * @param part as recorded
   * @param judgement empty where no history was judged by itself
   */
  public record Part(ChaosRecord.Part part, Optional<ChaosRecord.PartJudgement> judgement) {}

  /**
   * A guarantee over all parts that were judged by themselves.
   *
   * @param name the guarantee's
   * @param valid in how many parts it held
   * @param invalid in how many it was broken
   * @param unknown in how many it was not exercised
   * @param judged how many cases were decided in all
   */
  public record Guarantee(String name, int valid, int invalid, int unknown, long judged) {
    private Guarantee with(ChaosRecord.JudgedInvariant each) {
      return new Guarantee(
          name,
          valid + (each.verdict() == Verdict.VALID ? 1 : 0),
          invalid + (each.verdict() == Verdict.INVALID ? 1 : 0),
          unknown + (each.verdict() == Verdict.UNKNOWN ? 1 : 0),
          judged + each.judged());
    }
  }

  /** Renders the page: well-formed HTML that needs nothing else. */
  public String render() {
    StringOutput html = new StringOutput();
    TEMPLATES.render("chaos.jte", this, html);
    return html.toString();
  }

  /**
   * How it is listed among those published.
   *
   * @param directory its folder beside the list
   */
  public PublishedPage.Published listed(String directory) {
    List<PublishedPage.Fact> facts = new ArrayList<>();
    facts.add(new PublishedPage.Fact("run", made()));
    facts.add(
        new PublishedPage.Fact(
            "parts",
            run.parts().stream()
                .map(ChaosRecord.Part::part)
                .distinct()
                .collect(Collectors.joining(", "))));
    circumstances.ifPresent(
        each -> facts.add(new PublishedPage.Fact("machine", Prose.machine(each.environment()))));
    facts.add(new PublishedPage.Fact("again", command()));
    return new PublishedPage.Published(
        directory,
        circumstances.map(Circumstances::startedAt).orElse(Instant.EPOCH),
        claim(),
        badges(),
        facts,
        List.of(rawFiles.get(0), "MANIFEST.sha256"));
  }

  /** The claim, in one sentence, which says no more than the verdict. */
  public String claim() {
    long faults = run.parts().stream().mapToLong(ChaosRecord.Part::faults).sum();
    String under =
        " under "
            + Figures.count(faults)
            + (faults == 1 ? " fault" : " faults")
            + " in "
            + Figures.count(run.parts().size())
            + (run.parts().size() == 1 ? " part" : " parts")
            + " of the scenario "
            + run.scenario();
    return switch (run.verdict()) {
      case VALID -> "Every guarantee held" + under + ".";
      case INVALID -> "A guarantee was broken" + under + ".";
      case UNKNOWN ->
          "No guarantee was seen broken" + under + ", but not all that was asked was shown.";
    };
  }

  /** The verdict, and how many parts came to it. */
  public List<PublishedPage.Badge> badges() {
    long valid = run.parts().stream().filter(part -> part.verdict() == Verdict.VALID).count();
    return List.of(
        new PublishedPage.Badge("Guarantees", run.verdict().name(), Prose.style(run.verdict())),
        new PublishedPage.Badge(
            "Parts valid",
            Figures.count(valid) + " of " + Figures.count(run.parts().size()),
            Prose.style(valid == run.parts().size() ? Verdict.VALID : Verdict.UNKNOWN)));
  }

  /** When and from what it was made, in a line. */
  public String made() {
    return circumstances
            .map(
                each ->
                    Prose.instant(each.startedAt())
                        + ", commit "
                        + Prose.commit(each.gitCommit(), each.gitDirty()))
            .orElse("when and from which commit was not recorded")
        + ", seed "
        + seeds();
  }

  /** What repeats the run. */
  public String command() {
    return circumstances
        .map(Circumstances::command)
        .orElse("./millrace chaos run --scenario " + run.scenario() + " --seed " + seeds());
  }

  private String seeds() {
    return run.parts().stream()
        .map(part -> Long.toString(part.seed()))
        .findFirst()
        .orElse("unknown");
  }

  /** Every guarantee over the parts whose histories were judged; none when no part has that. */
  public List<Guarantee> guarantees() {
    SortedMap<String, Guarantee> guarantees = new TreeMap<>();
    for (Part part : parts) {
      part.judgement()
          .ifPresent(
              judgement ->
                  judgement
                      .invariants()
                      .forEach(
                          each ->
                              guarantees.put(
                                  each.invariant(),
                                  guarantees
                                      .getOrDefault(
                                          each.invariant(),
                                          new Guarantee(each.invariant(), 0, 0, 0, 0))
                                      .with(each))));
    }
    return List.copyOf(guarantees.values());
  }

  /** How far the checkers can be trusted, in a sentence. */
  public static String trust() {
    KillMatrix matrix = KillMatrix.ofThisBuild();
    long caught = matrix.bugs().stream().filter(bug -> bug.expectedAtSeed() > 0).count();
    return String.format(
        Locale.ROOT,
        "Can the judge be trusted? Of %d bugs planted in the engine on purpose, it found %d by the"
            + " guarantee each breaks; the page of a run lists them.",
        matrix.bugs().size(),
        caught);
  }
}
