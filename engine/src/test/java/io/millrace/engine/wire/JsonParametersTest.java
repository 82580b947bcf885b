package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
      assertThat(parameters.single.body)
          .as("seed 1321, round %s", round)
          .isEqualTo(meant.toString().getBytes(UTF_8));
    }
  }

  @Test
  void bodiesOfABatchStandApart() {
    read(
        "{\"Entries\":[{\"Id\":\"1\",\"MessageBody\":\"plain, and longer than a word\"},"
            + " {\"MessageBody\" : \"\\u0001\", \"Id\":\"2\"},{\"Id\":\"3\",\"MessageBody\":\"x\"}]}",
        3);
    assertThat(parameters.entries.get(0).body)
        .asString(UTF_8)
        .isEqualTo("plain, and longer than a word");
    assertThat(parameters.entries.get(2).body).asString(UTF_8).isEqualTo("x");
    assertThat(parameters.entries)
        .extracting(entry -> entry.bodyIllegal)
        .containsExactly(false, true, false);
  }

  @Test
  void ofTwoBodiesTheLastCounts() {
    read("{\"MessageBody\":\"\\u0001\",\"MessageBody\":\"plain\"}", 0);
    assertThat(parameters.single.body).asString(UTF_8).isEqualTo("plain");
    assertThat(parameters.single.bodyIllegal).isFalse();
    read("{\"MessageBody\":\"plain\",\"MessageBody\":\"\\u0001\"}", 0);
    assertThat(parameters.single.bodyIllegal).isTrue();
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
      assertThatThrownBy(() -> read(broken, 0)).as(broken).isInstanceOf(Refusal.class);
    }
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
