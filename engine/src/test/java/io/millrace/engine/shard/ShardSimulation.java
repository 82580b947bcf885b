package io.millrace.engine.shard;

import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A shard over a journal in memory, turned by hand, driven by a seed, crashed at random places and
 * judged by an oracle that knows only requests and replies.
 *
 * <p>The crash is a power cut (the unforced end of the journal is gone, and every block that no
 * checkpoint names holds noise) or a kill (what was appended is there).
 */
final class ShardSimulation {

  private static final long START_MS = 1_800_000_000_000L;
  private static final int VISIBILITY_SECONDS = 20;
  private static final int RECEIVES_MAX = 2;
  private static final int USED_BLOCKS_MAX = 400;
  private static final String REGION = "us-east-1";

  static final QueueName WORK = new QueueName("work");
  static final QueueName DEAD = new QueueName("dead");
  static final QueueName PLAIN = new QueueName("plain");
  static final QueueName FLEETING = new QueueName("fleeting");
  private static final List<QueueName> QUEUES = List.of(WORK, DEAD, PLAIN, FLEETING);

  private final long seed;
  private final Path root;
  private final SplittableRandom random;
  private final Fuse fuse = new Fuse();
  private final CRC32C journalSum = new CRC32C();
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();

  private MemoryJournal journal = new MemoryJournal(24 * 1024, Long.MAX_VALUE, 0);
  private Path directory;
  private ShardRuntime shard;
  private ShardCounters counters = new ShardCounters();
  private int start;
  private long nowMs = START_MS;

  private final Map<String, Message> messages = new LinkedHashMap<>();
  private final Set<Runnable> unanswered = new LinkedHashSet<>();
  private int nextBody;
  private int visibilityOfPlain = VISIBILITY_SECONDS;
  private final Set<Integer> visibilityMaybe = new LinkedHashSet<>();
  private boolean fleetingExists = true;
  private boolean fleetingUnsure;
  private long fleetingDeletedAtMs;
  private long purgeAllowedAtMs;

  // What happened, so that a test can show that the rare things did.
  int crashes;

  /** Crashes in the middle of a turn: each may have cut off the reply of a journaled receive. */
  int repliesLost;

  int crashesInRecovery;
  int powerCuts;
  int receivedAgain;
  int deadLetters;
  int unknownSends;
  int unknownDeletes;
  int purges;
  int queueDeletions;
  int deletesByLostReceipt;
  long checkpoints;
  long segmentsDropped;
  long carriedForward;
  long checkpointRecoveries;

  private enum Fate {
    /** Asked for, not answered. */
    ASKED,
    YES,
    NO
  }

  private static final class Message {
    private final String body;
    private final QueueName queue;
    private Fate sent = Fate.ASKED;
    private UUID id = new UUID(0, 0);
    private boolean goneForSure;
    private boolean maybeGone;
    private String receipt = "";
    private QueueName receivedFrom;
    private int receives;
    private long leasedUntilMs;
    private int leasedInRun;

    /** Whether a receive may be on record that is later than the receipt. */
    private boolean unseenReceive;

    private Message(String body, QueueName queue) {
      this.body = body;
      this.queue = queue;
      this.receivedFrom = queue;
    }
  }

  ShardSimulation(long seed, Path root) throws IOException {
    this.seed = seed;
    this.root = root;
    this.random = new SplittableRandom(seed);
    this.directory = Files.createDirectories(root.resolve("run-0"));
    this.shard = open(journal);
  }

  // ------------------------------------------------------------------------------------- running

