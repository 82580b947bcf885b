package io.millrace.chaos.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A history in memory, for runs of a few hundred operations that come by the thousand. Its entries
 * may be of any session; they come in the order of completion.
 *
 * <p>Not safe for use by several threads.
 */
public final class MemoryHistory implements HistorySink {

  private final List<Entry> entries = new ArrayList<>();
  private long lastReturnedNs = Long.MIN_VALUE;

  @Override
  public void append(Entry entry) {
    if (entry.returnedNs() < lastReturnedNs) {
      throw new IllegalArgumentException(
          "an entry that returned at " + entry.returnedNs() + " after " + lastReturnedNs);
    }
    lastReturnedNs = entry.returnedNs();
    entries.add(entry);
  }

  /** The entries so far; a view. */
  public List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** The entries as the file format has them, without a file's head and end: to compare by. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer record = ByteBuffer.allocate(EntryCodec.RECORD_BYTES_MAX);
    for (Entry entry : entries) {
      record.clear();
      EntryCodec.encode(entry, record);
      bytes.write(record.array(), 0, record.position());
    }
    return bytes.toByteArray();
  }

  /**
   * Writes the history as one log, to be judged and replayed like any other.
   *
   * @param directory an existing directory without logs
   */
  public void write(Path directory, Origin origin) throws IOException {
    try (HistoryWriter writer = HistoryWriter.create(directory, 0, origin)) {
      entries.forEach(writer::append);
    }
  }
}
