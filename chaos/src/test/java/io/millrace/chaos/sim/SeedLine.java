package io.millrace.chaos.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A line of {@code chaos/seeds.txt} about this tier: a seed, and the steps of its plan if few. */
record SeedLine(long seed, List<Integer> steps) {

  private static final String TIER = "sim ";

  static List<SeedLine> all() throws IOException {
    return Files.readAllLines(Path.of("seeds.txt")).stream()
        .filter(line -> line.startsWith(TIER))
        .map(line -> parse(line.substring(TIER.length())))
        .toList();
  }

  private static SeedLine parse(String line) {
    List<String> words = List.of(line.split(" ", -1));
    List<Integer> steps =
        words.size() == 1
            ? List.of()
            : Arrays.stream(words.get(1).split(",", -1)).map(Integer::valueOf).toList();
    return new SeedLine(Long.parseLong(words.get(0)), steps);
  }
}
