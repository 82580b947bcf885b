package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every journal does; each implementation's test class runs all of it. */
abstract class JournalContract {

  private final List<Journal> opened = new ArrayList<>();
  private final ReadBuffer buffer = new ReadBuffer();

  /** Opens a journal with small segments, of 256 KiB or so. */
  abstract Journal open() throws Exception;

  /** Opens again what {@link #open} made, after a clean close or as if the process was killed. */
  abstract Journal reopen(Journal last) throws Exception;

  final Journal opened(Journal journal) {
    opened.add(journal);
    return journal;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Journal::close);
    stop();
  }

  /** Releases what the journals ran on, after they are closed. */
  void stop() {}

  @Test
  void readsBackWhatWasAppended() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new Records(7).append(journal, 500, 3_000);
    for (Written each : written) {
      assertThat(Records.bytes(journal.read(each.position(), buffer))).isEqualTo(each.body());
    }
  }

  @Test
  void takesRecordsOfEverySizeUpToTheLargest() throws Exception {
    Journal journal = opened(open());
    Random random = new Random(11);
    List<Written> written = new ArrayList<>();
    for (int bytes : new int[] {1, 2, 3, 4, 5, 4095, 4096, 4097, 1 << 20, 1, 70_000}) {
      written.add(Records.append(journal, Records.random(random, bytes)));
    }
    written.add(Records.append(journal, Records.random(random, Journal.RECORD_BYTES_MAX)));
    written.add(Records.append(journal, Records.random(random, 1)));
    journal.force();
    assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
    for (Written each : written) {
      assertThat(Records.bytes(journal.read(each.position(), buffer))).isEqualTo(each.body());
    }
  }

  @Test
  void refusesAnEmptyAndAnOversizeRecordAndGoesOn() throws Exception {
    Journal journal = opened(open());
    assertThatThrownBy(() -> journal.append(ByteBuffer.allocate(0), Space.NORMAL))
        .isInstanceOf(IllegalArgumentException.class);
    ByteBuffer oversize = ByteBuffer.allocate(Journal.RECORD_BYTES_MAX + 1);
    assertThatThrownBy(() -> journal.append(oversize, Space.NORMAL))
        .isInstanceOf(IllegalArgumentException.class);
    Written written = Records.append(journal, new byte[] {1});
    assertThat(Records.replay(journal)).containsExactly(written);
  }

  @Test
  void consumesTheBodyFromPositionToLimit() throws Exception {
    Journal journal = opened(open());
    ByteBuffer body = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}, 1, 3);
    long position = journal.append(body, Space.NORMAL);
    assertThat(body.remaining()).isZero();
    assertThat(Records.bytes(journal.read(position, buffer))).containsExactly(1, 2, 3);
  }

  @Test
  void positionsGrowAndEndAtTheTail() throws Exception {
    Journal journal = opened(open());
    long last = Journal.NO_POSITION;
    for (Written each : new Records(3).append(journal, 300, 5_000)) {
      assertThat(each.position()).isGreaterThan(last);
      last = each.position();
    }
    assertThat(journal.tailPosition()).isGreaterThan(last);
    Written next = Records.append(journal, new byte[] {9});
    assertThat(next.position()).isGreaterThan(last);
  }

  @Test
  void rollsThroughManySegmentsAndReplaysThemInOrder() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new Records(5).append(journal, 2_000, 2_000);
    assertThat(journal.segments()).hasSizeGreaterThan(5);
    assertThat(journal.segments()).extracting(Segment::number).isSorted();
    assertThat(Records.replay(journal)).containsExactlyElementsOf(written);
  }

  @Test
  void replaysFromARecordAndFromATail() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new ArrayList<>(new Records(5).append(journal, 400, 2_000));
    long tail = journal.tailPosition();
    written.addAll(new Records(6).append(journal, 400, 2_000));
    journal.force();
    assertThat(Records.replay(journal, tail)).containsExactlyElementsOf(written.subList(400, 800));
    assertThat(Records.replay(journal, written.get(123).position()))
        .containsExactlyElementsOf(written.subList(123, 800));
    assertThat(Records.replay(journal, journal.tailPosition())).isEmpty();
  }

  @Test
  void durablePositionFollowsForceAndNeverTheAppend() throws Exception {
    Journal journal = opened(open());
    assertThat(journal.durablePosition()).isZero();
    new Records(1).append(journal, 10, 100);
    assertThat(journal.durablePosition()).isLessThan(journal.tailPosition());
    assertThat(journal.unforcedBytes()).isPositive();
    assertThat(journal.force()).isEqualTo(journal.tailPosition());
    assertThat(journal.durablePosition()).isEqualTo(journal.tailPosition());
    assertThat(journal.unforcedBytes()).isZero();
  }

  @Test
  void positionsStayValidAcrossRestarts() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new ArrayList<>();
    for (int start = 0; start < 4; start++) {
      written.addAll(new Records(start).append(journal, 200, 3_000));
      if (start % 2 == 0) {
        journal.close();
      } else {
        journal.force();
      }
      journal = opened(reopen(journal));
      assertThat(Records.replay(journal)).as("start %d", start).containsExactlyElementsOf(written);
      journal.forceAll();
      assertThat(journal.durablePosition()).isEqualTo(journal.tailPosition());
    }
    for (Written each : written) {
      assertThat(Records.bytes(journal.read(each.position(), buffer))).isEqualTo(each.body());
    }
  }

  @Test
  void tellsACleanEndFromAKill() throws Exception {
    Journal journal = opened(open());
    new Records(2).append(journal, 20, 100);
    Journal killed = opened(reopen(journal));
    assertThat(killed.replay(0, (position, bytes, body) -> {}).ending())
        .isEqualTo(ReplayReport.Ending.OPEN);
    killed.forceAll();
    new Records(3).append(killed, 20, 100);
    killed.close();
    Journal closed = opened(reopen(killed));
    assertThat(closed.replay(0, (position, bytes, body) -> {}).ending())
        .isEqualTo(ReplayReport.Ending.CLEAN);
  }

  @Test
  void dropsSegmentsForGood() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new Records(5).append(journal, 1_000, 2_000);
    long before = journal.diskBytes();
    long dropped = journal.segments().get(1).number();
    journal.dropSegment(dropped);
    List<Written> rest =
        written.stream().filter(each -> Position.segment(each.position()) != dropped).toList();
    assertThat(rest).hasSizeLessThan(1_000);
    assertThat(Records.replay(journal)).containsExactlyElementsOf(rest);
    assertThat(journal.diskBytes()).isLessThan(before);
    long gone = Position.of(dropped, 4_096);
    assertThatThrownBy(() -> journal.read(gone, buffer)).isInstanceOf(DamagedRecordException.class);
    journal.close();
    Journal again = opened(reopen(journal));
    assertThat(Records.replay(again)).containsExactlyElementsOf(rest);
  }

  @Test
  void tellsWhetherItsBeginningWasDropped() throws Exception {
    Journal journal = opened(open());
    assertThat(journal.startPosition()).isZero();
    new Records(5).append(journal, 1_000, 2_000);
    journal.dropSegment(journal.segments().get(1).number());
    assertThat(journal.startPosition()).isZero();
    journal.dropSegment(journal.segments().get(0).number());
    assertThat(journal.startPosition())
        .isEqualTo(Position.of(journal.segments().get(0).number(), 0));
  }

  @Test
  void neverDropsTheActiveSegment() throws Exception {
    Journal journal = opened(open());
    Records.append(journal, new byte[] {1});
    assertThatThrownBy(() -> journal.dropSegment(journal.activeSegment()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scansOneSegment() throws Exception {
    Journal journal = opened(open());
    List<Written> written = new Records(5).append(journal, 1_000, 2_000);
    for (Segment segment : journal.segments()) {
      List<Written> found = new ArrayList<>();
      ReplayReport report = journal.scanSegment(segment.number(), Records.into(found));
      assertThat(report.damaged()).isEmpty();
      assertThat(found)
          .containsExactlyElementsOf(
              written.stream()
                  .filter(each -> Position.segment(each.position()) == segment.number())
                  .toList());
    }
  }

  @Test
  void namesAPlaceWhereNoRecordBegins() throws Exception {
    Journal journal = opened(open());
    Written written = Records.append(journal, new byte[500]);
    assertThatThrownBy(() -> journal.read(written.position() + 8, buffer))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessageContaining(Position.text(written.position() + 8));
  }
}
