package io.millrace.engine.queue;

import java.util.TreeMap;

/**
 * A backlog on the heap: for tests and for the simulator, where a run has a few thousand messages.
 */
public final class HeapBacklog implements Backlog {

  private final TreeMap<Long, Slot> slots = new TreeMap<>();

  private static final class Slot {
    private Arrival arrival;
    private Place place = Place.FRESH;
    private long next = NONE;
    private long previous = NONE;
    private boolean carried;
    private int receiveCount;
    private int lastStart;
    private long firstReceivedAtMs;

    private Slot(Arrival arrival) {
      this.arrival = arrival;
    }
  }

  @Override
  public void add(Arrival arrival) {
    slots.put(arrival.number(), new Slot(arrival));
  }

  @Override
  public void remove(long number) {
    slots.remove(number);
  }

  @Override
  public void clear() {
    slots.clear();
  }

  @Override
  public boolean holds(long number) {
    return slots.containsKey(number);
  }

  @Override
  public long nextHeld(long from, long limit) {
    Long next = slots.ceilingKey(from);
    return next == null || next >= limit ? limit : next;
  }

  @Override
  public long position(long number) {
    return slot(number).arrival.position();
  }

  @Override
  public void setPosition(long number, long position, int recordBytes) {
    Slot slot = slot(number);
    Arrival old = slot.arrival;
    slot.arrival =
        new Arrival(
            old.number(),
            position,
            recordBytes,
            old.sentAtMs(),
            old.elsewhereSeconds(),
            old.idLow(),
            old.origin(),
            old.delaySeconds());
  }

  @Override
  public void carry(long number, long position, int recordBytes) {
    setPosition(number, position, recordBytes);
    slot(number).carried = true;
  }

  @Override
  public boolean carried(long number) {
    return slot(number).carried;
  }

  @Override
  public int recordBytes(long number) {
    return slot(number).arrival.recordBytes();
  }

  @Override
  public long sentAtMs(long number) {
    return slot(number).arrival.sentAtMs();
  }

  @Override
  public int elsewhereSeconds(long number) {
    return slot(number).arrival.elsewhereSeconds();
  }

  @Override
  public long idLow(long number) {
    return slot(number).arrival.idLow();
  }

  @Override
  public int origin(long number) {
    return slot(number).arrival.origin();
  }

  @Override
  public int delaySeconds(long number) {
    return slot(number).arrival.delaySeconds();
  }

  @Override
  public Place place(long number) {
    return slot(number).place;
  }

  @Override
  public void setPlace(long number, Place place) {
    slot(number).place = place;
  }

  @Override
  public long next(long number) {
    return slot(number).next;
  }

  @Override
  public void setNext(long number, long other) {
    slot(number).next = other;
  }

  @Override
  public long previous(long number) {
    return slot(number).previous;
  }

  @Override
  public void setPrevious(long number, long other) {
    slot(number).previous = other;
  }

  @Override
  public int receiveCount(long number) {
    return slot(number).receiveCount;
  }

  @Override
  public long firstReceivedAtMs(long number) {
    return slot(number).firstReceivedAtMs;
  }

  @Override
  public int lastStart(long number) {
    return slot(number).lastStart;
  }

  @Override
  public void setReceived(long number, int receiveCount, int start, long firstReceivedAtMs) {
    Slot slot = slot(number);
    slot.receiveCount = receiveCount;
    slot.lastStart = start;
    slot.firstReceivedAtMs = firstReceivedAtMs;
  }

  private Slot slot(long number) {
    Slot slot = slots.get(number);
    if (slot == null) {
      throw new AssertionError("message " + number + " is not held");
    }
    return slot;
  }
}
