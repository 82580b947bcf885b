package io.millrace.chaos;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.chaos.load.Ticker;
import org.junit.jupiter.api.Test;

/** Holds the arrows that the signs on the doors promise. */
class ArchitectureTest {

  private static final String LAB = "io.millrace.chaos.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace.chaos");

  @Test
  void historyKnowsTheJdkAlone() {
    onlyDependsOn("history", "org.jspecify..");
  }

  @Test
  void checkersKnowHistoriesAlone() {
    onlyDependsOn("check", LAB + "history..", "org.jspecify..");
  }

  @Test
  void clientsKnowAnySqsEndpointAndNotOurEngine() {
    onlyDependsOn(
        "client",
        LAB + "history..",
        "software.amazon.awssdk..",
        "org.apache.http..",
        "org.jspecify..");
  }

  @Test
  void embeddedTargetsKnowTheEngineAsItsUsersDo() {
    onlyDependsOn(
        "embedded",
        LAB + "history..",
        LAB + "client..",
        "io.millrace.engine",
        "io.millrace.engine.shard",
        "io.millrace.engine.sqs",
        "org.jspecify..");
  }

  @Test
  void loadKnowsClientsAndNotTheEngine() {
    onlyDependsOn(
        "load", LAB + "history..", LAB + "client..", "org.HdrHistogram..", "org.jspecify..");
  }

  @Test
  void injectorsKnowTheServerByItsCommandLineAlone() {
    onlyDependsOn(
        "inject",
        LAB + "history..",
        LAB + "client..",
        LAB + "load..",
        "com.sun.jna",
        "org.jspecify..");
    noClasses()
        .that()
        .resideInAPackage(LAB + "inject..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(LAB + "load..").and(not(type(Ticker.class))))
        .check(CLASSES);
  }

  @Test
  void attributionKnowsInstrumentsAndNoService() {
    onlyDependsOn(
        "attribution", LAB + "history..", "io.millrace.reports..", "jdk.jfr..", "org.jspecify..");
  }

  @Test
  void runKnowsTheLabAndOfTheEngineItsTelemetry() {
    onlyDependsOn(
        "run",
        LAB + "(*)..",
        "io.millrace.reports..",
        "io.millrace.engine.telemetry",
        "io.prometheus..",
        "org.HdrHistogram..",
        "software.amazon.awssdk.core.exception",
        "org.jspecify..");
  }

  @Test
  void serveComposesTheEngineWithItsFaults() {
    onlyDependsOn(
        "serve",
        LAB + "policy..",
        LAB + "delivery..",
        LAB + "proxy..",
        "io.millrace.engine",
        "io.millrace.engine.queue",
        "io.millrace.engine.sqs",
        "io.millrace.engine.telemetry",
        "io.millrace.engine.wire",
        "io.prometheus..",
        "picocli..",
        "com.sun.net.httpserver..",
        "jdk.jfr..",
        "org.jspecify..");
  }

  @Test
  void policiesKnowNobody() {
    onlyDependsOn(
        "policy",
        LAB + "document..",
        "org.snakeyaml.engine..",
        "tools.jackson..",
        "org.jspecify..");
  }

  @Test
  void peersKnowTheJdkAlone() {
    onlyDependsOn("peer", "org.jspecify..");
  }

  @Test
  void documentsKnowNoSubject() {
    onlyDependsOn("document", "org.snakeyaml.engine..", "org.jspecify..");
  }

  @Test
  void scenariosKnowTheEngineByItsCommandLineAndItsPorts() {
    onlyDependsOn(
        "scenario",
        LAB + "history..",
        LAB + "check..",
        LAB + "client..",
        LAB + "embedded..",
        LAB + "load..",
        LAB + "inject..",
        LAB + "policy..",
        LAB + "proxy..",
        LAB + "serve..",
        LAB + "disk..",
        LAB + "sim..",
        LAB + "document..",
        "org.snakeyaml.engine..",
        "tools.jackson..",
        "org.jspecify..");
  }

  @Test
  void deliveryFaultsKnowTheEnginesVocabularyAlone() {
    onlyDependsOn("delivery", LAB + "policy..", "io.millrace.engine.sqs", "org.jspecify..");
  }

  @Test
  void proxyKnowsAnySqsEndpointAndNoEngine() {
    onlyDependsOn("proxy", LAB + "policy..", "io.netty..", "org.jspecify..");
  }

  @Test
  void simulationsKnowTheEnginesDoorsAndTheJudge() {
    onlyDependsOn(
        "sim",
        LAB + "history..",
        LAB + "check..",
        LAB + "client..",
        LAB + "embedded..",
        LAB + "load..",
        "io.millrace.engine",
        "io.millrace.engine.sqs",
        "io.millrace.engine.shard",
        "io.millrace.engine.journal",
        "org.jspecify..");
  }

  @Test
  void figuresAreReadFromHistories() {
    onlyDependsOn(
        "figures",
        LAB + "history..",
        LAB + "attribution..",
        "io.millrace.reports.record..",
        "org.HdrHistogram..",
        "org.jspecify..");
  }

  @Test
  void diskTrialsKnowTheEngineByItsDoorItsCountersAndItsStorage() {
    onlyDependsOn(
        "disk",
        LAB + "history..",
        LAB + "check..",
        LAB + "client..",
        LAB + "embedded..",
        LAB + "load..",
        "io.millrace.engine",
        "io.millrace.engine.journal",
        "io.millrace.engine.shard",
        "io.millrace.engine.sqs",
        "org.jspecify..");
  }

  @Test
  void onlyWhatRunsInTheEnginesProcessKnowsMoreOfItThanItsTelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            LAB + "embedded..", LAB + "sim..", LAB + "disk..", LAB + "delivery..", LAB + "serve..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.millrace.engine",
                "io.millrace.engine.queue..",
                "io.millrace.engine.shard..",
                "io.millrace.engine.journal..",
                "io.millrace.engine.wire..",
                "io.millrace.engine.sqs.."))
        .check(CLASSES);
  }

  @Test
  void roomsDependOnEachOtherInOneDirection() {
    slices().matching(LAB + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  private static void onlyDependsOn(String room, String... others) {
    String[] allowed = new String[others.length + 2];
    allowed[0] = LAB + room + "..";
    allowed[1] = "java..";
    System.arraycopy(others, 0, allowed, 2, others.length);
    classes()
        .that()
        .resideInAPackage(LAB + room + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .check(CLASSES);
  }
}
