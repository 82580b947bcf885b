package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bits that flip in what was durable: the damaged is counted and named, the rest is served. */
@Timeout(60)
class DamageTest {

  private static final QueueName ORDERS = new QueueName("orders");
  private static final int MESSAGES = 400;

  /** In different closed segments, neighbours among them. */
  private static final Set<Integer> DAMAGED = Set.of(3, 70, 71, 72, 200, 333);

  @TempDir Path data;

  private EngineConfig config() {
    return EngineConfig.at(data).withJournal(64 << 10, 32 << 20);
  }

  private static Reply ask(Engine engine, Request request) {
    return engine.submit(request).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static String body(int number) {
    return "<message " + number + ">" + "x".repeat(1_000);
  }

  @BeforeEach
  void fillAndDamage() throws IOException {
    try (Engine engine = Engine.open(config())) {
      ask(engine, new Request.CreateQueue(Caller.LOCAL, ORDERS, Map.of()));
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(
                ask(
                    engine,
                    new Request.SendMessage(Caller.LOCAL, ORDERS, OutgoingMessage.of(body(i)))))
            .isInstanceOf(Reply.MessageSent.class);
      }
    }
    Set<Path> segments = new TreeSet<>();
    for (int number : DAMAGED) {
      segments.add(flipABit(number));
    }
    assertThat(segments).as("damaged segments").hasSizeGreaterThan(3);
  }

  /** Flips a bit of a message where the journal keeps it. */
  private Path flipABit(int number) throws IOException {
    byte[] wanted = ("<message " + number + ">").getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(data.resolve("journal"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".cq4")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length - wanted.length; at++) {
          if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
            bytes[at + 500] ^= 8;
            Files.write(file, bytes);
            return file;
          }
        }
      }
    }
    throw new AssertionError("no segment holds message " + number);
  }

  private static void servesTheRest(Engine engine) {
    List<String> received = new ArrayList<>();
    while (true) {
      List<ReceivedMessage> messages =
          ((Reply.MessagesReceived)
                  ask(engine, new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 0, 600)))
              .messages();
      if (messages.isEmpty()) {
        break;
      }
      messages.forEach(each -> received.add(new String(each.body(), StandardCharsets.UTF_8)));
    }
    List<String> intact = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      if (!DAMAGED.contains(i)) {
        intact.add(body(i));
      }
    }
    assertThat(received).containsExactlyElementsOf(intact);
    assertThat(engine.failure()).isEmpty();
  }

  /** What is logged while it runs. */
  private static String logOf(Work work) throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  private interface Work {
    void run() throws IOException;
  }

  @Test
  void aReceiveGivesUpWhatIsDamagedAndNamesIt() throws IOException {
    String log =
        logOf(
            () -> {
              try (Engine engine = Engine.open(config())) {
                servesTheRest(engine);
                assertThat(engine.counters().damaged.get()).isEqualTo(DAMAGED.size());
              }
            });
    for (int number : DAMAGED) {
      assertThat(log).contains("message " + (number + 1) + " of orders is lost");
    }
    try (Engine engine = Engine.open(config())) {
      assertThat(engine.counters().damaged.get()).as("given up for good").isZero();
      Reply.QueueState state =
          (Reply.QueueState) ask(engine, new Request.GetQueueAttributes(Caller.LOCAL, ORDERS));
      assertThat(state.visible() + state.inFlight()).isEqualTo(MESSAGES - DAMAGED.size());
    }
  }

  @Test
  void aRecoveryThatReadsEverythingNamesEachPlace() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("shard-0"))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("checkpoint-")) {
          Files.delete(file);
        }
      }
    }
    String log =
        logOf(
            () -> {
              try (Engine engine = Engine.open(config())) {
                // Three of them are neighbours: one place.
                assertThat(engine.counters().recoveryQuarantined.get())
                    .isEqualTo(DAMAGED.size() - 2);
                assertThat(engine.counters().recoveryRecords.get())
                    .isEqualTo(1 + MESSAGES - DAMAGED.size());
                servesTheRest(engine);
                assertThat(engine.counters().damaged.get()).isZero();
              }
            });
    assertThat(log.split("the journal is damaged in segment", -1)).hasSize(1 + DAMAGED.size() - 2);
  }
}
