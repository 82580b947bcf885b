package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class WrittenTextTest {

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> chars =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.chars().range(' ', '~')),
            Tuple.of(2, Arbitraries.chars().range('\0', ' ')),
            Tuple.of(2, Arbitraries.chars().range('\u0080', '\u0fff')),
            Tuple.of(1, Arbitraries.chars().range('\ud7f0', '\ue010')),
            Tuple.of(1, Arbitraries.chars().range('\ufff0', '\uffff')));
    return chars.list().ofMaxSize(40).map(WrittenTextTest::joined);
  }

  private static String joined(java.util.List<Character> chars) {
    StringBuilder text = new StringBuilder();
    chars.forEach(text::append);
    return text.toString();
  }

  private static boolean mayStandInMessage(int c) {
    return c == 0x9
        || c == 0xA
        || c == 0xD
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
  }

  @Property(tries = 2000)
  void aTextIsEncodedAsTheJdkDoesAndRefusedWhenACharacterIsNotAllowed(
      @ForAll("texts") String text) {
    byte[] encoded = MessageText.encode(text);
    if (text.codePoints().allMatch(WrittenTextTest::mayStandInMessage)) {
      assertThat(encoded).isEqualTo(text.getBytes(UTF_8)).isNotSameAs(MessageText.ILLEGAL);
    } else {
      assertThat(encoded).isSameAs(MessageText.ILLEGAL);
    }
  }

  private static byte[] written(AnswerBuffer buffer) {
    ByteBuf out = Unpooled.buffer();
    buffer.writeTo(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  @Property(tries = 1000)
  void aJsonStringIsReadBackAsItWas(@ForAll("texts") String text) {
    String wellFormed =
        new String(text.getBytes(UTF_8), UTF_8).replace("\ufffe", "").replace("\uffff", "");
    for (byte[] json :
        new byte[][] {
          written(new AnswerBuffer().json(wellFormed)),
          written(new AnswerBuffer().json(wellFormed.getBytes(UTF_8)))
        }) {
      try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
        parser.nextToken();
        assertThat(parser.getString()).isEqualTo(wellFormed);
        assertThat(parser.nextToken()).isNull();
      }
    }
  }

  @Property(tries = 1000)
  void whatNeedsNoEscapeIsWrittenAsItIs(
      @ForAll("bodies") byte[] utf8, @ForAll @IntRange(max = 20) int from) {
    int start = Math.min(from, utf8.length);
    int expected = start;
    while (expected < utf8.length
        && utf8[expected] != '"'
        && utf8[expected] != '\\'
        && (utf8[expected] & 0xFF) >= ' ') {
      expected++;
    }
    assertThat(PlainString.firstToEscape(utf8, start)).isEqualTo(expected);
  }

  /** Mostly plain, so that what is to be escaped lies anywhere in a word, or in what is left. */
  @Provide
  Arbitrary<byte[]> bodies() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                30,
                Arbitraries.bytes()
                    .between((byte) ' ', (byte) '~')
                    .filter(b -> b != '"' && b != '\\')),
            Tuple.of(3, Arbitraries.bytes()),
            Tuple.of(1, Arbitraries.of((byte) '"', (byte) '\\', (byte) 0x1F, (byte) 0)))
        .array(byte[].class)
        .ofMaxSize(100);
  }

  @Property(tries = 1000)
  void legalXmlTextIsReadBackAsItWasAndIllegalIsReplaced(@ForAll("texts") String text)
      throws Exception {
    AnswerBuffer whole = new AnswerBuffer().ascii("<a>").xml(text).ascii("</a>");
    String read =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(written(whole)))
            .getDocumentElement()
            .getTextContent();
    StringBuilder expected = new StringBuilder();
    text.codePoints().forEach(c -> expected.appendCodePoint(mayStandInMessage(c) ? c : 0xFFFD));
    assertThat(read).isEqualTo(expected.toString());
    if (text.codePoints().allMatch(WrittenTextTest::mayStandInMessage)) {
      AnswerBuffer bytes = new AnswerBuffer().ascii("<a>").xml(text.getBytes(UTF_8)).ascii("</a>");
      assertThat(written(bytes)).isEqualTo(written(whole));
    }
  }

  @Property(tries = 200)
  void aUuidIsWrittenAsTheJdkWritesIt(@ForAll long high, @ForAll long low) {
    UUID id = new UUID(high, low);
    assertThat(new String(written(new AnswerBuffer().uuid(id)), UTF_8)).isEqualTo(id.toString());
  }
}
