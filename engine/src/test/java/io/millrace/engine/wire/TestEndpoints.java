package io.millrace.engine.wire;

import io.millrace.engine.sqs.QueueService;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Endpoints on loopback, and bounds small enough to be reached. */
final class TestEndpoints {

  static final String URL = "http://sqs.test:9324/000000000000/orders";

  static final WireConfig.Sizes SIZES = WireConfig.Sizes.DEFAULT;
  static final WireConfig.Times TIMES = WireConfig.Times.DEFAULT;
  static final WireConfig.Counts COUNTS = WireConfig.Counts.DEFAULT;

  private static final Duration HANGS_AFTER = Duration.ofSeconds(20);

  private TestEndpoints() {}

  static SqsEndpoint open(QueueService service) throws IOException {
    return open(service, RequestObserver.NONE, SIZES, TIMES, COUNTS);
  }

  static SqsEndpoint open(
      QueueService service,
      RequestObserver observer,
      WireConfig.Sizes sizes,
      WireConfig.Times times,
      WireConfig.Counts counts)
      throws IOException {
    return SqsEndpoint.open(
        WireConfig.DEFAULT.at("127.0.0.1", 0).within(sizes, times, counts), service, observer);
  }

  static ScriptedQueueService service() {
    return new ScriptedQueueService().withQueue("orders");
  }

  static String send(String body) {
    return RawClient.json(
        "SendMessage", "{\"QueueUrl\":\"" + URL + "\",\"MessageBody\":\"" + body + "\"}");
  }

  static String receive(int waitSeconds) {
    return RawClient.json(
        "ReceiveMessage", "{\"QueueUrl\":\"" + URL + "\",\"WaitTimeSeconds\":" + waitSeconds + "}");
  }

  /** Waits until the condition holds, giving way to the threads that make it so. */
  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + HANGS_AFTER.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("the condition did not come to hold");
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
