package io.millrace.chaos.check;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by numbers from 0, without an object for each number: open addressing with linear probing,
 * at most two thirds full. A removal moves its successors up, so that no markers are left behind.
 */
final class LongTable<V> {

  private static final long EMPTY = -1;
  private static final int CAPACITY_MIN = 64;

  private long[] keys = new long[CAPACITY_MIN];
  private @Nullable Object[] values = new @Nullable Object[CAPACITY_MIN];
  private int size;

  LongTable() {
    Arrays.fill(keys, EMPTY);
  }

  int size() {
    return size;
  }

  /** The value of a key; null if there is none. */
  @SuppressWarnings("unchecked")
  @Nullable V get(long key) {
    return (V) values[find(key)];
  }

  void put(long key, V value) {
    int at = find(key);
    if (keys[at] == EMPTY) {
      if ((size + 1) * 3L > keys.length * 2L) {
        resize(keys.length * 2);
        at = find(key);
      }
      keys[at] = key;
      size++;
    }
    values[at] = value;
  }

  void remove(long key) {
    int hole = find(key);
    if (keys[hole] == EMPTY) {
      return;
    }
    size--;
    int mask = keys.length - 1;
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (keys[next] == EMPTY) {
        break;
      }
      int home = slotOf(keys[next]);
      // What lies between its home and where it is must not be cut off by the hole.
      boolean reachable = hole <= next ? hole < home && home <= next : hole < home || home <= next;
      if (!reachable) {
        keys[hole] = keys[next];
        values[hole] = values[next];
        hole = next;
      }
    }
    keys[hole] = EMPTY;
    values[hole] = null;
    if (keys.length > CAPACITY_MIN && size * 8L < keys.length) {
      resize(keys.length / 2);
    }
  }

  /** Every value, in the order of the keys. */
  @SuppressWarnings("unchecked")
  void forEachInOrder(Consumer<V> action) {
    long[] sorted = Arrays.stream(keys).filter(key -> key != EMPTY).sorted().toArray();
    for (long key : sorted) {
      Object value = values[find(key)];
      if (value != null) {
        action.accept((V) value);
      }
    }
  }

  /** Every value, in no order that means anything; faster. */
  @SuppressWarnings("unchecked")
  void forEach(Consumer<V> action) {
    for (Object value : values) {
      if (value != null) {
        action.accept((V) value);
      }
    }
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int at = slotOf(key);
    while (keys[at] != EMPTY && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int slotOf(long key) {
    long mixed = key * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32) & (keys.length - 1);
  }

  private void resize(int capacity) {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[capacity];
    values = new @Nullable Object[capacity];
    Arrays.fill(keys, EMPTY);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
