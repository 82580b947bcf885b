package io.millrace.engine.sqs;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A message that exists fits the journal's records: texts of no bound never get that far. */
class MessageBoundsTest {

  private static OutgoingMessage message(String trace, String group) {
    return new OutgoingMessage(
        new byte[] {'m'}, List.of(), OutgoingMessage.QUEUE_DELAY, trace, group);
  }

  @Test
  void aTraceHeaderAndAGroupIdHaveALongest() {
    message("t".repeat(1024), "g".repeat(128));
    assertThatIllegalArgumentException().isThrownBy(() -> message("t".repeat(1025), ""));
    assertThatIllegalArgumentException().isThrownBy(() -> message("", "g".repeat(129)));
  }

  @Test
  void anAttributesNameAndTypeHaveALongest() {
    byte[] value = {'v'};
    new MessageAttribute("n".repeat(256), "String." + "t".repeat(249), value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MessageAttribute("n".repeat(257), "String", value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MessageAttribute("\u00e9".repeat(129), "String", value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MessageAttribute("n", "String." + "t".repeat(250), value));
  }
}
