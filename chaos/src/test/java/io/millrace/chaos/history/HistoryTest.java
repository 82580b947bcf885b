package io.millrace.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
    return switch (random.nextInt(4)) {
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
              random.nextBoolean());
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
            deliveries);
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
              random.nextInt(5));
      default ->
          new Entry.Event(session, invokedNs, returnedNs, EventKind.KILL, "pid " + returnedNs);
    };
  }

  private static Fingerprint fingerprint(Random random) {
    return new Fingerprint(random.nextLong(), random.nextLong());
  }
}
