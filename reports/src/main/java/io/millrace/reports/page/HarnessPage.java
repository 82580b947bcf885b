package io.millrace.reports.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.HarnessRecord;
import io.millrace.reports.record.HarnessRecord.NamedRatio;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The page of a harness's record: what its template reads.
 *
 * @param run the record
 * @param rawFiles names of the files beside the page
 */
public record HarnessPage(HarnessRecord run, List<String> rawFiles) {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** Copies the list. */
  public HarnessPage {
    rawFiles = List.copyOf(rawFiles);
  }

  /** Renders the page: well-formed HTML that needs nothing else. */
  public static String render(HarnessRecord run, List<String> rawFiles) {
    StringOutput html = new StringOutput();
    TEMPLATES.render("harness.jte", new HarnessPage(run, rawFiles), html);
    return html.toString();
  }

  /**
   * How it is listed among those published.
   *
   * @param directory its folder beside the list
   * @param files names of the files beside its page, the record first
   */
  public static PublishedPage.Published listed(
      String directory, HarnessRecord run, List<String> files) {
    HarnessPage page = new HarnessPage(run, files);
    List<PublishedPage.Fact> facts = new ArrayList<>();
    facts.add(
        new PublishedPage.Fact(
            "run",
            Prose.instant(run.startedAt())
                + ", commit "
                + Prose.commit(run.gitCommit(), run.gitDirty())));
    facts.addAll(page.services());
    facts.add(new PublishedPage.Fact("machine", Prose.machine(run.environment())));
    facts.add(new PublishedPage.Fact("again", page.command()));
    return new PublishedPage.Published(
        directory,
        run.startedAt(),
        page.claim(),
        page.badges(),
        facts,
        List.of(files.get(0), "MANIFEST.sha256"));
  }

  /** The claim, in one sentence. */
  public String claim() {
    Optional<Turns> turns = run.turns();
    if (turns.isPresent()) {
      return claim(turns.get());
    }
    long met = run.bars().stream().filter(bar -> bar.outcome().equals("PASS")).count();
    return run.bars().isEmpty()
        ? run.bench() + ": measured, with no bar to meet."
        : run.bench()
            + ": "
            + Figures.count(met)
            + " of "
            + Figures.count(run.bars().size())
            + (run.bars().size() == 1 ? " bar was met." : " bars were met.");
  }

  private String claim(Turns turns) {
    Turns.Side server = turns.sides().get(0);
    List<String> times = new ArrayList<>();
    for (Turns.RoundRatio each : turns.ratios()) {
      if (each.of().equals(server.name())) {
        times.add(
            times(each.ratio().median())
                + (times.isEmpty() ? " times as many messages a second as " : " times as many as ")
                + service(turns, each.to()));
      }
    }
    return service(turns, server.name())
        + (operation().startsWith("receive") ? " gave " : " took ")
        + String.join(", and ", times)
        + ", by "
        + operation()
        + " of "
        + Figures.bytes(run.plan().path("bodyBytes").asLong())
        + " over "
        + Figures.count(run.plan().path("connections").asLong())
        + " connections.";
  }

  /** How it stands to its bars; how sure the ratio is where there is none. */
  public List<PublishedPage.Badge> badges() {
    List<PublishedPage.Badge> badges = new ArrayList<>();
    for (LoadRecord.Bar bar : run.bars()) {
      badges.add(
          new PublishedPage.Badge(
              (bar.atLeast() ? "At least " : "At most ") + plain(bar.bar()) + ": " + bar.name(),
              bar.outcome(),
              LoadPage.style(bar)));
    }
    for (NamedRatio named : run.ratios()) {
      badges.add(
          new PublishedPage.Badge(
              "95 % interval of the " + words(named.name()),
              times(named.ratio().low()) + " to " + times(named.ratio().high()),
              ""));
    }
    return badges;
  }

  /** Whether servers took turns. */
  public boolean isComparison() {
    return run.turns().isPresent();
  }

  /** The services of a comparison, each with what an acknowledgement of it survives. */
  public List<PublishedPage.Fact> services() {
    List<PublishedPage.Fact> services = new ArrayList<>();
    run.turns()
        .ifPresent(
            turns -> {
              for (Turns.Side side : turns.sides()) {
                services.add(
                    new PublishedPage.Fact(
                        services.isEmpty() ? "the service in question" : "beside it",
                        service(turns, side.name())));
              }
            });
    return services;
  }

  private String service(Turns turns, String side) {
    String server =
        turns.sides().stream()
            .filter(each -> each.name().equals(side))
            .map(Turns.Side::server)
            .findFirst()
            .orElse(side);
    return switch (server) {
      case "millrace" -> "Millrace at " + run.plan().path("durability").asString();
      case "metrics-off" ->
          "Millrace at " + run.plan().path("durability").asString() + " without its metrics";
      case "elasticmq" -> "ElasticMQ, in memory";
      default -> "the " + server + " server";
    };
  }

  private String operation() {
    return switch (run.plan().path("operation").asString()) {
      case "send-batch" -> "sends in batches of ten";
      case "receive-delete-batch" -> "receives and deletes of ten";
      default -> "single sends";
    };
  }

  /** What each server came to by itself. */
  public List<PublishedPage.Fact> rates() {
    return run.turns().map(Turns::sides).orElse(List.of()).stream()
        .map(
            side ->
                new PublishedPage.Fact(
                    side.server() + ", median of the windows",
                    Figures.rate(side.perSecondMedian()) + " messages a second"))
        .toList();
  }

  /** The plan, setting by setting. */
  public List<PublishedPage.Fact> plan() {
    return leaves(run.plan());
  }

  /** The figures that are no ratio and no list: each by its path; what servers did is in tables. */
  public List<PublishedPage.Fact> figures() {
    return isComparison() ? List.of() : leaves(run.measured());
  }

  private static List<PublishedPage.Fact> leaves(JsonNode tree) {
    List<PublishedPage.Fact> leaves = new ArrayList<>();
    leaves("", tree, leaves);
    return leaves;
  }

  /** A list is told by its elements where they are objects of figures; numbers in it are raw. */
  private static void leaves(String path, JsonNode node, List<PublishedPage.Fact> leaves) {
    if (node.has("ofPairs")) {
      return;
    }
    if (node.isObject()) {
      node.properties()
          .forEach(each -> leaves(path + " " + words(each.getKey()), each.getValue(), leaves));
    } else if (node.isNumber() || node.isString() || node.isBoolean()) {
      leaves.add(
          new PublishedPage.Fact(
              path.strip(), node.isNumber() ? plain(node.asDouble()) : node.asString()));
    }
  }

  /** What repeats the run. */
  public String command() {
    return run.command().isEmpty()
        ? "not recorded; the plan has every setting of ./millrace bench " + run.bench()
        : run.command();
  }

  /** A field's name as words. */
  public static String words(String field) {
    return field.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  /** A ratio as printed. */
  public static String times(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** A number as printed: whole ones whole, others to three places. */
  public static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Figures.count((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
