package io.millrace.reports;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows that the packages' signs draw. */
@AnalyzeClasses(
    packages = "io.millrace.reports",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule THE_MODULE_IS_A_LEAF =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.engine..",
                  "io.millrace.chaos..",
                  "io.millrace.jmh..",
                  "io.millrace.dashboards.."));

  @ArchTest
  static final ArchRule A_RECORD_KNOWS_NOTHING_OF_ITS_PAGE_OR_ITS_METERS =
      classes()
          .that()
          .resideInAPackage("..reports.record")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.reports.record",
                  "java..",
                  "org.HdrHistogram",
                  "tools.jackson..",
                  "com.fasterxml.jackson.annotation",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule METERS_KNOW_ONLY_THE_RECORD =
      classes()
          .that()
          .resideInAPackage("..reports.platform")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.reports.platform",
                  "io.millrace.reports.record",
                  "java..",
                  "org.HdrHistogram",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule THE_PAGE_IS_MADE_OF_THE_RECORD =
      classes()
          .that()
          .resideInAPackage("..reports.page")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.reports.page",
                  "io.millrace.reports.record",
                  "gg.jte..",
                  "tools.jackson.databind..",
                  "java..",
                  "org.HdrHistogram",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule A_COMPARISON_IS_MADE_OF_RECORDS =
      classes()
          .that()
          .resideInAPackage("..reports.compare")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.millrace.reports.compare",
                  "io.millrace.reports.record",
                  "java..",
                  "javax.xml.stream",
                  "org.HdrHistogram",
                  "tools.jackson.databind..",
                  "org.jspecify.annotations"));
}
