package io.millrace.chaos.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Destroys stored messages of a stopped engine, and knows which. It finds them by the attempt that
 * every body names, wherever the journal keeps it.
 */
final class SegmentDamage {

  private static final byte[] ATTEMPT_KEY = "\"attempt\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int ATTEMPT_DIGITS = 16;

  /** From the attempt on, well inside the body. */
  private static final int INTO_THE_BODY = 400;

  private final SplittableRandom random;

  private final List<Segment> segments = new ArrayList<>();

  /**
   * A segment that holds messages.
   *
   * @param file its file
   * @param messages its messages in their order
   */
  private record Segment(Path file, List<Stored> messages) {}

  /**
   * A message in a segment.
   *
   * @param at offset of the key of its attempt
   * @param attempt its attempt
   */
  private record Stored(long at, long attempt) {}

  /**
   * Finds the messages.
   *
   * @param base holds the engine's data
   */
  SegmentDamage(Path base, SplittableRandom random) throws IOException {
    this.random = random;
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".cq4")).sorted().toList()) {
        List<Stored> found = messagesIn(Files.readAllBytes(file));
        if (!found.isEmpty()) {
          segments.add(new Segment(file, found));
        }
      }
    }
  }

  private static List<Stored> messagesIn(byte[] bytes) {
    List<Stored> found = new ArrayList<>();
    int end = bytes.length - ATTEMPT_KEY.length - ATTEMPT_DIGITS;
    for (int at = 0; at < end; at++) {
      int matched = 0;
      while (matched < ATTEMPT_KEY.length && bytes[at + matched] == ATTEMPT_KEY[matched]) {
        matched++;
      }
      if (matched == ATTEMPT_KEY.length) {
        String digits = new String(bytes, at + matched, ATTEMPT_DIGITS, StandardCharsets.US_ASCII);
        found.add(new Stored(at, HexFormat.fromHexDigitsToLong(digits)));
      }
    }
    return found;
  }

  /** Flips one bit in each of so many messages; returns their attempts. */
  Set<Long> flipBits(int messages) throws IOException {
    Set<Long> victims = new TreeSet<>();
    while (victims.size() < messages) {
      Segment segment = segments.get(random.nextInt(segments.size()));
      Stored victim = segment.messages().get(random.nextInt(segment.messages().size()));
      if (victims.add(victim.attempt())) {
        flipABit(segment.file(), victim.at() + INTO_THE_BODY + random.nextInt(INTO_THE_BODY));
      }
    }
    return victims;
  }

  private void flipABit(Path file, long at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(at);
      int old = access.read();
      access.seek(at);
      access.write(old ^ 1 << random.nextInt(Byte.SIZE));
    }
  }

  /**
   * Cuts a segment that others follow, in the middle of a message; returns the attempts cut off.
   */
  Set<Long> cutASegment() throws IOException {
    Segment segment = segments.get(random.nextInt(segments.size() - 1));
    int first = random.nextInt(segment.messages().size());
    try (RandomAccessFile access = new RandomAccessFile(segment.file().toFile(), "rw")) {
      access.setLength(segment.messages().get(first).at() + INTO_THE_BODY);
    }
    Set<Long> victims = new TreeSet<>();
    for (Stored message : segment.messages().subList(first, segment.messages().size())) {
      victims.add(message.attempt());
    }
    return victims;
  }
}
