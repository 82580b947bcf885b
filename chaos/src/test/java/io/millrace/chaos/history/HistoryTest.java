package io.millrace.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  private static final Origin ORIGIN = new Origin(123_456_789, 1_700_000_000_000L);

  @TempDir private Path directory = Path.of("unset");

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    long seed = System.nanoTime();
    List<Entry> written = new ArrayList<>();
    Random random = new Random(seed);
    try (HistoryWriter writer = HistoryWriter.create(directory, 7, ORIGIN)) {
      long atNs = 0;
      for (int i = 0; i < 2_000; i++) {
        atNs += random.nextInt(1_000);
        Entry entry = randomEntry(7, atNs, random);
        written.add(entry);
        writer.append(entry);
      }
    }

    try (HistoryReader reader = HistoryReader.open(directory.resolve("session-007.history"))) {
      assertThat(readAll(reader)).as("seed %d", seed).isEqualTo(written);
      assertThat(reader.whole()).isTrue();
      assertThat(reader.origin()).isEqualTo(ORIGIN);
      assertThat(reader.session()).isEqualTo(7);
    }
  }

  @Test
  void logCutAnywhereIsReadUpToTheCutAndSaysSo() throws IOException {
    Random random = new Random(5);
    List<Entry> written = new ArrayList<>();
    try (HistoryWriter writer = HistoryWriter.create(directory, 0, ORIGIN)) {
      for (int i = 0; i < 4; i++) {
        written.add(randomEntry(0, i, random));
        writer.append(written.get(i));
      }
    }
    Path file = directory.resolve("session-000.history");
    byte[] whole = Files.readAllBytes(file);

    for (int length = EntryCodec.FILE_HEAD_BYTES; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (HistoryReader reader = HistoryReader.open(file)) {
        List<Entry> read = readAll(reader);
        assertThat(read).isEqualTo(written.subList(0, read.size()));
        assertThat(reader.whole()).as("cut at %d of %d", length, whole.length).isFalse();
      }
    }
  }

  @Test
  void damagedRecordEndsTheLogAndSaysSo() throws IOException {
    try (HistoryWriter writer = HistoryWriter.create(directory, 0, ORIGIN)) {
      for (int i = 0; i < 3; i++) {
        writer.append(new Entry.Event(0, i, i, EventKind.KILL_PLANNED, "at " + i));
      }
    }
    Path file = directory.resolve("session-000.history");
    byte[] bytes = Files.readAllBytes(file);
    int lastOfFirst = EntryCodec.FILE_HEAD_BYTES + EntryCodec.RECORD_HEAD_BYTES + 20;
    bytes[lastOfFirst] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    try (HistoryReader reader = HistoryReader.open(file)) {
      assertThat(readAll(reader)).isEmpty();
      assertThat(reader.whole()).isFalse();
    }
  }

  @Test
  void logsOfSeveralSessionsMergeInTheOrderOfCompletion() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Entry> all = new ArrayList<>();
    for (int session = 0; session < 5; session++) {
      try (HistoryWriter writer = HistoryWriter.create(directory, session, ORIGIN)) {
        long atNs = 0;
        for (int i = 0; i < 200; i++) {
          atNs += random.nextInt(50);
          Entry entry = randomEntry(session, atNs, random);
          all.add(entry);
          writer.append(entry);
        }
      }
    }

    List<Entry> merged = new ArrayList<>();
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        merged.add(next.get());
        next = history.next();
      }
      assertThat(history.cutLogs()).isEmpty();
    }

    assertThat(merged).as("seed %d", seed).hasSameElementsAs(all).hasSameSizeAs(all);
    assertThat(merged.stream().map(Entry::returnedNs).toList()).isSorted();
  }

  @Test
  void entryThatReturnedBeforeTheLastIsRefused() throws IOException {
    try (HistoryWriter writer = HistoryWriter.create(directory, 0, ORIGIN)) {
      writer.append(new Entry.Event(0, 5, 9, EventKind.KILL, ""));

      assertThatThrownBy(() -> writer.append(new Entry.Event(0, 5, 8, EventKind.KILL, "")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void fileThatIsNoLogIsRefused() throws IOException {
    Path file = directory.resolve("session-000.history");
    Files.writeString(file, "this is a file of some other kind, long enough for a head");

    assertThatThrownBy(() -> HistoryReader.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no history log");
  }

  @Test
  void logOfALaterVersionIsRefused() throws IOException {
    HistoryWriter.create(directory, 0, ORIGIN).close();
    Path file = directory.resolve("session-000.history");
    byte[] bytes = Files.readAllBytes(file);
    bytes[9] = 3;
    Files.write(file, bytes);

    assertThatThrownBy(() -> HistoryReader.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 3");
  }

  @Test
  void logOfTheFirstVersionIsStillRead() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(512);
    bytes.put(EntryCodec.MAGIC).putShort((short) 1).putShort((short) 0).putInt(3);
    bytes.putLong(ORIGIN.nanoTime()).putLong(ORIGIN.wallClockMs());
    ByteBuffer send = headOfVersion1(1, 10, 20);
    send.putLong(7).putLong(8).putLong(9).putInt(0).putLong(1).putLong(2).put((byte) 1);
    putRecord(send, bytes);
    ByteBuffer receive = headOfVersion1(2, 30, 40);
    receive.putInt(1_000).putInt(5_000).put((byte) 10).put((byte) 0);
    putRecord(receive, bytes);
    ByteBuffer delete = headOfVersion1(3, 50, 60);
    delete.putLong(7).putLong(5).putLong(6).putInt(2);
    putRecord(delete, bytes);
    putRecord(ByteBuffer.allocate(1).put((byte) 5), bytes);
    Path file = directory.resolve("session-003.history");
    Files.write(file, Arrays.copyOf(bytes.array(), bytes.position()));

    try (HistoryReader reader = HistoryReader.open(file)) {
      assertThat(readAll(reader))
          .containsExactly(
              new Entry.Send(3, 10, 20, Ending.OK, "", 7, 8, 9, 0, new Fingerprint(1, 2), true),
              new Entry.Receive(3, 30, 40, Ending.OK, "", 1_000, 5_000, 10, List.of()),
              new Entry.Delete(3, 50, 60, Ending.OK, "", 7, new Fingerprint(5, 6), 2));
      assertThat(reader.whole()).isTrue();
    }
    assertThat(HistoryReader.longestNs(file)).isEmpty();
  }

  @Test
  void longestOperationIsKnownBeforeTheFirstEntryIsRead() throws IOException {
    for (int session = 0; session < 2; session++) {
      try (HistoryWriter writer = HistoryWriter.create(directory, session, ORIGIN)) {
        writer.append(
            new Entry.Purge(session, 100, 150 + session, Ending.OK, "", Entry.FIRST_QUEUE));
        writer.append(new Entry.Event(session, 0, 9_000, EventKind.DRAINED, "no operation"));
      }
    }

    try (MergedHistory history = MergedHistory.open(directory)) {
      assertThat(history.longestNs()).hasValue(51);
    }
    Path cut = directory.resolve("session-001.history");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
    try (MergedHistory history = MergedHistory.open(directory)) {
      assertThat(history.longestNs()).isEmpty();
    }
  }

  @Test
  void historyInMemoryWritesTheLogItWouldHaveBeen() throws IOException {
    Random random = new Random(11);
    MemoryHistory memory = new MemoryHistory();
    MemoryHistory twin = new MemoryHistory();
    for (int i = 0; i < 300; i++) {
      Entry entry = randomEntry(i % 7, i, random);
      memory.append(entry);
      twin.append(entry);
    }
    memory.write(directory, ORIGIN);

    try (HistoryReader reader = HistoryReader.open(directory.resolve("session-000.history"))) {
      assertThat(readAll(reader)).isEqualTo(memory.entries());
    }
    assertThat(twin.toBytes()).isEqualTo(memory.toBytes());
    twin.append(new Entry.Event(0, 400, 400, EventKind.QUIET, ""));
    assertThat(twin.toBytes()).isNotEqualTo(memory.toBytes());
    assertThatThrownBy(() -> memory.append(new Entry.Event(0, 1, 1, EventKind.QUIET, "")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longTextIsCutBetweenCharacters() throws IOException {
    try (HistoryWriter writer = HistoryWriter.create(directory, 0, ORIGIN)) {
      writer.append(new Entry.Event(0, 1, 1, EventKind.QUIET, "a" + "ö".repeat(2_000)));
    }

    try (HistoryReader reader = HistoryReader.open(directory.resolve("session-000.history"))) {
      assertThat(readAll(reader))
          .containsExactly(new Entry.Event(0, 1, 1, EventKind.QUIET, "a" + "ö".repeat(511)));
    }
  }

  private static ByteBuffer headOfVersion1(int kind, long invokedNs, long returnedNs) {
    return ByteBuffer.allocate(256)
        .put((byte) kind)
        .put((byte) 0)
        .putInt(3)
        .putLong(invokedNs)
        .putLong(returnedNs)
        .putShort((short) 0);
  }

  private static void putRecord(ByteBuffer record, ByteBuffer out) {
    record.flip();
    CRC32C crc = new CRC32C();
    crc.update(record.duplicate());
    out.putInt(record.remaining()).putInt((int) crc.getValue()).put(record);
  }

  @Test
  void fingerprintOfAUuidIsTheUuid() {
    String uuid = UUID.nameUUIDFromBytes(new byte[] {1}).toString();

    assertThat(Fingerprint.of(uuid)).hasToString(uuid);
    assertThat(Fingerprint.of("some handle")).isEqualTo(Fingerprint.of("some handle"));
    assertThat(Fingerprint.of("some handle")).isNotEqualTo(Fingerprint.of("some handlf"));
  }

  private static List<Entry> readAll(HistoryReader reader) throws IOException {
    List<Entry> read = new ArrayList<>();
    Optional<Entry> next = reader.next();
    while (next.isPresent()) {
      read.add(next.get());
      next = reader.next();
    }
    return read;
  }

  private static Entry randomEntry(int session, long returnedNs, Random random) {
    long invokedNs = returnedNs - random.nextInt(10_000);
    Ending ending = Ending.ofCode(random.nextInt(3));
    String reason = ending == Ending.OK ? "" : "Grund ".repeat(random.nextInt(4));
    return switch (random.nextInt(11)) {
      case 0 ->
          new Entry.Send(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              random.nextInt(1_000_000),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(900_000),
              ending == Ending.OK ? fingerprint(random) : Fingerprint.NONE,
              random.nextBoolean(),
              random.nextInt(5),
              random.nextInt(5));
      case 1 -> {
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = random.nextInt(11); i > 0; i--) {
          EnumSet<Damage> damage = EnumSet.allOf(Damage.class);
          damage.removeIf(each -> random.nextInt(3) > 0);
          deliveries.add(
              new Delivery(
                  random.nextInt(1_000) - 1L,
                  fingerprint(random),
                  fingerprint(random),
                  random.nextInt(1_000),
                  random.nextLong(),
                  random.nextLong(),
                  damage));
        }
        yield new Entry.Receive(
            session,
            invokedNs,
            returnedNs,
            ending,
            reason,
            random.nextInt(20_001),
            random.nextInt(43_200_001),
            10,
            deliveries,
            random.nextInt(5));
      }
      case 2 ->
          new Entry.Delete(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              random.nextInt(1_000) - 1L,
              fingerprint(random),
              random.nextInt(5),
              random.nextInt(5));
      case 3 ->
          new Entry.Visibility(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              random.nextInt(1_000) - 1L,
              fingerprint(random),
              random.nextInt(43_200_001),
              random.nextInt(5),
              random.nextInt(5));
      case 4 ->
          new Entry.Batch(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              random.nextInt(5),
              1 + random.nextInt(1_000_000),
              random.nextInt(256),
              random.nextInt(256),
              random.nextInt(256),
              random.nextInt(256),
              random.nextInt(256));
      case 5 -> new Entry.Purge(session, invokedNs, returnedNs, ending, reason, random.nextInt(5));
      case 6 ->
          new Entry.Counts(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              random.nextInt(5),
              random.nextLong(),
              random.nextLong(),
              random.nextLong());
      case 7 ->
          new Entry.Queue(
              session,
              invokedNs,
              returnedNs,
              ending,
              reason,
              Entry.QueueChange.ofCode(1 + random.nextInt(3)),
              random.nextInt(5),
              "queue " + random.nextInt(),
              random.nextBoolean()
                  ? QueueSettings.DEFAULTS
                  : QueueSettings.DEFAULTS.withDeadLetters(random.nextInt(5), 3));
      case 8 ->
          new Entry.Target(
              session,
              returnedNs,
              "target " + random.nextInt(),
              Survival.ofCode(random.nextInt(4)));
      case 9 ->
          new Entry.Fault(
              session,
              invokedNs,
              returnedNs,
              random.nextInt(),
              EnumSet.allOf(FaultKind.class).stream()
                  .skip(random.nextInt(FaultKind.values().length))
                  .findFirst()
                  .orElseThrow(),
              FaultPhase.ofCode(1 + random.nextInt(4)),
              random.nextInt(5) - 1,
              fingerprint(random),
              "target",
              "detail " + random.nextInt());
      default ->
          new Entry.Event(session, invokedNs, returnedNs, EventKind.KILL, "pid " + returnedNs);
    };
  }

  private static Fingerprint fingerprint(Random random) {
    return new Fingerprint(random.nextLong(), random.nextLong());
  }
}
