package io.millrace.chaos.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * All logs of a run as one stream in the order of completion. Memory: one entry and one read buffer
 * for each log.
 *
 * <p>Entries that returned at the same instant come in the order of their sessions, so that one set
 * of files always gives one stream. Not safe for use by several threads.
 */
public final class MergedHistory implements AutoCloseable {

  /** The entry a log is at. */
  private record Head(Entry entry, HistoryReader log) {}

  private final List<HistoryReader> logs;
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(
          Comparator.comparingLong((Head head) -> head.entry().returnedNs())
              .thenComparingInt(head -> head.log().session()));

  private MergedHistory(List<HistoryReader> logs) {
    this.logs = logs;
  }

  /**
   * Opens every log in a directory.
   *
   * @throws IOException if one cannot be read, or there is none
   */
  public static MergedHistory open(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(directory)) {
      files = listing.filter(HistoryWriter::isLog).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IOException(directory + " holds no history log");
    }
    MergedHistory merged = new MergedHistory(new ArrayList<>());
    try {
      for (Path file : files) {
        HistoryReader log = HistoryReader.open(file);
        merged.logs.add(log);
        merged.advance(log);
      }
      return merged;
    } catch (IOException e) {
      merged.close();
      throw e;
    }
  }

  /** The next entry of the run; empty after the last. */
  public Optional<Entry> next() throws IOException {
    Head first = heads.poll();
    if (first == null) {
      return Optional.empty();
    }
    advance(first.log());
    return Optional.of(first.entry());
  }

  /** The logs that ended without an end record; known once {@link #next} has come to its end. */
  public List<Path> cutLogs() {
    return logs.stream().filter(log -> !log.whole()).map(HistoryReader::path).toList();
  }

  /**
   * The longest operation of the run, known before the first entry is read; empty if a log was cut
   * or does not tell.
   *
   * @throws IOException if a log cannot be read
   */
  public OptionalLong longestNs() throws IOException {
    long longestNs = 0;
    for (HistoryReader log : logs) {
      OptionalLong each = HistoryReader.longestNs(log.path());
      if (each.isEmpty()) {
        return each;
      }
      longestNs = Math.max(longestNs, each.getAsLong());
    }
    return OptionalLong.of(longestNs);
  }

  /** The run's origin, as the first log has it. */
  public Origin origin() {
    return logs.get(0).origin();
  }

  @Override
  public void close() throws IOException {
    for (HistoryReader log : logs) {
      log.close();
    }
  }

  private void advance(HistoryReader log) throws IOException {
    Optional<Entry> entry = log.next();
    if (entry.isPresent()) {
      heads.add(new Head(entry.get(), log));
    }
  }
}
