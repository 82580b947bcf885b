package io.millrace.jmh;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows that the packages' signs draw. */
@AnalyzeClasses(packages = "io.millrace.jmh", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule WHAT_ALL_HARNESSES_NEED_KNOWS_NONE_OF_THEM_AND_NO_ENGINE =
      classes()
          .that()
          .resideInAPackage("io.millrace.jmh.run")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.jmh.run",
                  "io.millrace.reports..",
                  "java..",
                  "picocli",
                  "tools.jackson.databind..",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule A_BASELINE_DOES_NOT_LEAN_ON_THE_ENGINE_IT_JUDGES =
      classes()
          .that()
          .resideInAPackage("io.millrace.jmh.http")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.jmh.http",
                  "io.millrace.jmh.run",
                  "io.millrace.jmh.unmetered",
                  "io.millrace.chaos.attribution",
                  "io.millrace.chaos.peer",
                  "io.millrace.reports..",
                  "io.netty..",
                  "java..",
                  "org.HdrHistogram",
                  "picocli",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule MILLRACE_WITHOUT_ITS_METRICS_KNOWS_NONE =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.jmh.unmetered")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.millrace.engine.telemetry..", "io.prometheus.."));

  @ArchTest
  static final ArchRule AN_OPERATION_IS_MEASURED_WITHOUT_LAB_OR_SOCKET =
      noClasses()
          .that()
          .resideInAnyPackage("io.millrace.jmh.micro..", "io.millrace.jmh.memory..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.chaos..",
                  "io.netty..",
                  "io.millrace.jmh.http..",
                  "io.millrace.jmh.load.."));

  @ArchTest
  static final ArchRule THE_JUDGE_IS_MEASURED_WITHOUT_AN_ENGINE =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.jmh.check..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.engine..",
                  "io.millrace.jmh.http..",
                  "io.millrace.jmh.load..",
                  "io.millrace.jmh.memory..",
                  "io.millrace.jmh.micro.."));

  @ArchTest
  static final ArchRule LOAD_COMES_FROM_OUTSIDE_THE_ENGINES_ROOMS =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.jmh.load")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.engine.queue..",
                  "io.millrace.engine.wire..",
                  "io.millrace.engine.telemetry..",
                  "io.millrace.jmh.check..",
                  "io.millrace.jmh.memory..",
                  "io.millrace.jmh.micro.."));
}
