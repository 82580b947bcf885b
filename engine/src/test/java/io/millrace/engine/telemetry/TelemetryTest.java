package io.millrace.engine.telemetry;

import static java.util.Map.entry;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.engine.shard.Counter;
import io.millrace.engine.shard.CountersFixture;
import io.millrace.engine.shard.QueueCounters;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.ConnectionCounters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TelemetryTest {

  private static final Optional<ErrorCode> OK = Optional.empty();
  private static final Optional<ErrorCode> BAD_HANDLE =
      Optional.of(ErrorCode.RECEIPT_HANDLE_IS_INVALID);
  private static final BuildInfo BUILD = new BuildInfo("1.2.3", "abc");

  private final ShardCounters shard = new ShardCounters();
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final Telemetry telemetry = Telemetry.create(BUILD);

  @Test
  void everyNamedMetricIsExportedWithItsTypeAndNothingElseIs() throws IOException {
    CountersFixture.add(shard, "orders");
    shard.checkpointAtMs.set(1);
    show(10);
    telemetry.showDisk(Path.of("."));
    telemetry.show(new ConnectionCounters());

    Map<String, String> expected = new HashMap<>();
    for (String name : names()) {
      if (name.endsWith("_total")) {
        expected.put(family(name), "counter");
      } else if (name.endsWith("_info")) {
        expected.put(family(name), "info");
      } else if (HISTOGRAMS.contains(name)) {
        expected.put(name, "histogram");
      } else {
        expected.put(name, "gauge");
      }
    }
    Map<String, String> shown = new HashMap<>(Scrape.of(telemetry).types());
    shown.keySet().removeIf(name -> !name.startsWith("millrace_"));
    assertThat(shown).isEqualTo(expected);
    assertThat(Scrape.of(telemetry.registry().scrape()).types())
        .as("the page of all queues together has the same families")
        .isEqualTo(Scrape.of(telemetry).types());
  }

  private static final Set<String> HISTOGRAMS =
      Set.of(
          MetricNames.API_DURATION,
          MetricNames.API_LONG_POLL_DURATION,
          MetricNames.MESSAGE_SIZE,
          MetricNames.WAITED,
          MetricNames.HELD,
          MetricNames.JOURNAL_APPEND_DURATION,
          MetricNames.JOURNAL_FORCE_DURATION,
          MetricNames.JOURNAL_FORCE_BATCH);

  @Test
  void metricsAreInBaseUnitsAndSayWhatTheyMean() {
    show(10);
    Scrape scrape = Scrape.of(telemetry);
    scrape
        .types()
        .forEach(
            (name, type) -> {
              assertThat(name).matches("[a-z][a-z0-9_]*");
              assertThat(name)
                  .as("base units only, and no type in a name")
                  .doesNotContainPattern(
                      "_(ms|millis|micros|nanos|kb|mb|minutes|counter|gauge)(_|$)");
              assertThat(scrape.help().get(name)).as("help of " + name).isNotBlank();
              if (!name.startsWith("millrace_")) {
                return;
              }
              for (String unit : List.of("seconds", "bytes")) {
                if (name.endsWith("_" + unit)) {
                  assertThat(scrape.units()).containsEntry(name, unit);
                } else {
                  assertThat(scrape.units().get(name)).as(name).isNotEqualTo(unit);
                }
              }
            });
  }

  @Test
  void everyNumberOfTheShardIsShownUnderItsName() throws IllegalAccessException {
    // Distinct values, so that no two wires can be crossed unseen.
    Set<Counter> all = new HashSet<>();
    for (Field field : ShardCounters.class.getFields()) {
      Counter counter = (Counter) field.get(shard);
      all.add(counter);
      counter.set(1_000L * all.size());
    }
    Map<String, Counter> plain =
        Map.ofEntries(
            entry(MetricNames.MESSAGES_SENT, shard.sent),
            entry(MetricNames.MESSAGES_SENT_BYTES, shard.sentBytes),
            entry(MetricNames.MESSAGES_RECEIVED, shard.received),
            entry(MetricNames.MESSAGES_REDELIVERED, shard.redelivered),
            entry(MetricNames.MESSAGES_DELETED, shard.deleted),
            entry(MetricNames.MESSAGES_EXPIRED, shard.expired),
            entry(MetricNames.MESSAGES_DEAD_LETTERED, shard.movedToDeadLetter),
            entry(MetricNames.MESSAGES_PURGED, shard.purged),
            entry(MetricNames.MESSAGES_DAMAGED, shard.damaged),
            entry(MetricNames.EMPTY_RECEIVES, shard.emptyReceives),
            entry(MetricNames.LEASES_ENDED + "{cause=\"timeout\"}", shard.leasesTimedOut),
            entry(MetricNames.LEASES_ENDED + "{cause=\"released\"}", shard.leasesReleased),
            entry(MetricNames.QUEUE_IN_FLIGHT_LIMIT, shard.inFlightMax),
            entry(MetricNames.JOURNAL_RESERVED_BYTES, shard.journalReservedBytes),
            entry(MetricNames.STALE_DELETES, shard.staleDeletes),
            entry(MetricNames.LONG_POLLS_WAITING, shard.waitingPolls),
            entry(MetricNames.SHARD_REFUSED, shard.refused),
            entry(MetricNames.JOURNAL_RECORDS, shard.journalRecords),
            entry(MetricNames.JOURNAL_WRITTEN_BYTES, shard.journalBytes),
            entry(MetricNames.JOURNAL_SEGMENTS, shard.journalSegments),
            entry(MetricNames.JOURNAL_DISK_BYTES, shard.journalDiskBytes),
            entry(MetricNames.JOURNAL_LIVE_BYTES, shard.liveBytes),
            entry(MetricNames.JOURNAL_SEGMENTS_DROPPED, shard.segmentsDropped),
            entry(MetricNames.JOURNAL_CARRIED_FORWARD, shard.carriedForward),
            entry(MetricNames.JOURNAL_FORCES, shard.forces),
            entry(MetricNames.JOURNAL_FORCE_FAILURES, shard.forceFailures),
            entry(MetricNames.JOURNAL_FORCED_RECORDS, shard.forcedRecords),
            entry(MetricNames.CHECKPOINTS, shard.checkpoints),
            entry(MetricNames.RECOVERY_RECORDS, shard.recoveryRecords),
            entry(MetricNames.RECOVERY_QUARANTINED, shard.recoveryQuarantined));
    Map<String, Counter> inMs =
        Map.of(
            MetricNames.CHECKPOINT_TIME, shard.checkpointAtMs,
            MetricNames.RECOVERY_DURATION, shard.recoveryMs);
    show(10);

    Scrape scrape = Scrape.of(telemetry);
    plain.forEach(
        (name, counter) ->
            assertThat(scrape.value(name)).as(name).isEqualTo((double) counter.get()));
    inMs.forEach(
        (name, counter) ->
            assertThat(scrape.value(name)).as(name).isEqualTo(counter.get() / 1_000.0));
    Set<Counter> shown = new HashSet<>(plain.values());
    shown.addAll(inMs.values());
    assertThat(shown).as("counters of the shard that are shown").isEqualTo(all);
  }

  @Test
  void noCheckpointYetIsNoSampleRatherThanOneIn1970() {
    show(10);
    assertThat(Scrape.of(telemetry).samples()).doesNotContainKey(MetricNames.CHECKPOINT_TIME);
  }

  @Test
  void aQueueShowsItsDepthAgeAndTotals() {
    QueueCounters orders = CountersFixture.add(shard, "orders");
    orders.visible.set(1);
    orders.inFlight.set(2);
    orders.delayed.set(3);
    orders.sent.set(4);
    orders.received.set(5);
    orders.deleted.set(6);
    orders.emptyReceives.set(7);
    orders.sentBytes.set(8);
    orders.redelivered.set(9);
    orders.expired.set(10);
    orders.movedToDeadLetter.set(11);
    orders.retentionSeconds.set(12);
    orders.oldestArrivedAtMs.set(nowMs.get() - 2_500);
    orders.oldestOrdinaryArrivedAtMs.set(nowMs.get() - 1_500);
    orders.oldestSentAtMs.set(nowMs.get() - 3_500);
    show(10);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value("millrace_queue_messages{queue=\"orders\",state=\"visible\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("millrace_queue_messages{queue=\"orders\",state=\"inflight\"}"))
        .isEqualTo(2);
    assertThat(scrape.value("millrace_queue_messages{queue=\"orders\",state=\"delayed\"}"))
        .isEqualTo(3);
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT, "orders"))).isEqualTo(4);
    assertThat(scrape.value(of(MetricNames.QUEUE_RECEIVED, "orders"))).isEqualTo(5);
    assertThat(scrape.value(of(MetricNames.QUEUE_DELETED, "orders"))).isEqualTo(6);
    assertThat(scrape.value(of(MetricNames.QUEUE_EMPTY_RECEIVES, "orders"))).isEqualTo(7);
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT_BYTES, "orders"))).isEqualTo(8);
    assertThat(scrape.value(of(MetricNames.QUEUE_REDELIVERED, "orders"))).isEqualTo(9);
    assertThat(scrape.value(of(MetricNames.QUEUE_EXPIRED, "orders"))).isEqualTo(10);
    assertThat(scrape.value(of(MetricNames.QUEUE_DEAD_LETTERED, "orders"))).isEqualTo(11);
    assertThat(scrape.value(of(MetricNames.QUEUE_RETENTION, "orders"))).isEqualTo(12);
    assertThat(scrape.value(of(MetricNames.QUEUE_OLDEST_AGE, "orders"))).isEqualTo(2.5);
    assertThat(scrape.value(of(MetricNames.QUEUE_OLDEST_ORDINARY_AGE, "orders"))).isEqualTo(1.5);
    assertThat(scrape.value(of(MetricNames.QUEUE_OLDEST_SINCE_SEND, "orders"))).isEqualTo(3.5);

    nowMs.addAndGet(500);
    assertThat(Scrape.of(telemetry).value(of(MetricNames.QUEUE_OLDEST_AGE, "orders"))).isEqualTo(3);
    nowMs.addAndGet(-10_000);
    assertThat(Scrape.of(telemetry).value(of(MetricNames.QUEUE_OLDEST_AGE, "orders")))
        .as("a message sent after our reading of the clock")
        .isZero();
    orders.oldestArrivedAtMs.set(0);
    assertThat(Scrape.of(telemetry).value(of(MetricNames.QUEUE_OLDEST_AGE, "orders")))
        .as("no message waits")
        .isZero();
  }

  @Test
  void aQueueThatDoesNotEmptyHasNoTimeUntilItIsEmpty() {
    QueueCounters orders = CountersFixture.add(shard, "orders");
    show(10);
    String drain = of(MetricNames.QUEUE_DRAIN, "orders");
    assertThat(Scrape.of(telemetry).value(drain)).as("empty").isZero();
    orders.visible.set(90);
    orders.inFlight.set(10);
    assertThat(Scrape.of(telemetry).samples()).doesNotContainKey(drain);
    orders.emptiesPer1000Seconds.set(500);
    assertThat(Scrape.of(telemetry).value(drain)).as("100 at one in two seconds").isEqualTo(200);
  }

  @Test
  void queuesAreTogetherUnlessAskedForApart() {
    CountersFixture.add(shard, "a").sent.set(1);
    CountersFixture.add(shard, "b").sent.set(2);
    show(10);
    Scrape together = Scrape.of(telemetry.registry().scrape());
    assertThat(queueTotals(together)).isNotEmpty();
    assertThat(queueTotals(together).keySet()).allMatch(series -> series.contains("\"_other\""));
    assertThat(together.value(of(MetricNames.QUEUE_SENT, "_other"))).isEqualTo(3);
    CountersFixture.remove(shard, "b");
    assertThat(Scrape.of(telemetry.registry().scrape()).value(of(MetricNames.QUEUE_SENT, "_other")))
        .as("no counter falls when a queue goes")
        .isEqualTo(3);
    assertThat(Scrape.of(telemetry).value(of(MetricNames.QUEUE_SENT, "a"))).isEqualTo(1);
  }

  @Test
  void theProcessAndItsDiskAreShown() throws IOException {
    telemetry.showDisk(Path.of("."));
    Scrape scrape = Scrape.of(telemetry);
    double free = scrape.value(MetricNames.DISK_FREE_BYTES);
    assertThat(free).isPositive();
    assertThat(scrape.value(MetricNames.DISK_SIZE_BYTES)).isGreaterThanOrEqualTo(free);
    assertThat(scrape.value(MetricNames.PAGE_FAULTS + "{kind=\"minor\"}")).isGreaterThan(1_000);
    assertThat(scrape.value(MetricNames.PAGE_FAULTS + "{kind=\"major\"}"))
        .isGreaterThanOrEqualTo(0);
    assertThat(scrape.value(MetricNames.MAPPED_FILE_BYTES)).isGreaterThan(1 << 20);
    assertThat(scrape.value(MetricNames.SAFEPOINTS)).isPositive();
    assertThat(scrape.value(MetricNames.SAFEPOINT_TIME))
        .isGreaterThanOrEqualTo(scrape.value(MetricNames.SAFEPOINT_SYNC_TIME));
  }

  @Test
  void queuesBeyondTheCapAreFoldedIntoOne() {
    for (int i = 0; i < 5; i++) {
      QueueCounters queue = CountersFixture.add(shard, "q" + i);
      queue.visible.set(1);
      queue.sent.set(10);
      queue.oldestArrivedAtMs.set(nowMs.get() - 1_000L * i);
    }
    show(3);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT, "q2"))).isEqualTo(10);
    assertThat(scrape.samples()).doesNotContainKey(of(MetricNames.QUEUE_SENT, "q3"));
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT, "_other"))).isEqualTo(20);
    assertThat(scrape.value("millrace_queue_messages{queue=\"_other\",state=\"visible\"}"))
        .isEqualTo(2);
    assertThat(scrape.value(of(MetricNames.QUEUE_OLDEST_AGE, "_other"))).isEqualTo(4);
    assertThat(scrape.value(MetricNames.FOLDED_QUEUES)).isEqualTo(2);
    assertThat(scrape.value(MetricNames.QUEUES)).isEqualTo(5);
  }

  @Test
  void nothingIsFoldedWhileAllQueuesFit() {
    CountersFixture.add(shard, "q");
    show(1);
    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.samples()).doesNotContainKey(of(MetricNames.QUEUE_SENT, "_other"));
    assertThat(scrape.value(MetricNames.FOLDED_QUEUES)).isZero();
  }

  @Test
  void aQueueThatBearsTheFoldsNameIsFolded() {
    CountersFixture.add(shard, "_other").sent.set(3);
    CountersFixture.add(shard, "q");
    show(1);
    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT, "_other"))).isEqualTo(3);
    assertThat(scrape.value(of(MetricNames.QUEUE_SENT, "q"))).isZero();
  }

  @Test
  void noCounterFallsWhileQueuesComeAndGo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, QueueCounters> alive = new HashMap<>();
    show(3);
    Map<String, Double> before = Map.of();
    for (int step = 0; step < 1_000; step++) {
      String name = "q" + random.nextInt(12);
      QueueCounters queue = alive.get(name);
      Set<String> restarted = new HashSet<>();
      if (queue == null) {
        alive.put(name, CountersFixture.add(shard, name));
        restarted.add(name);
      } else if (random.nextInt(4) == 0) {
        alive.remove(name);
        CountersFixture.remove(shard, name);
      } else {
        queue.sent.add(random.nextInt(100));
        queue.received.increment();
        queue.deleted.increment();
        queue.emptyReceives.increment();
        queue.visible.set(random.nextInt(100));
      }
      Scrape scrape = Scrape.of(telemetry);
      Map<String, Double> after = queueTotals(scrape);
      for (Map.Entry<String, Double> total : after.entrySet()) {
        boolean isNew = restarted.stream().anyMatch(gone -> total.getKey().contains(quoted(gone)));
        if (!isNew) {
          assertThat(total.getValue())
              .as("seed %d, step %d, %s", seed, step, total.getKey())
              .isGreaterThanOrEqualTo(before.getOrDefault(total.getKey(), 0.0));
        }
      }
      assertThat(before.keySet().stream().filter(series -> series.contains(quoted("_other"))))
          .as("seed %d, step %d: the fold stays once it is there", seed, step)
          .allMatch(after::containsKey);
      before = after;

      double visible =
          scrape.samples().entrySet().stream()
              .filter(sample -> sample.getKey().startsWith(MetricNames.QUEUE_MESSAGES + "{"))
              .filter(sample -> sample.getKey().contains("state=\"visible\""))
              .mapToDouble(Map.Entry::getValue)
              .sum();
      assertThat(visible)
          .as("seed %d, step %d: all queues' visible messages", seed, step)
          .isEqualTo(alive.values().stream().mapToDouble(q -> q.visible.get()).sum());
    }
  }

  @Test
  void requestsAreCountedAndTimedByAction() {
    observe(Action.SEND_MESSAGE, OK, MILLISECONDS.toNanos(3), false);
    observe(Action.SEND_MESSAGE, OK, MILLISECONDS.toNanos(5), false);
    observe(Action.DELETE_MESSAGE, BAD_HANDLE, MICROSECONDS.toNanos(100), false);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value("millrace_api_requests_total{action=\"SendMessage\"}")).isEqualTo(2);
    assertThat(scrape.value("millrace_api_request_duration_seconds_count{action=\"SendMessage\"}"))
        .isEqualTo(2);
    assertThat(scrape.value("millrace_api_request_duration_seconds_sum{action=\"SendMessage\"}"))
        .isEqualTo(0.008);
    assertThat(
            scrape.value(
                "millrace_api_errors_total{action=\"DeleteMessage\",code=\"ReceiptHandleIsInvalid\"}"))
        .isEqualTo(1);
    assertThat(
            scrape.value(
                "millrace_api_errors_total{action=\"SendMessage\",code=\"InternalFailure\"}"))
        .as("the service's own failures exist before the first")
        .isZero();
  }

  @Test
  void tenMillisecondsIsABucketBoundExactly() {
    for (long micros : new long[] {9_999, 10_000, 10_001}) {
      observe(Action.SEND_MESSAGE, OK, MICROSECONDS.toNanos(micros), false);
    }
    assertThat(
            Scrape.of(telemetry)
                .value(
                    "millrace_api_request_duration_seconds_bucket{action=\"SendMessage\",le=\"0.01\"}"))
        .isEqualTo(2);
  }

  @Test
  void boundsThatQueriesMayNameAreWrittenPlainly() {
    List<String> bounds =
        Scrape.of(telemetry).samples().keySet().stream()
            .filter(sample -> sample.contains("le=\""))
            .map(sample -> sample.replaceAll(".*le=\"([^\"]+)\".*", "$1"))
            .distinct()
            .toList();
    assertThat(bounds).contains("0.01", "0.005", "+Inf");
    assertThat(bounds)
        .filteredOn(bound -> !bound.equals("+Inf") && Double.parseDouble(bound) >= 0.001)
        .allMatch(bound -> bound.matches("[0-9]+\\.[0-9]+"));
  }

  @Test
  void aReceiveThatWaitedStaysOutOfTheLatency() {
    observe(Action.RECEIVE_MESSAGE, OK, SECONDS.toNanos(18), true);
    observe(Action.RECEIVE_MESSAGE, OK, MILLISECONDS.toNanos(1), false);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value("millrace_api_requests_total{action=\"ReceiveMessage\"}")).isEqualTo(2);
    assertThat(scrape.value("millrace_api_request_duration_seconds_sum{action=\"ReceiveMessage\"}"))
        .isEqualTo(0.001);
    assertThat(scrape.value("millrace_api_long_poll_duration_seconds_count")).isEqualTo(1);
    assertThat(scrape.value("millrace_api_long_poll_duration_seconds_sum")).isEqualTo(18);
  }

  @Test
  void everyActionAndErrorCodeCanBeCounted() {
    for (Action action : Action.values()) {
      for (ErrorCode code : ErrorCode.values()) {
        telemetry.requestObserver().observed(action, Optional.of(code), 1, false);
      }
    }
    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.samples().keySet().stream().filter(s -> s.startsWith(MetricNames.API_ERRORS)))
        .hasSize(Action.values().length * ErrorCode.values().length)
        .allSatisfy(series -> assertThat(scrape.value(series)).isEqualTo(1));
  }

  @Test
  void connectionsAreShown() {
    ConnectionCounters connections = new ConnectionCounters();
    connections.accepted.add(1);
    connections.turnedAway.add(2);
    connections.timedOut.add(3);
    connections.refused.add(4);
    connections.cancelledPolls.add(5);
    telemetry.show(connections);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value(MetricNames.CONNECTIONS_OPEN)).isZero();
    assertThat(scrape.value(MetricNames.CONNECTIONS_ACCEPTED)).isEqualTo(1);
    assertThat(scrape.value(MetricNames.CONNECTIONS_TURNED_AWAY)).isEqualTo(2);
    assertThat(scrape.value(MetricNames.CONNECTIONS_TIMED_OUT)).isEqualTo(3);
    assertThat(scrape.value(MetricNames.CONNECTIONS_REFUSED_REQUESTS)).isEqualTo(4);
    assertThat(scrape.value(MetricNames.CANCELLED_POLLS)).isEqualTo(5);
  }

  @Test
  void forcesAndAppendsAreTimed() {
    telemetry.shardObserver().forced(MICROSECONDS.toNanos(250), 7);
    telemetry.shardObserver().appended(MICROSECONDS.toNanos(3));

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value("millrace_journal_force_duration_seconds_sum")).isEqualTo(2.5e-4);
    assertThat(scrape.value("millrace_journal_force_batch_records_sum")).isEqualTo(7);
    assertThat(scrape.value("millrace_journal_append_duration_seconds_count")).isEqualTo(1);
  }

  @Test
  void messagesAreMeasuredAndTimed() {
    telemetry.shardObserver().sent(1_000);
    telemetry.shardObserver().firstReceived(10);
    telemetry.shardObserver().deletedInFlight(2_500);

    Scrape scrape = Scrape.of(telemetry);
    assertThat(scrape.value("millrace_message_size_bytes_sum")).isEqualTo(1_000);
    assertThat(scrape.value("millrace_message_send_to_receive_seconds_sum")).isEqualTo(0.01);
    assertThat(scrape.value("millrace_message_send_to_receive_seconds_bucket{le=\"0.01\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("millrace_message_receive_to_delete_seconds_sum")).isEqualTo(2.5);
  }

  @Test
  void observingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int observations = 100_000;
    observeAll(1_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    observeAll(observations);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    System.out.printf("%d observations of each kind allocated %d bytes%n", observations, bytes);
    // The JVM may allocate a little, once, while it compiles; the smallest object on each
    // observation would be 1,600,000 bytes.
    assertThat(bytes).isLessThan(observations / 10);
  }

  private void observeAll(int times) {
    for (int i = 0; i < times; i++) {
      observe(Action.SEND_MESSAGE, OK, 300_000 + i, false);
      observe(Action.RECEIVE_MESSAGE, OK, 300_000 + i, true);
      observe(Action.DELETE_MESSAGE, BAD_HANDLE, 300_000 + i, false);
      telemetry.shardObserver().forced(200_000 + i, i & 63);
      telemetry.shardObserver().appended(1_000 + i);
      telemetry.shardObserver().sent(i);
      telemetry.shardObserver().firstReceived(i);
      telemetry.shardObserver().deletedInFlight(i);
    }
  }

  @Test
  void theBuildAndTheJvmAreNamed() {
    Scrape scrape = Scrape.of(telemetry);
    assertThat(
            scrape.value(
                "millrace_build_info{java=\""
                    + Runtime.version()
                    + "\",revision=\"abc\",version=\"1.2.3\"}"))
        .isEqualTo(1);
    assertThat(scrape.types()).containsEntry("jvm_gc_collection_seconds", "summary");
  }

  @Test
  void aNegativeCapIsRefused() {
    assertThatThrownBy(() -> show(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  private void show(int queuesShownMax) {
    telemetry.show(shard, nowMs::get, queuesShownMax);
  }

  private void observe(Action action, Optional<ErrorCode> error, long nanos, boolean waited) {
    telemetry.requestObserver().observed(action, error, nanos, waited);
  }

  private static Map<String, Double> queueTotals(Scrape scrape) {
    Map<String, Double> totals = new HashMap<>(scrape.samples());
    totals
        .keySet()
        .removeIf(sample -> !sample.startsWith("millrace_queue_") || !sample.contains("_total{"));
    return totals;
  }

  private static String of(String metric, String queue) {
    return metric + "{queue=" + quoted(queue) + "}";
  }

  private static String quoted(String value) {
    return "\"" + value + "\"";
  }

  private static String family(String name) {
    return name.replaceAll("_(total|info)$", "");
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    Stream.of(MetricNames.class.getFields())
        .forEach(
            field -> {
              try {
                names.add((String) field.get(null));
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            });
    names.removeIf(name -> !name.startsWith("millrace_"));
    return names;
  }
}
