package io.millrace.reports;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser: Debian's Chromium, headless, told what to do by Debian's driver; both
 * lie on this machine, so nothing is fetched. What it shows is left in {@code target/screenshots}.
 */
final class PageInBrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final SyntheticRun RUN = SyntheticRun.healthy(42);

  @TempDir private static Path directory = Path.of("unset");

  @SuppressWarnings("NullAway.Init")
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "this machine has Debian's packages chromium and chromium-driver");
    RunDirectory run = RunDirectory.create(directory.resolve("run"));
    RUN.writeHistograms(run.path());
    run.write(RUN.record());
    Files.createDirectories(SHOTS);
    browser = open(options());
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void load() {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia", Map.of("media", "", "features", List.of()));
    browser.get(page());
  }

  @Test
  void pageRaisesNoErrorAndFetchesNothing() {
    exploreAll();
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    assertThat(number("return performance.getEntriesByType('resource').length")).isZero();
  }

  @Test
  void everyNumberOfTheRecordCanBeRead() throws IOException {
    // Without opening what is folded away, so as text that is there, not as text in sight.
    String text =
        string(
            """
            const whole = document.body.cloneNode(true);
            whole.querySelectorAll('script, style').forEach(each => each.remove());
            const walk = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
            let text = '';
            while (walk.nextNode()) text += ' ' + walk.currentNode.textContent;
            return text;
            """);
    assertThat(PageNumbers.missing(new RunDirectory(directory.resolve("run")), text)).isEmpty();
  }

  @Test
  void everyChartIsDrawnInsideItsFrame() {
    List<WebElement> charts = browser.findElements(By.cssSelector("figure.chart svg"));
    assertThat(charts).hasSize(5);
    for (WebElement chart : charts) {
      assertThat(chart.isDisplayed()).isTrue();
      assertThat(chart.findElements(By.cssSelector("path.line"))).isNotEmpty();
    }
    assertThat(outsideTheirFrames()).isEmpty();
    assertThat(
            strings(
                "return [...document.querySelectorAll('path.line')]"
                    + ".filter(each => !(each.getTotalLength() > 50)).map(each => each.outerHTML)"))
        .isEmpty();
  }

  @Test
  void everyChartCanBeExploredByKeyboardAndShowsTheFiguresOfItsTable() {
    for (WebElement figure : browser.findElements(By.cssSelector("figure.chart"))) {
      figure.findElement(By.cssSelector("button.explore")).sendKeys(Keys.ENTER);
      WebElement live = browser.switchTo().activeElement();
      assertThat(live.getDomAttribute("aria-label")).contains("Left and right arrow read values");
      assertThat(inkOf(figure)).as("pixels drawn").isGreaterThan(500);
      live.sendKeys(Keys.HOME);
      String first = figure.findElement(By.cssSelector(".values")).getText();
      live.sendKeys(Keys.ARROW_RIGHT);
      assertThat(figure.findElement(By.cssSelector(".values")).getText())
          .isNotBlank()
          .isNotEqualTo(first);
    }
    WebElement figure = browser.findElement(By.id("latency-over-time"));
    WebElement live = figure.findElement(By.cssSelector(".live > div"));
    live.sendKeys(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    double p50 = RUN.record().timeline().get(2).publishP50Ms().orElseThrow();
    String values = figure.findElement(By.cssSelector(".values")).getText();
    assertThat(values).startsWith("2.5 seconds");
    assertThat(Double.parseDouble(values.replaceAll("(?s).*publish p50 ([0-9.]+).*", "$1")))
        .isCloseTo(p50, within(p50 * 0.001));
  }

  @Test
  void lookingCloserShowsLessAndEscapeShowsAllAgain() {
    WebElement figure = browser.findElement(By.id("throughput"));
    figure.findElement(By.cssSelector("button.explore")).sendKeys(Keys.SPACE);
    WebElement live = figure.findElement(By.cssSelector(".live > div"));
    String whole = pixels(figure);
    live.sendKeys(Keys.HOME, Keys.ARROW_RIGHT, "+");
    assertThat(pixels(figure)).isNotEqualTo(whole);
    live.sendKeys(Keys.ESCAPE);
    assertThat(pixels(figure)).isEqualTo(whole);
    figure.findElement(By.cssSelector("button.explore")).sendKeys(Keys.SPACE);
    assertThat(figure.findElement(By.cssSelector("svg")).isDisplayed()).isTrue();
  }

  @Test
  void pageCanBeReadWithoutAMouse() {
    WebElement body = browser.findElement(By.tagName("body"));
    body.sendKeys(Keys.TAB);
    WebElement skip = browser.switchTo().activeElement();
    assertThat(skip.getText()).isEqualTo("Skip to the report");
    skip.sendKeys(Keys.ENTER);
    assertThat(browser.getCurrentUrl()).endsWith("#main");
    WebElement matrix = browser.findElement(By.cssSelector("#latency-over-time details"));
    matrix.findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
    assertThat(matrix.findElement(By.tagName("table")).isDisplayed()).isTrue();
    // Every stop of the way shows where it is.
    assertThat(
            strings(
                """
                return [...document.querySelectorAll('a, button, summary, [tabindex]')]
                  .filter(each => each.checkVisibility())
                  .filter(each => { each.focus({focusVisible: true});
                    return document.activeElement !== each
                      || getComputedStyle(each).outlineStyle === 'none'; })
                  .map(each => each.outerHTML.slice(0, 200));
                """))
        .isEmpty();
  }

  @Test
  void assistiveTechnologyFindsNothingToObjectTo() throws IOException {
    for (String scheme : List.of("light", "dark")) {
      emulate("screen", scheme);
      browser.get(page());
      assertThat(violations()).as(scheme).isEmpty();
      exploreAll();
      browser.executeScript(
          "document.querySelectorAll('details').forEach(each => { each.open = true; })");
      assertThat(violations()).as(scheme + ", explored").isEmpty();
    }
  }

  @Test
  void listOfPublishedRunsIsReadableToo() throws IOException {
    Path into = directory.resolve("published");
    assertThat(Spoken.report("publish", directory.resolve("run"), "--into", into).code()).isZero();
    browser.get(into.resolve("index.html").toUri().toString());
    assertThat(violations()).isEmpty();
    shoot("published");
    browser.findElement(By.cssSelector("h2 a")).click();
    assertThat(browser.getTitle()).startsWith("Millrace run, 2026-01-01");
  }

  @Test
  void pageOfALoadRunIsDrawnAndReadableToo() throws IOException {
    LoadDirectory load = SyntheticLoad.write(42, directory.resolve("load"));
    browser.get(load.pageFile().toUri().toString());
    shoot("load");
    assertThat(browser.findElements(By.cssSelector("figure.chart svg"))).hasSize(3);
    assertThat(outsideTheirFrames()).isEmpty();
    exploreAll();
    assertThat(violations()).isEmpty();
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  @Test
  void pagesOfAHarnessAndOfAFaultExperimentAreReadableToo() throws IOException {
    HarnessDirectory harness =
        new HarnessDirectory(Files.createDirectory(directory.resolve("harness")));
    HarnessDirectoryTest.write(harness.path(), "PASS", 2.5);
    harness.finish();
    ChaosDirectory chaos = ChaosDirectoryTest.write(directory.resolve("chaos"));
    for (String scheme : List.of("light", "dark")) {
      emulate("screen", scheme);
      for (Bundle bundle : List.of(harness, chaos)) {
        browser.get(bundle.pageFile().toUri().toString());
        assertThat(violations()).as(scheme).isEmpty();
        shoot(bundle.path().getFileName() + "-" + scheme);
      }
    }
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  @Test
  void printedPageHasItsDrawingsAndNothingToPress() {
    exploreAll();
    emulate("print", "light");
    for (WebElement figure : browser.findElements(By.cssSelector("figure.chart"))) {
      assertThat(figure.findElement(By.tagName("svg")).isDisplayed()).isTrue();
      assertThat(figure.findElement(By.cssSelector(".live")).isDisplayed()).isFalse();
      assertThat(figure.findElement(By.cssSelector("button")).isDisplayed()).isFalse();
    }
    shoot("print");
  }

  @Test
  void withoutJavaScriptThePageLacksNothingButExploring() {
    ChromeOptions options = options();
    options.setExperimentalOption(
        "prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
    ChromeDriver bare = open(options);
    try {
      bare.get(page());
      assertThat(bare.findElements(By.cssSelector("button"))).isEmpty();
      assertThat(bare.findElements(By.cssSelector("figure.chart svg path.line"))).isNotEmpty();
      assertThat(bare.findElement(By.cssSelector("figure.chart svg")).isDisplayed()).isTrue();
    } finally {
      bare.quit();
    }
  }

  @Test
  void narrowScreenScrollsItsTablesAndNotItself() {
    emulate("screen", "light");
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", false));
    browser.get(page());
    long overflow =
        number(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    shoot("narrow");
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    assertThat(overflow).isZero();
  }

  @Test
  void pictureOfThePageIsLeftInLightAndDark() {
    for (String scheme : List.of("light", "dark")) {
      emulate("screen", scheme);
      browser.get(page());
      shoot(scheme);
      exploreAll();
      shoot(scheme + "-explored");
      assertThat(SHOTS.resolve(scheme + ".png")).isNotEmptyFile();
    }
  }

  /** What is drawn, or written, beyond the edge of its drawing. */
  private static List<String> outsideTheirFrames() {
    return strings(
        """
        return [...document.querySelectorAll('figure.chart svg')].flatMap(svg => {
          const frame = svg.viewBox.baseVal;
          return [...svg.querySelectorAll('path, text, rect')]
            .filter(each => { const box = each.getBBox();
              return box.x < -1 || box.y < -1 || box.x + box.width > frame.width + 1
                || box.y + box.height > frame.height + 1; })
            .map(each => svg.getAttribute('aria-labelledby') + ': ' + each.outerHTML); });
        """);
  }

  private static String page() {
    return directory.resolve("run").resolve("report.html").toUri().toString();
  }

  private static ChromeOptions options() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    // The sandbox takes a user that is not root, and in many containers more than that.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1100,1400");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  private static ChromeDriver open(ChromeOptions options) {
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build(),
        options);
  }

  private static void exploreAll() {
    browser.executeScript(
        "document.querySelectorAll('button.explore').forEach(each => each.click())");
  }

  private static void emulate(String media, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private static List<String> violations() throws IOException {
    try (InputStream axe =
        requireNonNull(PageInBrowserTest.class.getResourceAsStream("/axe.min.js"), "axe-core")) {
      browser.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        browser.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run().then(results => done(results.violations.map(each => each.id + ': ' + each.help
              + ' ' + each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '))));
            """);
    return ((List<?>) requireNonNull(found)).stream().map(String::valueOf).toList();
  }

  /** How many pixels of a chart that is explored differ from an empty one. */
  private static long inkOf(WebElement figure) {
    return number(
        """
        const canvas = arguments[0].querySelector('canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let ink = 0;
        for (let i = 3; i < pixels.length; i += 4) ink += pixels[i] > 0 ? 1 : 0;
        return ink;
        """,
        figure);
  }

  private static String pixels(WebElement figure) {
    return string(
        """
        const canvas = arguments[0].querySelector('canvas');
        return new Promise(done =>
          requestAnimationFrame(() => requestAnimationFrame(() => done(canvas.toDataURL()))));
        """,
        figure);
  }

  private static long number(String script, Object... arguments) {
    return ((Number) requireNonNull(browser.executeScript(script, arguments))).longValue();
  }

  private static String string(String script, Object... arguments) {
    return String.valueOf(browser.executeScript(script, arguments));
  }

  private static List<String> strings(String script) {
    return ((List<?>) requireNonNull(browser.executeScript(script)))
        .stream().map(String::valueOf).toList();
  }

  private static void shoot(String name) {
    Map<String, Object> metrics = browser.executeCdpCommand("Page.getLayoutMetrics", Map.of());
    Map<?, ?> size = (Map<?, ?>) requireNonNull(metrics.get("cssContentSize"));
    Map<String, Object> shot =
        browser.executeCdpCommand(
            "Page.captureScreenshot",
            Map.of(
                "format",
                "png",
                "captureBeyondViewport",
                true,
                "clip",
                Map.of(
                    "x", 0,
                    "y", 0,
                    "width", requireNonNull(size.get("width")),
                    "height", requireNonNull(size.get("height")),
                    "scale", 1)));
    try {
      Files.write(
          SHOTS.resolve(name + ".png"),
          OutputType.BYTES.convertFromBase64Png(String.valueOf(shot.get("data"))));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
