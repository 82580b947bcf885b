package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds METRICS.md to what a server and the lab export. */
class MetricsReferenceTest {

  private static final Path PAGE = Path.of("METRICS.md");

  @Test
  void thePageIsWhatTheServerAndTheLabExport() throws IOException, InterruptedException {
    String written = MetricsReference.text(Exported.ofServer(), Exported.ofLab());
    if (Boolean.getBoolean("millrace.dashboards.write")) {
      Files.writeString(PAGE, written);
    }
    assertThat(PAGE).hasContent(written);
  }

  @Test
  void adviceIsForMetricsThatExistAndEveryOneHasSome() throws IOException, InterruptedException {
    Set<String> ours =
        Stream.of(Exported.ofServer(), Exported.ofLab())
            .flatMap(exported -> exported.families().values().stream())
            .filter(Exported.Family::isOurs)
            .map(Exported.Family::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(MetricsReference.advice().stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(ours);
  }

  @Test
  void everyMetricTheCloudWatchTableNamesExists() throws IOException, InterruptedException {
    Exported exported = Exported.ofServer();
    String page = Files.readString(PAGE);
    String table =
        page.substring(page.indexOf("## CloudWatch"), page.indexOf("## The server's metrics"));
    Matcher named = Pattern.compile("millrace_\\w+").matcher(table);
    Set<String> names = new TreeSet<>();
    while (named.find()) {
      names.add(named.group());
    }
    assertThat(names).hasSizeGreaterThan(9);
    assertThat(names)
        .allMatch(
            name ->
                exported.samples().containsKey(name)
                    || exported.samples().containsKey(name + "_bucket"));
  }
}
