package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The primitive tables against the library's. */
class TablesTest {

  @Test
  void longTableHoldsWhatAMapHolds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    LongTable<String> table = new LongTable<>();
    Map<Long, String> map = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      long key = random.nextInt(i < 100_000 ? 5_000 : 300);
      if (random.nextInt(3) == 0) {
        table.remove(key);
        map.remove(key);
      } else {
        table.put(key, "value " + i);
        map.put(key, "value " + i);
      }
      assertThat(table.get(key)).as("seed %d, step %d", seed, i).isEqualTo(map.get(key));
    }
    map.forEach((key, value) -> assertThat(table.get(key)).as("seed %d", seed).isEqualTo(value));
    List<String> inOrder = new ArrayList<>();
    table.forEachInOrder(inOrder::add);

    assertThat(table.size()).isEqualTo(map.size());
    assertThat(inOrder).containsExactlyElementsOf(new TreeMap<>(map).values());
  }

  @Test
  void departuresLeaveInTheOrderTheyCame() {
    Departures departures = new Departures();
    long in = 0;
    long out = 0;
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(5) < 3) {
        departures.add(in, in * 10);
        in++;
      } else if (!departures.isEmpty()) {
        assertThat(departures.firstNs()).isEqualTo(out * 10);
        assertThat(departures.removeFirst()).isEqualTo(out);
        out++;
      }
    }
    assertThat(in).isGreaterThan(4_096);
  }

  @Test
  void handlesAreRememberedForAGenerationAndThenForgotten() {
    RecentHandles handles = new RecentHandles();
    for (int i = 0; i < 300_000; i++) {
      handles.add(new Fingerprint(i * 31L, i), i);
    }

    assertThat(handles.attemptOf(new Fingerprint(299_999 * 31L, 299_999))).isEqualTo(299_999);
    assertThat(handles.attemptOf(new Fingerprint(240_000 * 31L, 240_000))).isEqualTo(240_000);
    assertThat(handles.attemptOf(new Fingerprint(0, 0))).isEqualTo(RecentHandles.UNKNOWN);
  }

  @Test
  void wakeUpsAreKnownToAnEighth() {
    WakeUps wakeUps = new WakeUps();
    for (int us = 1; us <= 10_000; us++) {
      wakeUps.add(us * 1_000L);
    }

    assertThat(wakeUps.percentileUs(0.5)).isBetween(5_000L, 5_700L);
    assertThat(wakeUps.percentileUs(0.99)).isBetween(9_900L, 11_200L);
  }
}
