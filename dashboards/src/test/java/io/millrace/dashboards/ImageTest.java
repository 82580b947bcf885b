package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does with the Dockerfile what can be done without docker: starts its entry point with its
 * arguments, asks its health check, and looks for what it copies.
 */
class ImageTest {

  private static final Path CHECKOUT = Path.of("..");
  private static final String FLAGS = "engine/src/main/resources/io/millrace/engine/";
  private static final long END_SECONDS_MAX = 60;

  @TempDir private Path data = Path.of("unset");

  private static List<String> lines() throws IOException {
    return Files.readString(CHECKOUT.resolve("Dockerfile"))
        .replace("\\\n", " ")
        .lines()
        .map(String::strip)
        .toList();
  }

  private static String instruction(String name) throws IOException {
    return lines().stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1).strip())
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /** The words of an instruction in the form that no shell reads. */
  private static List<String> words(String list) {
    return JsonMapper.shared().readTree(list).valueStream().map(word -> word.asString()).toList();
  }

  @Test
  void theServerIsNobodysRootAndOwnsItsData() throws IOException {
    List<String> lines = lines();
    int user = lines.indexOf("USER millrace");
    assertThat(user).isPositive();
    assertThat(lines.indexOf("FROM eclipse-temurin:25-jre")).isBetween(0, user);
    assertThat(lines.subList(0, user)).anyMatch(line -> line.contains("chown millrace /data"));
    assertThat(lines.subList(user, lines.size())).anyMatch(line -> line.startsWith("ENTRYPOINT"));
    assertThat(instruction("VOLUME")).isEqualTo("/data");
    assertThat(instruction("EXPOSE")).isEqualTo("9324 9325");
  }

  @Test
  void whatItBuildsAndCopiesIsThereAndNotIgnored() throws IOException {
    String build = lines().stream().filter(line -> line.contains("mvnw")).findFirst().orElseThrow();
    assertThat(build)
        .contains("-pl engine -am package")
        .contains("cp engine/target/engine-*.jar /out/engine.jar")
        .contains("cp engine/target/lib/*.jar /out/lib/")
        .contains("cp " + FLAGS + "*.flags /out/");
    assertThat(Files.readString(CHECKOUT.resolve("pom.xml")))
        .as("the jar finds its libraries beside it")
        .contains("<outputDirectory>${project.build.directory}/lib</outputDirectory>")
        .contains("<classpathPrefix>lib/</classpathPrefix>");
    assertThat(CHECKOUT.resolve("mvnw")).isExecutable();
    for (String ignored : Files.readAllLines(CHECKOUT.resolve(".dockerignore"))) {
      assertThat(ignored).doesNotStartWith("engine").doesNotStartWith("pom").isNotEqualTo(".mvn");
    }
  }

  @Test
  void theEntryPointServesAndIsHealthyAndStopsWhenDockerAsks() throws Exception {
    Process server = new ProcessBuilder(command()).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      Matcher ready = Pattern.compile("millrace ready: \\S+:\\d+ admin \\S+:(\\d+)").matcher("");
      Stream<String> said = out.lines();
      assertThat(said.anyMatch(line -> ready.reset(line).matches())).as("it is ready").isTrue();
      assertThat(health(ready.group(1))).isZero();
      server.destroy(); // SIGTERM, as docker stop sends it
      assertThat(server.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
      assertThat(health(ready.group(1))).as("a server that is gone is not healthy").isNotZero();
    } finally {
      server.destroyForcibly();
    }
  }

  /** The image's command, but for where things lie, and on free ports of loopback. */
  private List<String> command() throws IOException {
    List<String> words = new ArrayList<>(words(instruction("ENTRYPOINT")));
    words.addAll(words(instruction("CMD")));
    List<String> command = new ArrayList<>();
    for (String word : words) {
      switch (word) {
        case "java" ->
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        case "@/opt/millrace/jvm.flags" -> command.add("@" + CHECKOUT.resolve(FLAGS + "jvm.flags"));
        case "@/opt/millrace/jvm-24.flags" -> {
          if (Runtime.version().feature() >= 24) {
            command.add("@" + CHECKOUT.resolve(FLAGS + "jvm-24.flags"));
          }
        }
        case "/opt/millrace/engine.jar" -> command.add(System.getProperty("java.class.path"));
        case "0.0.0.0" -> command.add("127.0.0.1");
        case "/data" -> command.add(data.toString());
        default -> {
          assertThat(word).doesNotStartWith("/").doesNotStartWith("@");
          command.add(word);
        }
      }
    }
    command.addAll(List.of("--port", "0", "--admin-port", "0"));
    return command;
  }

  /** How the image's health check ends, asked of another port. */
  private static int health(String port) throws IOException, InterruptedException {
    String check = instruction("HEALTHCHECK");
    List<String> words = words(check.substring(check.indexOf('[')));
    assertThat(words.subList(0, 2)).containsExactly("bash", "-c");
    assertThat(words.get(2)).contains("/9325 ");
    return Tool.run(
            Tool.require("bash", "bash"), "-c", words.get(2).replace("/9325 ", "/" + port + " "))
        .status();
  }
}