  /** Steps, crashes among them, then a quiet end in which everything is found again. */
  void run(int steps) throws IOException {
    create(PLAIN, visibility(VISIBILITY_SECONDS));
    create(DEAD, visibility(VISIBILITY_SECONDS));
    create(FLEETING, visibility(VISIBILITY_SECONDS));
    Map<QueueAttribute, String> redrive = visibility(VISIBILITY_SECONDS);
    redrive.put(
        QueueAttribute.REDRIVE_POLICY,
        new RedrivePolicy(
                new QueueArn(REGION, Caller.DEFAULT_ACCOUNT, DEAD).toString(), RECEIVES_MAX)
            .toJson());
    create(WORK, redrive);
    turn();
    for (int step = 0; step < steps; step++) {
      if (!fuse.isLit() && random.nextInt(60) == 0) {
        fuse.light(1 + random.nextInt(80));
      }
      try {
        for (int requests = random.nextInt(6); requests > 0; requests--) {
          request();
        }
        nowMs += random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(50);
        turn();
        work(random.nextInt(4));
      } catch (Fuse.Crash crash) {
        recover(true);
      }
    }
    fuse.putOut();
    if (random.nextBoolean()) {
      recover(false);
    }
    drain();
  }

  /** The checksum over every record appended. */
  long journalSum() {
    return journalSum.getValue();
  }

  /** A turn or two; a checkpoint's steps fall into different turns, with requests in between. */
  private void turn() {
    for (int turns = 1 + random.nextInt(2); turns > 0; turns--) {
      shard.turn(nowMs);
    }
  }

  private void work(int tasks) {
    for (int i = 0; i < tasks && !background.isEmpty(); i++) {
      background.remove().run();
    }
  }

  private ShardRuntime open(MemoryJournal from) throws IOException {
    start++;
    ShardConfig config =
        new ShardConfig(
            Durability.POWER_LOSS,
            Limits.CURRENT,
            REGION,
            Caller.DEFAULT_ACCOUNT,
            64L << 20,
            9_000,
            16L << 20,
            random.nextBoolean() ? 0 : Long.MAX_VALUE); // a time limit would make runs differ
    return ShardRuntime.open(
        config,
        directory,
        new FusedJournal(from, fuse, journalSum),
        new FusedStorage(fuse),
        new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
        start,
        counters,
        ShardObserver.NONE,
        new SplittableRandom(seed ^ start),
        background::add,
        Runnable::run);
  }

  private void recover(boolean crashed) throws IOException {
    checkpoints += counters.checkpoints.get();
    segmentsDropped += counters.segmentsDropped.get();
    carriedForward += counters.carriedForward.get();
    boolean powerCut = random.nextBoolean();
    MemoryJournal before = journal;
    crashes += crashed ? 1 : 0;
    repliesLost += crashed ? 1 : 0;
    powerCuts += powerCut ? 1 : 0;
    // The oldest checkpoint may still be needed by a start that crashes, so each has its own copy.
    for (int attempt = 0; ; attempt++) {
      background.clear();
      journal = powerCut ? before.crash() : before.reopen();
      directory = copied(powerCut);
      counters = new ShardCounters();
      fuse.putOut();
      if (crashed && attempt < 3 && random.nextInt(3) == 0) {
        fuse.light(1 + random.nextInt(6));
      }
      try {
        shard = open(journal);
        fuse.putOut();
        break;
      } catch (Fuse.Crash again) {
        crashesInRecovery++;
      }
    }
    List<Runnable> lost = new ArrayList<>(unanswered);
    unanswered.clear();
    lost.forEach(Runnable::run);
    checkpointRecoveries += recoveredFromCheckpoint() ? 1 : 0;
    // The wall clock may have been set back while the engine was down.
    nowMs = random.nextBoolean() ? shard.recoveredNowMs() : nowMs + random.nextInt(2_000);
    nowMs = Math.max(nowMs, shard.recoveredNowMs());
    checkCatalogue();
  }

