package io.millrace.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.QueueService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests and their answers, byte for byte. Each file is one story told to a fresh endpoint over
 * one connection:
 *
 * <pre>
 * ### what happens
 * JSON SendMessage          a shorthand for the usual head: JSON action, FORM path, GET target, or RAW for a whole
 * {"QueueUrl":...}          request of its own; then the body
 * ---
 * HTTP/1.1 200 OK           the answer; {id} and {date} stand for what is new every time
 * </pre>
 *
 * <p>The stories called recorded are told to a real engine, so that its words are in them too: each
 * refusal that was recorded from SQS for a standard queue's actions, in both protocols. There
 * {uuid}, {handle} and {seconds} are new every time as well, {handle} in a request is the one
 * received last, and {x*81} is 81 letters.
 *
 * <p>The words are those recorded from SQS; an answer changes here only when SQS's own is found to
 * be another.
 */
class GoldenExchangeTest {

  private static final List<String> STORIES =
      List.of(
          "json-queues",
          "json-messages",
          "json-attributes",
          "json-batches",
          "json-refusals",
          "query-queues",
          "query-messages",
          "query-batches",
          "query-refusals",
          "query-as-json");

  private static final List<String> RECORDED = List.of("recorded-json", "recorded-query");

  private static final Pattern LETTERS = Pattern.compile("\\{x\\*(\\d+)}");
  private static final Pattern HANDLE = Pattern.compile("ReceiptHandle(?:\":\"|>)([\\w-]+)");
  private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  private static final String SECONDS = "(Timestamp(?:\":\"|</Name><Value>))\\d{10}(?=[\"<])";
  private static final String NO_HANDLE = "{handle}";

  @TempDir Path directory;

  private record Step(String name, String request, String answer) {}

  @TestFactory
  Stream<DynamicTest> everyAnswerIsWhatTheStorySays() {
    return STORIES.stream()
        .map(story -> dynamicTest(story, () -> tell(story, new ScriptedQueueService())));
  }

  @TestFactory
  Stream<DynamicTest> everyAnswerOfAWholeEngineIsWhatSqsWasRecordedToSay() {
    return RECORDED.stream().map(story -> dynamicTest(story, () -> tellToAnEngine(story)));
  }

  private void tellToAnEngine(String story) throws IOException {
    AtomicLong clock = new AtomicLong(1_800_000_000_000L);
    EngineConfig config =
        EngineConfig.at(directory.resolve(story))
            .withDurability(Durability.PROCESS_CRASH)
            .withTime(clock::incrementAndGet);
    try (Engine engine = Engine.open(config)) {
      tell(story, engine);
    }
  }

  private static void tell(String story, QueueService service) throws IOException {
    try (SqsEndpoint endpoint =
            SqsEndpoint.open(WireConfig.DEFAULT.at("127.0.0.1", 0), service, RequestObserver.NONE);
        RawClient client = new RawClient(endpoint)) {
      StringBuilder told = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      String handle = NO_HANDLE;
      for (Step step : steps(story)) {
        String raw = client.call(request(written(step.request, handle))).raw();
        Matcher received = HANDLE.matcher(raw);
        if (RECORDED.contains(story) && received.find()) {
          handle = received.group(1);
        }
        String answer = normalised(raw).replace(handle, NO_HANDLE);
        if (RECORDED.contains(story)) {
          answer = answer.replaceAll(UUID, "{uuid}").replaceAll(SECONDS, "$1{seconds}");
        }
        told.append("### ").append(step.name).append('\n').append(answer).append("\n\n");
        expected.append("### ").append(step.name).append('\n').append(step.answer).append("\n\n");
      }
      assertThat(told.toString()).isEqualTo(expected.toString());
    }
  }

  /** The request with its handle and its many letters written out. */
  private static String written(String request, String handle) {
    return LETTERS
        .matcher(request.replace(NO_HANDLE, handle))
        .replaceAll(letters -> "x".repeat(Integer.parseInt(letters.group(1))));
  }

  private static List<Step> steps(String story) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (String part : Pattern.compile("(?m)^### ").split(read(story + ".http"), 0)) {
      if (!part.isBlank()) {
        int nameEnd = part.indexOf('\n');
        int answerAt = part.indexOf("\n---\n");
        steps.add(
            new Step(
                part.substring(0, nameEnd),
                part.substring(nameEnd + 1, answerAt),
                part.substring(answerAt + 5).stripTrailing()));
      }
    }
    return steps;
  }

  private static String read(String file) throws IOException {
    try (InputStream in = GoldenExchangeTest.class.getResourceAsStream("golden/" + file)) {
      if (in == null) {
        throw new AssertionError("no story " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String request(String text) {
    int lineEnd = text.indexOf('\n');
    String line = lineEnd < 0 ? text : text.substring(0, lineEnd);
    String body = lineEnd < 0 ? "" : text.substring(lineEnd + 1);
    int space = line.indexOf(' ');
    String kind = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1);
    return switch (kind) {
      case "JSON" -> RawClient.json(rest, body);
      case "FORM" -> RawClient.form(rest, body);
      case "GET" -> RawClient.get(rest);
      case "RAW" -> body.replace("\n", "\r\n") + "\r\n\r\n";
      default -> throw new AssertionError("no such request: " + line);
    };
  }

  private static String normalised(String answer) {
    return answer
        .replaceFirst("x-amzn-RequestId: " + UUID, "x-amzn-RequestId: {id}")
        .replaceFirst("<RequestId>" + UUID, "<RequestId>{id}")
        .replaceFirst("\"RequestId\":\"" + UUID, "\"RequestId\":\"{id}")
        .replaceFirst(
            "Date: [A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT",
            "Date: {date}")
        .replace("\r\n", "\n")
        .stripTrailing();
  }
}
