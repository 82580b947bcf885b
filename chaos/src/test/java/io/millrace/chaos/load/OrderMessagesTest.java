package io.millrace.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.client.Attribute;
import io.millrace.chaos.client.Digests;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.history.Damage;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class OrderMessagesTest {

  private final OrderMessages messages = new OrderMessages(42, 1_024);

  @Property
  void messageIsReadBackWhole(
      @ForAll long seed,
      @ForAll @IntRange(min = OrderMessages.BODY_BYTES_MIN, max = 4_096) int bytes,
      @ForAll @LongRange(min = 0, max = 999_999_999_999L) long order,
      @ForAll @LongRange(min = 0) long attempt) {
    OrderMessages some = new OrderMessages(seed, bytes);
    OutgoingMessage sent = some.message(order, attempt);

    Delivery read = some.read(received(sent.body(), sent.attributes()));

    assertThat(sent.body().getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
    assertThat(read.attempt()).isEqualTo(attempt);
    assertThat(read.damage()).isEmpty();
    assertThat(read.receiveCount()).isEqualTo(3);
  }

  @Test
  void everyChangedByteOfABodyIsSeen() {
    OutgoingMessage sent = messages.message(7, 9);
    Random random = new Random(1);
    for (int at = 0; at < sent.body().length(); at++) {
      char other = (char) ('0' + random.nextInt(10));
      if (other == sent.body().charAt(at)) {
        continue;
      }
      String changed = sent.body().substring(0, at) + other + sent.body().substring(at + 1);

      Delivery read = messages.read(received(changed, sent.attributes()));

      assertThat(read.damage()).as("byte %d", at).isNotEmpty();
    }
  }

  @Test
  void bodyOfAnotherKindNamesNoAttempt() {
    Delivery read = messages.read(received("hello", new TreeMap<>()));

    assertThat(read.attempt()).isEqualTo(Entry.NO_ATTEMPT);
    assertThat(read.damage()).contains(Damage.ALIEN_BODY);
  }

  @Test
  void cutBodyIsSeen() {
    OutgoingMessage sent = messages.message(7, 9);
    String cut = sent.body().substring(0, 1_000);

    assertThat(messages.read(received(cut, sent.attributes())).damage())
        .contains(Damage.ALIEN_BODY);
  }

  @Test
  void missingAndChangedAttributesAreSeen() {
    OutgoingMessage sent = messages.message(7, 9);
    SortedMap<String, Attribute> fewer = new TreeMap<>(sent.attributes());
    fewer.remove("CustomerId");
    SortedMap<String, Attribute> changed = new TreeMap<>(sent.attributes());
    changed.put("Sequence", new Attribute("Number", "8"));

    assertThat(messages.read(received(sent.body(), fewer)).damage())
        .containsExactly(Damage.ATTRIBUTES);
    assertThat(messages.read(received(sent.body(), changed)).damage())
        .containsExactly(Damage.ATTRIBUTES);
  }

  @Test
  void wrongDigestsAreSeen() {
    OutgoingMessage sent = messages.message(7, 9);
    IncomingMessage wrong =
        new IncomingMessage("id", "handle", sent.body(), sent.attributes(), "00", "00", 1, 0, 0);

    assertThat(messages.read(wrong).damage())
        .containsExactlyInAnyOrder(Damage.BODY_MD5, Damage.ATTRIBUTES_MD5);
  }

  @Test
  void attributeDigestIsTheOneAmazonPublishes() {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    attributes.put("attribName1", new Attribute("String", "attribValue 1"));

    assertThat(Digests.ofAttributes(attributes)).isEqualTo("19e27d4e946b072f3f58da80d94fd778");
  }

  private static IncomingMessage received(String body, SortedMap<String, Attribute> attributes) {
    return new IncomingMessage(
        "id",
        "handle",
        body,
        attributes,
        Digests.ofBody(body),
        Digests.ofAttributes(attributes),
        3,
        0,
        0);
  }
}