  private boolean recoveredFromCheckpoint() throws IOException {
    try (var files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("checkpoint-"));
    }
  }

  /** What the disk holds after the crash; the old run's mapped file must not see the new one's. */
  private Path copied(boolean powerCut) throws IOException {
    Path next =
        Files.createDirectories(root.resolve("run-" + start + "-" + random.nextInt(1 << 30)));
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        copy(file, next.resolve(file.getFileName()));
      }
    }
    if (powerCut) {
      scribble(next);
    }
    return next;
  }

  /**
   * The backlog is mapped far beyond what so small a run uses: its end is a hole, and stays one.
   */
  private static void copy(Path from, Path to) throws IOException {
    try (RandomAccessFile source = new RandomAccessFile(from.toFile(), "r");
        RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
      long bytes = Math.min(source.length(), (long) USED_BLOCKS_MAX * BlockFile.BLOCK_BYTES);
      source.getChannel().transferTo(0, bytes, target.getChannel());
      target.setLength(source.length());
    }
  }

  /** Fills every block that no checkpoint on disk names with noise. */
  private void scribble(Path on) throws IOException {
    BitSet named = new BitSet();
    for (CheckpointImage image : new CheckpointFiles(new FusedStorage(new Fuse()), on).readAll()) {
      for (CheckpointImage.Queue queue : image.queues()) {
        for (int block : queue.backlog().blocks()) {
          named.set(block);
        }
      }
    }
    byte[] noise = new byte[BlockFile.BLOCK_BYTES];
    Arrays.fill(noise, (byte) 0xA5);
    try (RandomAccessFile file = new RandomAccessFile(on.resolve("backlog").toFile(), "rw")) {
      int blocks = (int) (file.length() / BlockFile.BLOCK_BYTES);
      for (int block = 1; block < blocks && block < USED_BLOCKS_MAX; block++) {
        if (!named.get(block)) {
          file.seek((long) block * BlockFile.BLOCK_BYTES);
          file.write(noise);
        }
      }
    }
  }

  // ------------------------------------------------------------------------------------ requests

  private void request() {
    int dice = random.nextInt(100);
    if (dice < 34) {
      send();
    } else if (dice < 60) {
      receive(pick(), 1 + random.nextInt(10), random.nextInt(8) == 0 ? 2 : 0);
    } else if (dice < 86) {
      delete();
    } else if (dice < 92) {
      changeVisibility();
    } else if (dice < 94) {
      setVisibilityOfPlain();
    } else if (dice < 95) {
      purge();
    } else if (dice < 96) {
      deleteOrRemakeFleeting();
    } else {
      counts(pick());
    }
  }

  private QueueName pick() {
    int dice = random.nextInt(10);
    return dice < 4 ? WORK : dice < 7 ? PLAIN : dice < 9 ? DEAD : FLEETING;
  }

  private void ask(Request request, Runnable unknown, Consumer<Reply> answered) {
    CompletableFuture<Reply> future = shard.submit(request);
    unanswered.add(unknown);
    var unused =
        future.thenAccept(
            reply -> {
              unanswered.remove(unknown);
              answered.accept(reply);
            });
  }

  private void send() {
    QueueName queue = pick();
    String body = "message-" + nextBody++ + "-" + "x".repeat(random.nextInt(600));
    Message message = new Message(body, queue);
    messages.put(body, message);
    MessageAttribute attribute =
        new MessageAttribute(
            "sum", "Number", ("" + body.hashCode()).getBytes(StandardCharsets.UTF_8));
    boolean plain = random.nextInt(3) == 0;
    OutgoingMessage outgoing =
        new OutgoingMessage(
            body.getBytes(StandardCharsets.UTF_8),
            plain ? List.of() : List.of(attribute),
            random.nextInt(6) == 0 ? random.nextInt(5) : OutgoingMessage.QUEUE_DELAY,
            OutgoingMessage.NONE,
            OutgoingMessage.NONE);
    ask(
        new Request.SendMessage(Caller.LOCAL, queue, outgoing),
        () -> unknownSends++,
        reply -> {
          if (reply instanceof Reply.MessageSent sent) {
            check(message.sent == Fate.ASKED, "answered twice: " + name(body));
            check(message.id.equals(new UUID(0, 0)) || message.id.equals(sent.messageId()), "id");
            message.sent = Fate.YES;
            message.id = sent.messageId();
          } else {
            check(
                queue.equals(FLEETING) && isError(reply, ErrorCode.QUEUE_DOES_NOT_EXIST),
                "a send to " + queue + " was answered " + reply);
            message.sent = Fate.NO;
          }
        });
  }

  private void receive(QueueName queue, int max, int waitSeconds) {
    ask(
        new Request.ReceiveMessage(Caller.LOCAL, queue, max, waitSeconds, Request.QUEUE_DEFAULT),
        () -> mayHaveBeenReceivedFrom(queue),
        reply -> {
          if (reply instanceof Reply.MessagesReceived received) {
            received.messages().forEach(each -> received(queue, each));
          } else {
            check(
                queue.equals(FLEETING) && isError(reply, ErrorCode.QUEUE_DOES_NOT_EXIST),
                "a receive from " + queue + " was answered " + reply);
          }
        });
  }

  /** A receive was cut off: it may be on record, and then it is later than the receipts known. */
  private void mayHaveBeenReceivedFrom(QueueName queue) {
    for (Message message : messages.values()) {
      message.unseenReceive |= message.receivedFrom.equals(queue);
    }
  }

  private void received(QueueName queue, ReceivedMessage got) {
    String body = new String(got.body(), StandardCharsets.UTF_8);
    Message message = messages.get(body);
    if (message == null) {
      throw new AssertionError("received what nobody sent: " + name(body));
    }
    boolean moved = message.queue.equals(WORK) && queue.equals(DEAD);
    check(
        message.queue.equals(queue) || moved,
        name(body) + " of " + message.queue + " came from " + queue);
    check(message.sent != Fate.NO, "a refused send was received: " + name(body));
    check(!message.goneForSure, "received after it was deleted: " + name(body));
    check(
        message.sent != Fate.YES || message.id.equals(got.id()),
        "another id than the send's: " + name(body));
    message.id = got.id();
    for (MessageAttribute attribute : got.attributes()) {
      check(attribute.text().equals("" + body.hashCode()), "attribute of " + name(body));
    }
    if (moved) {
      check(
          message.receives + repliesLost >= RECEIVES_MAX,
          "a dead letter after too few receives: " + name(body));
      check(
          got.deadLetterSourceArn().endsWith(":work"),
          "a dead letter without its source: " + got.deadLetterSourceArn());
      deadLetters++;
    } else {
      check(
          !message.receivedFrom.equals(DEAD) || message.queue.equals(DEAD),
          "back from the dead-letter queue: " + name(body));
      check(
          !queue.equals(WORK) || got.receiveCount() <= RECEIVES_MAX,
          "received more often than the redrive policy allows: " + name(body));
    }
    check(
        got.receiveCount() <= message.receives + repliesLost + 1,
        "a receive count of " + got.receiveCount() + " after " + message.receives + " receives");
    boolean leased = nowMs < message.leasedUntilMs && message.leasedInRun == start;
    check(!leased, "received while it was leased: " + name(body));
    receivedAgain += message.receives > 0 ? 1 : 0;
    message.receives++;
    message.unseenReceive = false;
    message.receipt = got.receiptHandle();
    message.receivedFrom = queue;
    message.leasedInRun = start;
    int seconds = queue.equals(PLAIN) ? 0 : VISIBILITY_SECONDS;
    message.leasedUntilMs = nowMs + seconds * 1_000L;
  }

  private @Nullable Message anyReceived() {
    List<Message> candidates = new ArrayList<>();
    for (Message message : messages.values()) {
      if (!message.receipt.isEmpty() && !message.goneForSure) {
        candidates.add(message);
      }
    }
    return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
  }

  private void delete() {
    Message message = anyReceived();
    if (message == null) {
      return;
    }
    QueueName queue = message.receivedFrom;
    String receipt = message.receipt;
    boolean mayHaveMoved = queue.equals(WORK);
    message.maybeGone = true;
    boolean otherRun = message.leasedInRun != start;
    ask(
        new Request.DeleteMessage(Caller.LOCAL, queue, receipt),
        () -> unknownDeletes++,
        reply -> {
          if (isError(reply, ErrorCode.QUEUE_DOES_NOT_EXIST)
              || isError(reply, ErrorCode.RECEIPT_HANDLE_IS_INVALID)) {
            check(queue.equals(FLEETING), "a delete from " + queue + " was answered " + reply);
            return;
          }
          check(reply instanceof Reply.Done, "a delete was answered " + reply);
          if (receipt.equals(message.receipt) && !mayHaveMoved && !message.unseenReceive) {
            message.goneForSure = true;
            deletesByLostReceipt += otherRun ? 1 : 0;
          }
        });
  }

  private void changeVisibility() {
    Message message = anyReceived();
    if (message == null) {
      return;
    }
    int seconds = random.nextInt(40);
    message.leasedUntilMs = Math.min(message.leasedUntilMs, nowMs + seconds * 1_000L);
    ask(
        new Request.ChangeMessageVisibility(
            Caller.LOCAL, message.receivedFrom, message.receipt, seconds),
        () -> {},
        reply -> {});
  }

  private void setVisibilityOfPlain() {
    int seconds = 5 + random.nextInt(30);
    visibilityMaybe.add(seconds);
    ask(
        new Request.SetQueueAttributes(Caller.LOCAL, PLAIN, visibility(seconds)),
        () -> {},
        reply -> {
          check(reply instanceof Reply.Done, "setting attributes was answered " + reply);
          visibilityOfPlain = seconds;
          visibilityMaybe.remove(seconds);
        });
  }

  private void purge() {
    if (nowMs < purgeAllowedAtMs) {
      return;
    }
    purgeAllowedAtMs = nowMs + 61_000;
    List<Message> there = new ArrayList<>();
    for (Message message : messages.values()) {
      if (message.queue.equals(PLAIN)) {
        there.add(message);
        message.maybeGone = true;
      }
    }
    ask(
        new Request.PurgeQueue(Caller.LOCAL, PLAIN),
        () -> {},
        reply -> {
          check(
              reply instanceof Reply.Done || isError(reply, ErrorCode.PURGE_QUEUE_IN_PROGRESS),
              "a purge was answered " + reply);
          if (reply instanceof Reply.Done) {
            purges++;
            there.forEach(message -> message.goneForSure = true);
          }
        });
  }

  private void deleteOrRemakeFleeting() {
    if (fleetingUnsure) {
      return;
    }
    fleetingUnsure = true;
    if (fleetingExists) {
      for (Message message : messages.values()) {
        message.maybeGone |= message.queue.equals(FLEETING);
      }
      List<Message> there =
          messages.values().stream().filter(each -> each.queue.equals(FLEETING)).toList();
      long askedAtMs = nowMs;
      ask(
          new Request.DeleteQueue(Caller.LOCAL, FLEETING),
          () -> {},
          reply -> {
            check(reply instanceof Reply.Done, "deleting a queue was answered " + reply);
            queueDeletions++;
            fleetingUnsure = false;
            fleetingExists = false;
            fleetingDeletedAtMs = askedAtMs;
            there.forEach(message -> message.goneForSure = true);
          });
    } else {
      ask(
          new Request.CreateQueue(Caller.LOCAL, FLEETING, visibility(VISIBILITY_SECONDS)),
          () -> {},
          reply -> {
            fleetingUnsure = false;
            if (isError(reply, ErrorCode.QUEUE_DELETED_RECENTLY)) {
              check(nowMs - fleetingDeletedAtMs <= 61_000, "the cool-down does not end");
              return;
            }
            check(reply instanceof Reply.QueueNamed, "making a queue was answered " + reply);
            check(nowMs - fleetingDeletedAtMs >= 60_000, "a queue was remade in its cool-down");
            fleetingExists = true;
          });
    }
  }

  private void create(QueueName queue, Map<QueueAttribute, String> attributes) {
    ask(
        new Request.CreateQueue(Caller.LOCAL, queue, attributes),
        () -> {
          throw new AssertionError("no crash was due yet");
        },
        reply -> check(reply instanceof Reply.QueueNamed, "CreateQueue was answered " + reply));
  }

  private void counts(QueueName queue) {
    ask(new Request.GetQueueAttributes(Caller.LOCAL, queue), () -> {}, reply -> {});
  }

  private static Map<QueueAttribute, String> visibility(int seconds) {
    Map<QueueAttribute, String> attributes = new LinkedHashMap<>();
    attributes.put(QueueAttribute.VISIBILITY_TIMEOUT, Integer.toString(seconds));
    return attributes;
  }

  // ------------------------------------------------------------------------------------- judging

  private Reply now(Request request) {
    CompletableFuture<Reply> future = shard.submit(request);
    for (int turns = 0; turns < 1_000 && !future.isDone(); turns++) {
      shard.turn(nowMs);
      work(10);
    }
    check(future.isDone(), "no answer to " + request);
    return future.join();
  }

  private void checkCatalogue() {
    Reply state = now(new Request.GetQueueAttributes(Caller.LOCAL, PLAIN));
    check(state instanceof Reply.QueueState, "a queue is gone after recovery: " + state);
    int seconds = ((Reply.QueueState) state).attributes().visibilitySeconds();
    check(
        seconds == visibilityOfPlain || visibilityMaybe.contains(seconds),
        "an attribute acknowledged as " + visibilityOfPlain + " is " + seconds);
    visibilityOfPlain = seconds;
    visibilityMaybe.clear();
    Reply fleeting = now(new Request.GetQueueUrl(Caller.LOCAL, FLEETING));
    boolean exists = fleeting instanceof Reply.QueueNamed;
    check(
        fleetingUnsure || exists == fleetingExists,
        "a queue was " + (fleetingExists ? "there" : "deleted") + ", and now: " + fleeting);
    if (fleetingUnsure && exists != fleetingExists && !exists) {
      fleetingDeletedAtMs = nowMs - 60_000; // some time before
    }
    fleetingExists = exists;
    fleetingUnsure = false;
  }

  private long held(QueueName queue) {
    Reply reply = now(new Request.GetQueueAttributes(Caller.LOCAL, queue));
    if (reply instanceof Reply.QueueState state) {
      return state.visible() + state.inFlight() + state.delayed();
    }
    check(queue.equals(FLEETING), queue + " is gone");
    return 0;
  }

  /** Receives and deletes whatever is left, and accounts for every message. */
  private void drain() {
    for (int turns = 0; turns < 40; turns++) {
      nowMs += 500; // waiting polls give up
      turn();
      work(10);
    }
    Set<String> found = new LinkedHashSet<>();
    for (int round = 0; round < 4; round++) {
      nowMs += 60_000; // delays and leases have ended
      for (QueueName queue : QUEUES) {
        long held = held(queue);
        long drained = 0;
        long movedBefore = counters.movedToDeadLetter.get();
        while (true) {
          Reply reply = now(new Request.ReceiveMessage(Caller.LOCAL, queue, 10, 0, 600));
          if (!(reply instanceof Reply.MessagesReceived received)) {
            break;
          }
          if (received.messages().isEmpty()) {
            break;
          }
          for (ReceivedMessage message : received.messages()) {
            received(queue, message);
            String body = new String(message.body(), StandardCharsets.UTF_8);
            check(found.add(body), "twice in the end: " + name(body));
            drained++;
            Reply deleted =
                now(new Request.DeleteMessage(Caller.LOCAL, queue, message.receiptHandle()));
            check(deleted instanceof Reply.Done, "a delete was answered " + deleted);
          }
        }
        long moved = counters.movedToDeadLetter.get() - movedBefore;
        check(
            drained + moved == held,
            queue + " said it held " + held + ", gave " + drained + " and moved " + moved);
      }
    }
    for (QueueName queue : QUEUES) {
      check(held(queue) == 0, queue + " holds " + held(queue) + " after the drain");
    }
    for (Message message : messages.values()) {
      boolean mustBeThere = message.sent == Fate.YES && !message.maybeGone;
      check(!mustBeThere || found.contains(message.body), "lost: " + name(message.body));
    }
    checkpoints += counters.checkpoints.get();
    segmentsDropped += counters.segmentsDropped.get();
    carriedForward += counters.carriedForward.get();
    check(shard.failure() == null, "the shard says it failed: " + shard.failure());
  }

  private static String name(String body) {
    return body.substring(0, body.indexOf('-', "message-".length()));
  }

  private static boolean isError(Reply reply, ErrorCode code) {
    return reply instanceof Reply.Failed failed && failed.error().code() == code;
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("seed " + seed + ", run " + start + ": " + what);
    }
  }
}
