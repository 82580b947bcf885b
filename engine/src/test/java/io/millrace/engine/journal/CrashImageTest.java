package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.journal.ReplayReport.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a crash or a bad disk leaves, byte by byte: promised records survive or are named. */
class CrashImageTest {

  private static final JournalConfig SMALL = JournalConfig.forced(256 << 10, 32 << 10, 64 << 20);

  private final List<Journal> opened = new ArrayList<>();
  private final ReadBuffer buffer = new ReadBuffer();
  private int images;

  @TempDir Path directory;

  @AfterEach
  void closeAll() {
    opened.forEach(Journal::close);
  }

  private Path root() {
    return directory.resolve("journal");
  }

  private Path image() throws IOException {
    return DiskImage.copy(root(), directory.resolve("image" + images++));
  }

  private Journal open(Path root) {
    Journal journal = ChronicleJournal.open(root, SMALL, new FileStorage(), Runnable::run);
    opened.add(journal);
    return journal;
  }

  /** How a tail that was never promised can look after a power cut. */
  enum Tear {
    ZEROED_PAGE {
      @Override
      void apply(Path file, long from, long to) throws IOException {
        DiskImage.zeroPage(file, (from + to) / 2 / DiskImage.PAGE_BYTES);
      }
    },
    CUT {
      @Override
      void apply(Path file, long from, long to) throws IOException {
        DiskImage.truncate(file, (from + to) / 2);
      }
    },
    GARBAGE {
      @Override
      void apply(Path file, long from, long to) throws IOException {
        DiskImage.overwrite(file, (from + to) / 2, Records.random(new Random(4), 3_000));
      }
    },
    ONE_FLIPPED_BIT {
      @Override
      void apply(Path file, long from, long to) throws IOException {
        long at = (from + to) / 2;
        byte old = DiskImage.head(file)[(int) at];
        DiskImage.overwrite(file, at, new byte[] {(byte) (old ^ 16)});
      }
    };

    abstract void apply(Path file, long from, long to) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aTornTailEndsTheLogAndNeverComesBack(Tear tear) throws Exception {
    Journal journal = open(root());
    List<Written> durable = new Records(1).append(journal, 20, 2_000);
    long from = Position.offset(journal.force());
    List<Written> all = new ArrayList<>(durable);
    all.addAll(new Records(2).append(journal, 60, 2_000));
    long to = Position.offset(journal.tailPosition());
    Path image = image();
    tear.apply(DiskImage.segment(image, 1), from, to);

    Journal after = open(image);
    List<Written> found = new ArrayList<>();
    ReplayReport report = after.replay(0, Records.into(found));
    assertThat(report.damaged()).isEmpty();
    assertThat(report.ending()).isEqualTo(Ending.TORN);
    assertThat(found).hasSizeBetween(20, 79).isEqualTo(all.subList(0, found.size()));

    // The records behind the tear are intact on disk; a new start must not revive them.
    after.forceAll();
    found.addAll(new Records(3).append(after, 30, 2_000));
    after.force();
    Journal again = open(image);
    assertThat(Records.replay(again)).containsExactlyElementsOf(found);
    again.forceAll();
    found.addAll(new Records(4).append(again, 1, 2_000));
    again.close();
    assertThat(Records.replay(open(image))).containsExactlyElementsOf(found);
  }

  /** Of one segment; a cut would leave no later record in it, so that is for the next test. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUT")
  void damageBeforeADurableMarkIsNamedAndTheRestServed(Tear tear) throws Exception {
    Journal journal = open(root());
    List<Written> all = new ArrayList<>(new Records(1).append(journal, 60, 2_000));
    journal.force();
    all.addAll(new Records(2).append(journal, 5, 2_000));
    Path image = image();
    Written hit = all.get(30);
    long at = Position.offset(hit.position());
    tear.apply(DiskImage.segment(image, 1), at, at + 200);

    assertThat(namedLosses(open(image), all)).contains(hit).hasSizeLessThan(10);
  }

  @ParameterizedTest
  @EnumSource
  void damageInAnEarlierSegmentIsNamedAndTheRestServed(Tear tear) throws Exception {
    Journal journal = open(root());
    List<Written> all = new Records(1).append(journal, 1_000, 2_000);
    journal.force();
    all.add(Records.append(journal, new byte[] {1}));
    Path image = image();
    Written hit =
        all.stream().filter(each -> Position.segment(each.position()) == 2).toList().get(100);
    long at = Position.offset(hit.position());
    tear.apply(DiskImage.segment(image, 2), at, at + 200);

    assertThat(namedLosses(open(image), all)).contains(hit);
  }

  /** Replays twice, across a restart, and returns the records that are missing and named. */
  private List<Written> namedLosses(Journal journal, List<Written> all) {
    List<Written> found = new ArrayList<>();
    ReplayReport report = journal.replay(0, Records.into(found));
    List<Written> missing = new ArrayList<>(all);
    missing.removeAll(found);
    assertThat(all).containsSubsequence(found);
    assertThat(report.damaged()).hasSize(1);
    ReplayReport.Damage damage = report.damaged().get(0);
    assertThat(missing)
        .isNotEmpty()
        .allMatch(
            each ->
                each.position() >= damage.fromPosition() && each.position() < damage.toPosition());
    assertThat(damage.toString()).contains(damage.file());
    for (Written each : missing) {
      assertThatThrownBy(() -> journal.read(each.position(), buffer))
          .isInstanceOf(DamagedRecordException.class);
    }
    List<Written> again = new ArrayList<>();
    assertThat(journal.replay(0, Records.into(again)).damaged()).isEqualTo(report.damaged());
    assertThat(again).isEqualTo(found);
    return missing;
  }

