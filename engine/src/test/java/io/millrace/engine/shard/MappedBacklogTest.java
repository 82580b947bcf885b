package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Position;
import io.millrace.engine.queue.Backlog;
import io.millrace.engine.queue.HeapBacklog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mapped backlog against the one on the heap, and its checkpoints against what they captured.
 */
@Timeout(120)
class MappedBacklogTest {

  private static final int SEEDS = 30;
  private static final int QUEUES = 3;
  private static final int SECONDS_OF_14_DAYS = 1_209_600;

  @TempDir Path directory;

  @Test
  void itAnswersAsTheHeapDoesAndEveryKeptCheckpointStaysAsCaptured() throws IOException {
    long first = Long.getLong("millrace.seed", 1);
    long last = Long.getLong("millrace.seed", SEEDS);
    int restored = 0;
    int compared = 0;
    for (long seed = first; seed <= last; seed++) {
      try {
        Model model = new Model(seed, Files.createDirectory(directory.resolve("seed-" + seed)));
        model.run(4_000);
        restored += model.restored;
        compared += model.checkpointsCompared;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }
    assertThat(restored).as("restores").isGreaterThan(SEEDS / 2);
    assertThat(compared).as("checkpoints compared with what they captured").isPositive();
  }

  /** One queue's two backlogs. */
  private static final class Pair {
    private MappedBacklog mapped;
    private HeapBacklog heap = new HeapBacklog();
    private final List<Long> held = new ArrayList<>();
    private long nextNumber = 1;

    private Pair(MappedBacklog mapped) {
      this.mapped = mapped;
    }
  }

  /** What a checkpoint captured of one queue: the table, and each message as it stood. */
  private record Captured(
      MappedBacklog.Table table, SortedMap<Long, String> facts, long nextNumber) {}

  private record Kept(int ordinal, List<Captured> queues) {}

  private static final class Model {
    private final SplittableRandom random;
    private final Path path;
    private BlockFile file;
    private SegmentTally shardLive = new SegmentTally();
    private final List<Pair> queues = new ArrayList<>();
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private int restored;
    private int checkpointsCompared;
    private long segment = 1;
    private int files;

    private Model(long seed, Path directory) throws IOException {
      random = new SplittableRandom(seed);
      path = directory;
      file = BlockFile.open(new FileStorage(), path.resolve("backlog-0"));
      for (int i = 0; i < QUEUES; i++) {
        queues.add(new Pair(new MappedBacklog(file, shardLive)));
      }
    }

    private void run(int steps) throws IOException {
      for (int step = 0; step < steps; step++) {
        Pair pair = queues.get(random.nextInt(QUEUES));
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> add(pair);
          case 4, 5 -> removeSome(pair);
          case 6, 7, 8 -> change(pair);
          case 9 -> compareSearch(pair);
          case 10 -> {
            if (random.nextInt(20) == 0) {
              checkpoint();
            }
          }
          default -> {
            if (random.nextInt(100) == 0) {
              pair.mapped.clear();
              pair.heap.clear();
              pair.held.clear();
            } else if (random.nextInt(30) == 0) {
              restart();
            }
          }
        }
      }
      queues.forEach(this::compare);
      compareTallies();
      restart();
    }

    private void add(Pair pair) {
      pair.nextNumber += random.nextInt(400) == 0 ? random.nextInt(600) : 0; // a damaged stretch
      segment += random.nextInt(200) == 0 ? 1 : 0;
      for (int i = random.nextInt(60); i >= 0; i--) {
        long number = pair.nextNumber++;
        int delay = random.nextInt(3) == 0 ? random.nextInt(901) : 0;
        Backlog.Arrival arrival =
            new Backlog.Arrival(
                number,
                Position.of(segment, 64 + random.nextInt(1 << 20)),
                100 + random.nextInt(1_000),
                random.nextLong(1L << 43),
                random.nextInt(3) == 0 ? random.nextInt(SECONDS_OF_14_DAYS + 1) : 0,
                random.nextLong(),
                random.nextInt(5) == 0 ? 1 + random.nextInt(9) : 0,
                delay);
        assertThat(file.ensureFree(BlockFile.RESERVE_BLOCKS)).isTrue();
        pair.mapped.add(arrival);
        pair.heap.add(arrival);
        pair.held.add(number);
      }
    }

    private void removeSome(Pair pair) {
      boolean inOrder = random.nextBoolean();
      for (int i = random.nextInt(100); i > 0 && !pair.held.isEmpty(); i--) {
        int at = inOrder ? 0 : random.nextInt(pair.held.size());
        long number = pair.held.remove(at);
        pair.mapped.remove(number);
        pair.heap.remove(number);
        assertThat(pair.mapped.holds(number)).isFalse();
      }
    }

    private void change(Pair pair) {
      if (pair.held.isEmpty()) {
        return;
      }
      long number = pair.held.get(random.nextInt(pair.held.size()));
      long other = random.nextLong(1L << 40);
      for (Backlog each : List.of(pair.mapped, pair.heap)) {
        SplittableRandom same = new SplittableRandom(other);
        switch (same.nextInt(5)) {
          case 0 -> each.setPlace(number, Backlog.Place.ofCode(same.nextInt(4)));
          case 1 -> each.setNext(number, other);
          case 2 -> each.setPrevious(number, other);
          case 3 -> each.setReceived(number, same.nextInt(1_000), same.nextInt(50), other);
          default -> each.setPosition(number, Position.of(segment, 64 + same.nextInt(999)), 300);
        }
      }
    }

    private void compareSearch(Pair pair) {
      long from = random.nextLong(pair.nextNumber + 2);
      long limit = from + random.nextInt(2_000);
      assertThat(pair.mapped.nextHeld(from, limit)).isEqualTo(pair.heap.nextHeld(from, limit));
    }

    private void compare(Pair pair) {
      assertThat(facts(pair.mapped, pair.nextNumber)).isEqualTo(facts(pair.heap, pair.nextNumber));
    }

    private void compareTallies() {
      long total = 0;
      for (Pair pair : queues) {
        for (long number : pair.held) {
          total += pair.heap.recordBytes(number);
        }
      }
      assertThat(shardLive.total()).isEqualTo(total);
    }

    private static SortedMap<Long, String> facts(Backlog backlog, long below) {
      SortedMap<Long, String> facts = new TreeMap<>();
      for (long n = backlog.nextHeld(0, below); n < below; n = backlog.nextHeld(n + 1, below)) {
        facts.put(
            n,
            backlog.position(n)
                + " "
                + backlog.recordBytes(n)
                + " "
                + backlog.sentAtMs(n)
                + " "
                + backlog.elsewhereSeconds(n)
                + " "
                + backlog.idLow(n)
                + " "
                + backlog.origin(n)
                + " "
                + backlog.delaySeconds(n)
                + " "
                + backlog.place(n)
                + " "
                + backlog.next(n)
                + " "
                + backlog.previous(n)
                + " "
                + backlog.receiveCount(n)
                + " "
                + backlog.lastStart(n)
                + " "
                + backlog.firstReceivedAtMs(n));
      }
      return facts;
    }

    /** Queues are captured one after the other, with changes in between. */
    private void checkpoint() throws IOException {
      while (file.roomForCheckpoint() == BlockFile.Room.GROWING) {
        // a step at a time
      }
      int ordinal = file.beginCheckpoint();
      List<Captured> captured = new ArrayList<>();
      for (Pair pair : queues) {
        captured.add(
            new Captured(
                pair.mapped.capture(), facts(pair.heap, pair.nextNumber), pair.nextNumber));
        Pair other = queues.get(random.nextInt(QUEUES));
        add(other);
        change(other);
        removeSome(other);
      }
      file.endCapture();
      if (random.nextInt(6) == 0) {
        return; // it could not be written
      }
      file.force();
      kept.add(new Kept(ordinal, captured));
      while (kept.size() > 2) {
        kept.remove();
      }
      file.oldestKept(kept.getFirst().ordinal());
    }

    /** The process ends; what no kept checkpoint names may have come to anything on disk. */
    private void restart() throws IOException {
      if (kept.isEmpty()) {
        return;
      }
      boolean newestDamaged = kept.size() == 2 && random.nextInt(4) == 0;
      Kept from = newestDamaged ? kept.getFirst() : kept.getLast();
      if (newestDamaged) {
        kept.removeLast();
      }
      Path image = path.resolve("backlog-" + ++files);
      copyWithNoise(image);
      file = BlockFile.open(new FileStorage(), image);
      shardLive = new SegmentTally();
      for (int i = 0; i < QUEUES; i++) {
        Captured captured = from.queues().get(i);
        for (int block : captured.table().blocks()) {
          if (block != BlockFile.NO_BLOCK) {
            assertThat(file.reaches(block)).isTrue();
            file.adopt(block);
          }
        }
      }
      for (int i = 0; i < QUEUES; i++) {
        Captured captured = from.queues().get(i);
        Pair pair = queues.get(i);
        pair.mapped = new MappedBacklog(file, shardLive);
        MappedBacklog.Table table = captured.table();
        pair.mapped.restore(
            new MappedBacklog.Table(
                table.firstRow(),
                table.blocks().clone(),
                table.held().clone(),
                table.origins().clone(),
                table.live().clone()));
        assertThat(facts(pair.mapped, captured.nextNumber()))
            .as("checkpoint " + from.ordinal() + " as captured")
            .isEqualTo(captured.facts());
        checkpointsCompared++;
        pair.heap = heapOf(pair.mapped, captured.nextNumber());
        pair.nextNumber = captured.nextNumber();
        pair.held.clear();
        pair.held.addAll(captured.facts().keySet());
      }
      if (kept.size() == 2) {
        for (Captured queue : kept.getFirst().queues()) {
          for (int block : queue.table().blocks()) {
            if (block != BlockFile.NO_BLOCK) {
              file.adoptReleased(block, kept.getFirst().ordinal());
            }
          }
        }
      }
      file.resumeAt(from.ordinal());
      restored++;
      compareTallies();
    }

    private static HeapBacklog heapOf(MappedBacklog mapped, long below) {
      HeapBacklog heap = new HeapBacklog();
      for (long n = mapped.nextHeld(0, below); n < below; n = mapped.nextHeld(n + 1, below)) {
        heap.add(
            new Backlog.Arrival(
                n,
                mapped.position(n),
                mapped.recordBytes(n),
                mapped.sentAtMs(n),
                mapped.elsewhereSeconds(n),
                mapped.idLow(n),
                mapped.origin(n),
                mapped.delaySeconds(n)));
        heap.setPlace(n, mapped.place(n));
        heap.setNext(n, mapped.next(n));
        heap.setPrevious(n, mapped.previous(n));
        heap.setReceived(
            n, mapped.receiveCount(n), mapped.lastStart(n), mapped.firstReceivedAtMs(n));
      }
      return heap;
    }

    private void copyWithNoise(Path image) throws IOException {
      BitSet named = new BitSet();
      for (Kept each : kept) {
        for (Captured queue : each.queues()) {
          for (int block : queue.table().blocks()) {
            named.set(block);
          }
        }
      }
      byte[] noise = new byte[BlockFile.BLOCK_BYTES];
      Arrays.fill(noise, (byte) 0xA5);
      try (RandomAccessFile from =
              new RandomAccessFile(path.resolve("backlog-" + (files - 1)).toFile(), "r");
          RandomAccessFile to = new RandomAccessFile(image.toFile(), "rw")) {
        byte[] block = new byte[BlockFile.BLOCK_BYTES];
        int end = Math.max(named.length(), 1);
        for (int i = 1; i < end; i++) {
          to.seek((long) i * BlockFile.BLOCK_BYTES);
          if (named.get(i)) {
            from.seek((long) i * BlockFile.BLOCK_BYTES);
            from.readFully(block);
            to.write(block);
          } else {
            to.write(noise);
          }
        }
        // The length may be any from the last named block on.
        to.setLength(
            (long) end * BlockFile.BLOCK_BYTES + random.nextInt(3 * BlockFile.BLOCK_BYTES));
      }
    }
  }
}
