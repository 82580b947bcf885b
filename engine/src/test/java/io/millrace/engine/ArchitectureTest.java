package io.millrace.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.engine.shard.Counter;
import io.millrace.engine.shard.QueueCounters;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.AnsweredRequest;
import io.millrace.engine.wire.ConnectionCounters;
import io.millrace.engine.wire.RequestObserver;
import io.millrace.engine.wire.Throttle;
import org.junit.jupiter.api.Test;

/** The rooms of the engine and the arrows between them. */
class ArchitectureTest {

  private static final String ROOT = "io.millrace.engine";
  private static final String SQS = ROOT + ".sqs..";
  private static final String QUEUE = ROOT + ".queue..";
  private static final String JOURNAL = ROOT + ".journal..";
  private static final String SHARD = ROOT + ".shard..";
  private static final String WIRE = ROOT + ".wire..";
  private static final String TELEMETRY = ROOT + ".telemetry..";
  private static final String[] LANGUAGE = {"java..", "org.jspecify..", "com.google.errorprone.."};
  private static final String LOG = "org.slf4j..";

  /** What stands beside the engine's own class; no test does. */
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .importUrl(Engine.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void sqsIsWords() {
    room(SQS, "javax.crypto..").check(ENGINE);
  }

  @Test
  void queueKnowsOnlyTheVocabulary() {
    room(QUEUE, SQS).check(ENGINE);
  }

  @Test
  void queueHasNoClockFileThreadOrChance() {
    noClasses()
        .that()
        .resideInAPackage(QUEUE)
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.time..")
                .or(resideInAPackage("java.io.."))
                .or(resideInAPackage("java.nio.file.."))
                .or(resideInAPackage("java.nio.channels.."))
                .or(resideInAPackage("java.util.concurrent.."))
                .or(resideInAPackage("java.util.random.."))
                .or(resideInAPackage("java.security..")))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, java.util.Random.class, java.util.SplittableRandom.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(ENGINE);
  }

  @Test
  void journalKnowsBytesAndChronicle() {
    room(JOURNAL, "net.openhft..", "sun.misc..", "sun.nio.ch..").check(ENGINE);
  }

  @Test
  void shardStandsOnQueueAndJournal() {
    room(SHARD, LOG, QUEUE, JOURNAL, SQS).check(ENGINE);
  }

  @Test
  void wireKnowsTheVocabularyNettyAndJackson() {
    room(WIRE, SQS, "io.netty..", "tools.jackson.core..").check(ENGINE);
  }

  @Test
  void telemetryReadsCountersOfOthers() {
    room(
            TELEMETRY,
            LOG,
            SHARD,
            WIRE,
            SQS,
            "io.prometheus..",
            "com.sun.net.httpserver..",
            "jdk.jfr..")
        .check(ENGINE);
    classes()
        .that()
        .resideInAPackage(TELEMETRY)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackages(SHARD, WIRE)
                .or(
                    belongToAnyOf(
                        Counter.class,
                        QueueCounters.class,
                        ShardCounters.class,
                        ShardObserver.class,
                        Action.class,
                        ConnectionCounters.class,
                        RequestObserver.class,
                        AnsweredRequest.class,
                        Throttle.class)))
        .check(ENGINE);
  }

  @Test
  void nobodyImportsTheRoot() {
    noClasses()
        .that()
        .resideInAnyPackage(SQS, QUEUE, JOURNAL, SHARD, WIRE, TELEMETRY)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(ENGINE);
  }

  @Test
  void chronicleHasOneRoom() {
    onlyIn(JOURNAL, "net.openhft..").check(ENGINE);
  }

  @Test
  void nettyAndJacksonHaveOneRoom() {
    onlyIn(WIRE, "io.netty..").check(ENGINE);
    onlyIn(WIRE, "tools.jackson..").check(ENGINE);
  }

  @Test
  void onlyTheRootKnowsTheCommandLineAndOnlyItAndTelemetryTheMetrics() {
    noClasses()
        .that()
        .resideInAnyPackage(SQS, QUEUE, JOURNAL, SHARD, WIRE, TELEMETRY)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(ENGINE);
    noClasses()
        .that()
        .resideInAnyPackage(SQS, QUEUE, JOURNAL, SHARD, WIRE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(ENGINE);
  }

  @Test
  void nobodySleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ENGINE);
  }

  @Test
  void theWallClockIsReadInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".Time")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".SlewedTime")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(ENGINE);
  }

  private static ArchRule room(String room, String... mayImport) {
    String[] all = new String[LANGUAGE.length + mayImport.length + 1];
    all[0] = room;
    System.arraycopy(LANGUAGE, 0, all, 1, LANGUAGE.length);
    System.arraycopy(mayImport, 0, all, 1 + LANGUAGE.length, mayImport.length);
    return classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(all);
  }

  private static ArchRule onlyIn(String room, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }
}