  @Test
  void aLostFirstPageBringsNoVoidRecordBack() throws Exception {
    Journal journal = open(root());
    List<Written> found = new ArrayList<>(new Records(1).append(journal, 20, 2_000));
    long from = Position.offset(journal.force());
    new Records(2).append(journal, 60, 2_000);
    Path image = image();
    Tear.ZEROED_PAGE.apply(
        DiskImage.segment(image, 1), from, Position.offset(journal.tailPosition()));
    Journal after = open(image);
    found.clear();
    after.replay(0, Records.into(found));
    after.forceAll();
    found.addAll(new Records(3).append(after, 30, 2_000));
    after.force();
    found.addAll(new Records(4).append(after, 3, 2_000));

    // The new segment's first page holds Chronicle's tables and the first copy of its opening.
    Path damaged = DiskImage.copy(image, directory.resolve("damaged"));
    DiskImage.zeroPage(DiskImage.segment(damaged, after.activeSegment()), 0);
    Journal again = open(damaged);
    List<Written> served = new ArrayList<>();
    ReplayReport report = again.replay(0, Records.into(served));
    assertThat(served).containsExactlyElementsOf(found);
    assertThat(report.damaged()).hasSize(1);
  }

  @Test
  void damageAfterACleanEndIsNamed() throws Exception {
    Journal journal = open(root());
    List<Written> all = new Records(1).append(journal, 60, 2_000);
    journal.close();
    Path image = image();
    long at = Position.offset(all.get(58).position()) + 20;
    DiskImage.overwrite(DiskImage.segment(image, 1), at, new byte[] {1, 2, 3, 4});
    assertThat(namedLosses(open(image), all)).containsExactly(all.get(58));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anyMixOfOldAndNewPagesKeepsThePromisedPrefix(int round) throws Exception {
    for (int seed = round * 1_000; seed < round * 1_000 + 15; seed++) {
      Path root = directory.resolve("seed" + seed);
      Random random = new Random(seed);
      Journal journal = open(root);
      List<Written> all = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        all.addAll(new Records(random.nextLong()).append(journal, random.nextInt(120), 3_000));
        if (!all.isEmpty()) {
          journal.force();
        }
      }
      Map<Path, byte[]> durable = heads(root);
      int promised = all.size();
      all.addAll(new Records(random.nextLong()).append(journal, random.nextInt(200), 3_000));
      Path image = mix(root, durable, random, directory.resolve("mix" + seed));

      Journal after = open(image);
      List<Written> found = new ArrayList<>();
      ReplayReport report = after.replay(0, Records.into(found));
      assertThat(report.damaged()).as("seed %d", seed).isEmpty();
      assertThat(found).as("seed %d", seed).hasSizeBetween(promised, all.size());
      assertThat(found).as("seed %d", seed).isEqualTo(all.subList(0, found.size()));
      after.forceAll();
      found.addAll(new Records(seed).append(after, 40, 3_000));
      after.force();
      assertThat(Records.replay(open(image))).as("seed %d", seed).isEqualTo(found);
      closeAll();
      opened.clear();
    }
  }

  private static Map<Path, byte[]> heads(Path root) throws IOException {
    Map<Path, byte[]> heads = new HashMap<>();
    for (Path file : DiskImage.files(root)) {
      heads.put(file, DiskImage.head(file));
    }
    return heads;
  }

  /** Each page as it was at the last force or as it is now, by chance. */
  private static Path mix(Path root, Map<Path, byte[]> durable, Random random, Path image)
      throws IOException {
    double newer = random.nextDouble();
    for (Path file : DiskImage.files(root)) {
      byte[] now = DiskImage.head(file);
      byte[] old = durable.getOrDefault(file, new byte[0]);
      for (int page = 0; page * DiskImage.PAGE_BYTES < now.length; page++) {
        if (random.nextDouble() > newer) {
          int from = page * DiskImage.PAGE_BYTES;
          int bytes = Math.min(DiskImage.PAGE_BYTES, now.length - from);
          byte[] before = new byte[bytes];
          if (from < old.length) {
            System.arraycopy(old, from, before, 0, Math.min(bytes, old.length - from));
          }
          System.arraycopy(before, 0, now, from, bytes);
        }
      }
      Path copy = image.resolve(root.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.write(copy, now);
    }
    return image;
  }
}
