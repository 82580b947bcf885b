package io.millrace.reports.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The scripts and the style that let a reader explore a chart, to stand in the page itself: uPlot,
 * which draws, and {@code explore.js}, which hands it the page's own figures. A page without them
 * lacks nothing but that.
 */
public final class Explorer {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot";

  private Explorer() {}

  /** Both scripts, as they may stand in a script element of a page that is HTML and XML alike. */
  public static String script() {
    return "/*<![CDATA[*/\n"
        + text(UPLOT + ".iife.min.js")
        + "\n"
        + text("explore.js")
        + "\n/*]]>*/";
  }

  /** uPlot's own style. */
  public static String style() {
    return text(UPLOT + ".min.css");
  }

  private static String text(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Explorer.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the module's own " + resource, e);
    }
  }
}
