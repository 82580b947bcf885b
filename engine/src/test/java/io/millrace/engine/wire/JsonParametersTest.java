package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies, whose bytes are taken from the input where they can be and decoded where they must. */
class JsonParametersTest {

  private static final String[] PIECES = {
    "a", "lorem ipsum", "~\u007f", " ", "/", "\\\"", "\\\\", "\\n", "\\u0041", "é", "€", "😀", "\\/"
  };
  private static final String[] MEANT = {
    "a", "lorem ipsum", "~\u007f", " ", "/", "\"", "\\", "\n", "A", "é", "€", "😀", "/"
  };

  private final JsonParameters json = new JsonParameters(1024);
  private final Parameters parameters = new Parameters();

  @Test
  void aBodyIsWhatItsStringMeansWhereverTheFirstThingToDecodeStands() {
    Random random = new Random(1321);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder written = new StringBuilder();
      StringBuilder meant = new StringBuilder();
      // Half of them are plain.
      int kinds = random.nextBoolean() ? 5 : PIECES.length;
      for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
        int kind = random.nextInt(kinds);
        written.append(PIECES[kind]);
        meant.append(MEANT[kind]);
      }
      read("{\"MessageBody\":\"" + written + "\"}", random.nextInt(9));
      assertArrayEquals(
          meant.toString().getBytes(UTF_8), parameters.single.body, "seed 1321, round " + round);
    }
  }

  @Test
  void bodiesOfABatchStandApart() {
    read(
        "{\"Entries\":[{\"Id\":\"1\",\"MessageBody\":\"plain, and longer than a word\"},"
            + " {\"MessageBody\" : \"\\u0001\", \"Id\":\"2\"},{\"Id\":\"3\",\"MessageBody\":\"x\"}]}",
        3);
    assertEquals("plain, and longer than a word", body(0));
    assertEquals("x", body(2));
    assertEquals(
        "false true false",
        parameters.entries.get(0).bodyIllegal
            + " "
            + parameters.entries.get(1).bodyIllegal
            + " "
            + parameters.entries.get(2).bodyIllegal);
  }

  @Test
  void ofTwoBodiesTheLastCounts() {
    read("{\"MessageBody\":\"\\u0001\",\"MessageBody\":\"plain\"}", 0);
    assertEquals("plain", new String(parameters.single.body, UTF_8));
    assertEquals(false, parameters.single.bodyIllegal);
    read("{\"MessageBody\":\"plain\",\"MessageBody\":\"\\u0001\"}", 0);
    assertEquals(true, parameters.single.bodyIllegal);
  }

  @Test
  void aStringThatIsNoJsonIsRefused() {
    for (String broken :
        new String[] {
          "{\"MessageBody\":\"a\tb\"}",
          "{\"MessageBody\":\"a long one with a\nline feed in it\"}",
          "{\"MessageBody\":\"never ends",
          "{\"MessageBody\":\"",
          "{\"MessageBody\":\"ends early\" and so on\"}"
        }) {
      assertThrows(Refusal.class, () -> read(broken, 0), broken);
    }
  }

  private String body(int entry) {
    return new String(parameters.entries.get(entry).body, UTF_8);
  }

  /** Reads the input from the middle of an array, with quotes all around it. */
  private void read(String input, int offset) {
    byte[] text = input.getBytes(UTF_8);
    byte[] bytes = "\"".repeat(offset + text.length + 9).getBytes(UTF_8);
    System.arraycopy(text, 0, bytes, offset, text.length);
    parameters.clear();
    Action action = input.contains("Entries") ? Action.SEND_MESSAGE_BATCH : Action.SEND_MESSAGE;
    json.read(bytes, offset, text.length, action, parameters);
  }
}
