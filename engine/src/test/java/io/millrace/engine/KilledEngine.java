package io.millrace.engine;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;

/**
 * The process that {@link KillTest} kills: an engine under load that says on standard output what
 * it asks and what it is answered, a line each, the question before it is asked and the answer
 * after it came. Lines in a pipe outlive the process.
 *
 * <pre>
 *   S n   sends message n          s n   the send was acknowledged
 *   R n   received n               D n   deletes it        d n   the delete was acknowledged
 *   F n   found in the drain       X why a violation seen here
 *   open / ready / done
 * </pre>
 */
final class KilledEngine {

  private static final QueueName QUEUE = new QueueName("killed");
  private static final int LEASE_SECONDS = 1;
  private static final int OUTSTANDING = 32;

  private final Engine engine;
  private final PrintStream out;
  private final SplittableRandom random;
  private final Map<Long, Long> leasedAtNanos = new ConcurrentHashMap<>();

  private KilledEngine(Engine engine, PrintStream out, long seed) {
    this.engine = engine;
    this.out = out;
    this.random = new SplittableRandom(seed);
  }

  /** Arguments: directory, durability, seed, first message number, "load" or "drain". */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println("open");
    try (Engine engine =
        Engine.open(
            EngineConfig.at(Path.of(arguments[0]))
                .withDurability(Durability.valueOf(arguments[1]))
                .withJournal(128 << 10, 96 << 10))) {
      KilledEngine killed = new KilledEngine(engine, out, Long.parseLong(arguments[2]));
      engine.submit(new Request.CreateQueue(Caller.LOCAL, QUEUE, Map.of())).join();
      out.println("ready");
      if (arguments[4].equals("drain")) {
        killed.drain();
      } else {
        killed.load(Long.parseLong(arguments[3]));
      }
      out.println("done");
    }
  }

  private void load(long first) throws InterruptedException {
    Thread consumer = new Thread(this::consume, "consumer");
    consumer.setDaemon(true);
    consumer.start();
    Semaphore room = new Semaphore(OUTSTANDING);
    for (long number = first; ; number++) {
      room.acquire();
      long n = number;
      OutgoingMessage message = OutgoingMessage.of(body(n, random.nextInt(1_500)));
      out.println("S " + n);
      var unused =
          engine
              .submit(new Request.SendMessage(Caller.LOCAL, QUEUE, message))
              .whenComplete(
                  (reply, broken) -> {
                    if (reply instanceof Reply.MessageSent) {
                      out.println("s " + n);
                    } else {
                      out.println("X a send was answered " + reply + ", " + broken);
                    }
                    room.release();
                  });
    }
  }

  private void consume() {
    SplittableRandom choice = new SplittableRandom(random.nextLong());
    while (true) {
      long askedAtNanos = System.nanoTime();
      Reply reply =
          engine
              .submit(new Request.ReceiveMessage(Caller.LOCAL, QUEUE, 10, 1, LEASE_SECONDS))
              .join();
      for (ReceivedMessage message : ((Reply.MessagesReceived) reply).messages()) {
        long number = number(message);
        out.println("R " + number);
        Long leased = leasedAtNanos.put(number, askedAtNanos);
        if (leased != null && System.nanoTime() - leased < LEASE_SECONDS * 950_000_000L) {
          out.println("X received twice within its lease: " + number);
        }
        if (choice.nextInt(8) != 0) {
          delete(message, number);
        }
      }
    }
  }

  private void delete(ReceivedMessage message, long number) {
    out.println("D " + number);
    var unused =
        engine
            .submit(new Request.DeleteMessage(Caller.LOCAL, QUEUE, message.receiptHandle()))
            .whenComplete(
                (reply, broken) ->
                    out.println(
                        reply instanceof Reply.Done
                            ? "d " + number
                            : "X a delete was answered " + reply + ", " + broken));
  }

  /** Leases are a second long, so a poll of three that stays empty means that nothing is left. */
  private void drain() {
    while (true) {
      Reply reply =
          engine.submit(new Request.ReceiveMessage(Caller.LOCAL, QUEUE, 10, 3, 600)).join();
      if (((Reply.MessagesReceived) reply).messages().isEmpty()) {
        break;
      }
      for (ReceivedMessage message : ((Reply.MessagesReceived) reply).messages()) {
        out.println("F " + number(message));
        delete(message, number(message));
      }
    }
    Reply.QueueState state =
        (Reply.QueueState)
            engine.submit(new Request.GetQueueAttributes(Caller.LOCAL, QUEUE)).join();
    if (state.visible() + state.inFlight() + state.delayed() != 0) {
      out.println("X the drained queue says " + state);
    }
    out.println(
        "C "
            + engine.counters().checkpoints.get()
            + " "
            + engine.counters().recoveryQuarantined.get());
  }

  private static byte[] body(long number, int padding) {
    String text = number + ":" + "x".repeat(padding) + ":";
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return (text + Long.toHexString(sum.getValue())).getBytes(StandardCharsets.UTF_8);
  }

  private long number(ReceivedMessage message) {
    String body = new String(message.body(), StandardCharsets.UTF_8);
    int end = body.lastIndexOf(':') + 1;
    CRC32C sum = new CRC32C();
    sum.update(body.substring(0, end).getBytes(StandardCharsets.UTF_8));
    if (!body.substring(end).equals(Long.toHexString(sum.getValue()))) {
      out.println("X a corrupted body: " + body);
    }
    return Long.parseLong(body.substring(0, body.indexOf(':')));
  }
}
