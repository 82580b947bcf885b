package io.millrace.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.KillMatrix;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class RunDirectoryTest {
  private static final long SEED = 42;
  private static final SyntheticRun HEALTHY = SyntheticRun.healthy(SEED);
  private static final SyntheticRun LOSSY = SyntheticRun.lossy(SEED);
  private static final SyntheticRun SLOW = SyntheticRun.slow(SEED, 30);

  @TempDir Path directory;

  @Test
  void everyNumberOfTheRecordStandsInThePage() throws Exception {
    // Markup becomes space, so that the figures of neighbouring cells stay apart.
    String text =
        write(HEALTHY).replaceAll("(?s)<script.*?</script>", " ").replaceAll("<[^>]*>", " ");
    assertThat(PageNumbers.missing(run(), text)).isEmpty();
  }

  @Test
  void thePageNeedsNothingFromAnywhereElse() throws Exception {
    String whole = write(HEALTHY);
    assertThat(whole)
        .contains("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src")
        .doesNotContain("<script src");
    String html = whole.replaceAll("(?s)<script.*?</script>", "");
    assertThat(html).doesNotContain("http://", "https://", "//", "@import", "url(");
    Matcher reference = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(html);
    while (reference.find()) {
      assertThat(reference.group(1))
          .matches("#[a-z-]+|data:,|[a-z]+\\.json|(idle-[a-z]+/)?[a-z-]+\\.hlog");
    }
  }

  @Test
  void everyLinkWithinThePageHasItsTargetAndEveryIdIsUnique() throws Exception {
    Document page = parse(write(HEALTHY));
    List<String> ids = attributes(page, "*", "id");
    assertThat(ids).doesNotHaveDuplicates();
    for (String href : attributes(page, "a", "href")) {
      if (href.startsWith("#")) {
        assertThat(ids).contains(href.substring(1));
      } else {
        assertThat(directory.resolve(href)).exists();
      }
    }
    for (String names : attributes(page, "*", "aria-labelledby")) {
      assertThat(ids).contains(names.split(" ", -1));
    }
  }

  @Test
  void everyChartSaysInWordsAndInATableWhatItDraws() throws Exception {
    Document page = parse(write(HEALTHY));
    NodeList figures = page.getElementsByTagName("figure");
    assertThat(figures.getLength()).isEqualTo(5);
    for (int i = 0; i < figures.getLength(); i++) {
      Element figure = (Element) figures.item(i);
      Element svg = (Element) figure.getElementsByTagName("svg").item(0);
      assertThat(svg.getAttribute("role")).isEqualTo("img");
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
      assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
      assertThat(svg.getElementsByTagName("path").getLength()).isPositive();
      assertThat(figure.getElementsByTagName("tr").getLength()).isGreaterThan(5);
      for (String path : attributes(svg, "path", "d")) {
        assertThat(path).matches("(?:[ML]-?[0-9.]+ -?[0-9.]+(?:h0)?)+");
      }
    }
  }

  @Test
  void aVerdictIsAWordBeforeItIsAColour() throws Exception {
    assertThat(badges(write(HEALTHY))).containsExactly("Guarantees VALID", "Under 10 ms PASS");
    assertThat(badges(write(SLOW))).containsExactly("Guarantees VALID", "Under 10 ms FAIL");
    assertThat(badges(write(LOSSY)))
        .containsExactly("Guarantees INVALID", "Under 10 ms PASS, not claimed");
  }

  @Test
  void theClaimNeverSaysMoreThanTheVerdict() throws Exception {
    assertThat(claim(write(HEALTHY)))
        .isEqualTo(
            "Every guarantee held under forced faults and a kill\u00a0-9, and p99.9 of publish,"
                + " receive and end-to-end stayed under 10 ms at 1,000 messages a second of 1 KiB.");
    assertThat(claim(write(SLOW))).contains("did not stay under 10 ms");
    assertThat(claim(write(LOSSY)))
        .isEqualTo(
            "A guarantee was broken under forced faults and a kill\u00a0-9, so nothing is claimed about"
                + " latency.");
  }

  @Test
  void eachFaultIsShownWithItsProofAndEachPhaseUnderAFaultIsShaded() throws Exception {
    Document page = parse(write(HEALTHY));
    assertThat(page.getDocumentElement().getTextContent())
        .contains("lost-response (ReceiveMessage)")
        .contains("nobody learns of <3>")
        .contains("A purge removes what was there. purge")
        .contains("not exercised");
    Element chart = (Element) page.getElementsByTagName("svg").item(1);
    assertThat(attributes(chart, "rect", "class"))
        .filteredOn(style -> style.startsWith("band"))
        .containsExactly(
            "band duplicates",
            "band reordering",
            "band lostResponses",
            "band outage",
            "band catchUp");
  }

  @Test
  void loadCurvesAreDrawnWithoutTheirInvalidPointsAndListedWithThem() throws Exception {
    Document page = parse(write(HEALTHY));
    Element chart = (Element) page.getElementsByTagName("svg").item(0);
    assertThat(chart.getAttribute("aria-labelledby")).startsWith("load-publish-title");
    // Three valid points of the first curve and two of the second, each as p99.9 and as median.
    assertThat(attributes(chart, "path", "d"))
        .extracting(path -> path.replaceAll("[^ML]", ""))
        .containsExactlyInAnyOrder("MLL", "MLL", "ML", "ML");
    assertThat(page.getDocumentElement().getTextContent())
        .contains("INVALID: reached 64.4 % of the offered rate")
        .contains("millrace, power-loss was confirmed to keep it up to 3,072 messages a second.")
        .contains("For other <queue> & co no rate was confirmed to keep it.")
        .contains("162 of 58,361 messages had a publish latency over 10 ms; 4 are unexplained.");
  }

  @Test
  void whatDelayedMessagesIsMarkedUnderTheTimelineCauseByCause() throws Exception {
    Document page = parse(write(HEALTHY));
    Element chart = (Element) page.getElementsByTagName("svg").item(1);
    assertThat(chart.getAttribute("aria-labelledby")).startsWith("latency-over-time-title");
    assertThat(attributes(chart, "rect", "class"))
        .filteredOn(style -> style.startsWith("mark"))
        .contains("mark gc", "mark force", "mark roll");
    assertThat(chart.getElementsByTagName("desc").item(0).getTextContent())
        .contains("Marked at the foot: GC pause 1, platform hiccup 2");
  }

  @Test
  void theMachineByItselfIsShownAndComputedAgainFromItsOwnMeters() throws Exception {
    assertThat(parse(write(HEALTHY)).getDocumentElement().getTextContent())
        .contains("idle-before: the machine by itself is quiet");
    assertThat(run().sources())
        .contains("idle-before/control-hiccup.hlog", "idle-before/force.hlog");
    assertThat(execute("verify", directory.toString()).code()).isZero();

    Files.copy(
        run().forceLog(),
        directory.resolve("idle-before/control-hiccup.hlog"),
        StandardCopyOption.REPLACE_EXISTING);
    run().write(HEALTHY.record());

    assertThat(execute("verify", directory.toString()).code()).isNotZero();
  }

  @Test
  void aRecordOlderThanAFieldIsStillAPage() throws Exception {
    JsonNode record = new JsonMapper().readTree(RunRecordJson.toJson(HEALTHY.record()));
    ObjectNode older = (ObjectNode) record;
    older.remove(List.of("loadCurves", "misses", "stalls"));
    ((ObjectNode) older.path("platform")).remove("idle");
    older.findParents("service").forEach(each -> ((ObjectNode) each).remove("service"));
    Files.writeString(run().recordFile(), older.toString());
    run().render();
    RunRecord read = RunRecordJson.read(run().recordFile());
    assertThat(read.loadCurves()).isEmpty();
    assertThat(read.latencyMs().service().count()).isZero();
    assertThat(Files.readString(run().pageFile()))
        .doesNotContain("id=\"load\"", "uncorrected</th>");
  }

  @Test
  void everyFigureThatCanBeExploredStandsInTheTableTooOrInTheDrawing() throws Exception {
    Document page = parse(write(HEALTHY));
    NodeList figures = page.getElementsByTagName("figure");
    for (int i = 0; i < figures.getLength(); i++) {
      Element figure = (Element) figures.item(i);
      String json = figure.getElementsByTagName("script").item(0).getTextContent();
      JsonNode plot = new JsonMapper().readTree(json);
      assertThat(plot.path("lines").size())
          .isEqualTo(figure.getElementsByTagName("path").getLength());
      for (JsonNode line : plot.path("lines")) {
        assertThat(line.path("x").size()).isEqualTo(line.path("y").size()).isGreaterThan(1);
      }
    }
  }

  @Test
  void latencyIsShownBeforeDuringAndAfterEachFault() throws Exception {
    Document page = parse(write(HEALTHY));
    String text = page.getDocumentElement().getTextContent().replaceAll("\\s+", " ");
    assertThat(text)
        .contains("Before, during and after each fault")
        .contains("outage from 30.0 to 31.6\u00a0s");
    LatencyLog latencies = HEALTHY.latencies();
    String during =
        Figures.ms(
            LatencySummary.from(
                    latencies.between(Kind.PUBLISH, EnumSet.of(Phase.LOST_RESPONSES), 21, 24))
                .p99());
    assertThat(text).contains("lost responses from 21.4 to 24.6\u00a0spublish–" + during);
  }

  @Test
  void whatHasToHoldBeforeALatencyIsBelievedIsShownWithItsFigures() throws Exception {
    String text = parse(write(HEALTHY)).getDocumentElement().getTextContent();
    assertThat(text)
        .contains("what was planned was sentheld60,000 of 60,000 messages")
        .contains("the machine was quietheldcontrol hiccup p99.9 ");
    assertThat(parse(write(SyntheticRun.noisy(SEED, 1, 40))).getDocumentElement().getTextContent())
        .contains("the machine was quietnot heldcontrol hiccup p99.9 ");
    assertThat(parse(write(LOSSY)).getDocumentElement().getTextContent())
        .contains("acknowledged, 3 of them never received.");
  }

  @Test
  void pageTellsWhichPlantedBugsTheCheckersFind() throws Exception {
    KillMatrix matrix = KillMatrix.ofThisBuild();
    String page = write(HEALTHY);
    assertThat(page).contains(matrix.found() + " of " + matrix.bugs().size() + " are found");
    assertThat(matrix.bugs())
        .allSatisfy(bug -> assertThat(page).contains(bug.name(), bug.flaggedInWords()));
  }

  @Test
  void evidenceIsShownAsTextWhateverItHolds() throws Exception {
    Document page = parse(write(LOSSY));
    assertThat(page.getDocumentElement().getTextContent())
        .contains("order <17> & \"quotes\" acknowledged at 29.990 s, never received");
  }

  @Test
  void renderingAgainGivesTheSameBytes() throws Exception {
    String first = write(HEALTHY);
    run().render();
    assertThat(Files.readString(run().pageFile())).isEqualTo(first);
  }

  @Test
  void withoutRawHistogramsThePercentilePlotIsLeftOut() throws Exception {
    run().write(HEALTHY.record());
    Document page = parse(Files.readString(run().pageFile()));
    assertThat(page.getElementsByTagName("figure").getLength()).isEqualTo(4);
  }

  @Test
  void theSummaryEndsWithTheFileUrlOfThePage() throws IOException {
    List<String> lines = SummaryText.lines(HEALTHY.record(), run());
    assertThat(lines.get(0)).isEqualTo("guarantees  VALID");
    assertThat(lines).anyMatch(line -> line.equals("under 10 ms PASS"));
    assertThat(lines.get(lines.size() - 1))
        .startsWith("file:///")
        .endsWith("/report.html")
        .isEqualTo(run().pageFile().toAbsolutePath().toUri().toString());
    assertThat(SummaryText.lines(LOSSY.record(), run()))
        .contains("guarantees  INVALID")
        .anyMatch(line -> line.contains("no claim: the guarantees were broken"));
  }

  @Test
  void theRenderVerbMakesThePageAgainAndEndsWithZero() throws Exception {
    String page = write(HEALTHY);
    Files.delete(run().pageFile());
    Said said = execute("render", directory.toString());
    assertThat(said.code()).isZero();
    assertThat(said.out().lines().reduce((first, last) -> last).orElse(""))
        .isEqualTo(run().pageFile().toUri().toString());
    assertThat(Files.readString(run().pageFile())).isEqualTo(page);
  }

  @Test
  void wrongUseEndsWithTwoAndOneClearLine() throws IOException {
    assertThat(execute("render", directory.toString()))
        .isEqualTo(
            new Said(
                2,
                "",
                "millrace report render: "
                    + directory
                    + " is not a run: it holds no report.json, no load-*.json, no verdict.json and no"
                    + " record of a harness\n"
                    + "millrace report render --help tells what it takes\n"));
    Files.writeString(run().recordFile(), "{\"schema\": 99}");
    assertThat(execute("render", directory.toString()))
        .isEqualTo(
            new Said(2, "", directory + " cannot be rendered: schema 99 where 2 is understood\n"));
    assertThat(execute("render").code()).isEqualTo(2);
    assertThat(execute("no-such-verb").code()).isEqualTo(2);
    assertThat(execute().code()).isZero();
  }

  /** What a command printed and returned. */
  private record Said(int code, String out, String err) {}

  private static Said execute(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = command.execute(args);
    return new Said(code, out.toString(), err.toString());
  }

  private RunDirectory run() {
    return new RunDirectory(directory);
  }

  private String write(SyntheticRun synthetic) throws IOException {
    synthetic.writeHistograms(directory);
    run().write(synthetic.record());
    assertThat(RunRecordJson.read(run().recordFile())).isEqualTo(synthetic.record());
    return Files.readString(run().pageFile());
  }

  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html.strip())));
  }

  private static List<String> attributes(Document page, String tag, String name) {
    return attributes(page.getDocumentElement(), tag, name);
  }

  private static List<String> attributes(Element root, String tag, String name) {
    List<String> values = new ArrayList<>();
    NodeList elements = root.getElementsByTagName(tag);
    for (int i = 0; i < elements.getLength(); i++) {
      Element element = (Element) elements.item(i);
      if (element.hasAttribute(name)) {
        values.add(element.getAttribute(name));
      }
    }
    return values;
  }

  private static List<String> badges(String html) throws Exception {
    List<String> texts = new ArrayList<>();
    NodeList items = parse(html).getElementsByTagName("li");
    for (int i = 0; i < items.getLength(); i++) {
      Element item = (Element) items.item(i);
      if (item.getAttribute("class").startsWith("badge")) {
        texts.add(item.getTextContent());
      }
    }
    return texts;
  }

  private static String claim(String html) throws Exception {
    return parse(html).getElementsByTagName("h1").item(0).getTextContent();
  }
}
