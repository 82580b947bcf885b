package io.millrace.engine.shard;

import java.util.Arrays;

/** Bytes and messages that live in each journal segment: a few rows, sorted by segment number. */
final class SegmentTally {

  private long[] segments = {};
  private long[] bytes = {};
  private int size;

  /** Adds to a segment's live bytes; a negative amount takes away. */
  void add(long segment, long amount) {
    int at = size > 0 && segments[size - 1] == segment ? size - 1 : find(segment);
    if (at < 0) {
      at = insert(-at - 1, segment);
    }
    bytes[at] += amount;
    assert bytes[at] >= 0 : "segment " + segment + " has less than nothing";
    if (bytes[at] == 0) {
      drop(at);
    }
  }

  /** Live bytes of a segment. */
  long bytes(long segment) {
    int at = find(segment);
    return at < 0 ? 0 : bytes[at];
  }

  /** Live bytes of all segments. */
  long total() {
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += bytes[i];
    }
    return total;
  }

  /** Takes another tally's bytes away from this one. */
  void subtract(SegmentTally other) {
    for (int i = 0; i < other.size; i++) {
      add(other.segments[i], -other.bytes[i]);
    }
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  long segment(int i) {
    return segments[i];
  }

  long bytesAt(int i) {
    return bytes[i];
  }

  private int find(long segment) {
    return Arrays.binarySearch(segments, 0, size, segment);
  }

  private int insert(int at, long segment) {
    if (size == segments.length) {
      int capacity = Math.max(2, size * 2);
      segments = Arrays.copyOf(segments, capacity);
      bytes = Arrays.copyOf(bytes, capacity);
    }
    System.arraycopy(segments, at, segments, at + 1, size - at);
    System.arraycopy(bytes, at, bytes, at + 1, size - at);
    segments[at] = segment;
    bytes[at] = 0;
    size++;
    return at;
  }

  private void drop(int at) {
    size--;
    System.arraycopy(segments, at + 1, segments, at, size - at);
    System.arraycopy(bytes, at + 1, bytes, at, size - at);
  }
}
