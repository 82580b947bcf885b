package io.millrace.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout on disk, byte by byte: what an older Millrace wrote must stay readable. */
class RecordFrameTest {

  /** Layout 1: magic, checksum, length, version, flags, zero, durable mark, key id, body. */
  private static final String VERSION_1 =
      "4d4c5231"
          + "CRC_____"
          + "2d000000"
          + "01"
          + "00"
          + "0000"
          + "0807060504030201"
          + "00000000000000000000000000000000"
          + "68656c6c6f"
          + "000000";

  private final CRC32C crc = new CRC32C();

  private ByteBuffer hello() {
    ByteBuffer frame = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer body = ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII));
    RecordFrame.encode(frame, 0, (byte) 0, 0x0102030405060708L, body, crc);
    return frame;
  }

  @Test
  void writesTheLayoutThatIsDrawn() {
    byte[] written = new byte[48];
    hello().get(0, written);
    CRC32C independent = new CRC32C();
    independent.update(written, 8, 37);
    String crcHex = "%08x".formatted(Integer.reverseBytes((int) independent.getValue()));
    assertThat(HexFormat.of().formatHex(written)).isEqualTo(VERSION_1.replace("CRC_____", crcHex));
  }

  @Test
  void noticesEachFlippedBit() {
    ByteBuffer frame = hello();
    int frameBytes = RecordFrame.statedBytes(frame, 0);
    assertThat(frameBytes).isEqualTo(45);
    for (int bit = 0; bit < frameBytes * 8; bit++) {
      byte old = frame.get(bit / 8);
      frame.put(bit / 8, (byte) (old ^ 1 << bit % 8));
      boolean accepted =
          RecordFrame.statedBytes(frame, 0) == frameBytes
              && RecordFrame.isIntact(frame, 0, frameBytes, crc);
      assertThat(accepted).as("bit %d", bit).isFalse();
      frame.put(bit / 8, old);
    }
    assertThat(RecordFrame.isIntact(frame, 0, frameBytes, crc)).isTrue();
  }

  @Test
  void stopsAtALayoutItDoesNotKnow() {
    ByteBuffer frame = hello();
    frame.put(RecordFrame.VERSION_OFFSET, (byte) 2);
    assertThatThrownBy(() -> RecordFrame.requireKnownVersion(frame, 0, Path.of("segment")))
        .isInstanceOf(JournalFailedException.class)
        .hasMessageContaining("layout 2");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 23, 24, 100_000, Position.SEGMENT_MAX})
  void segmentNumbersSurviveTheirFileName(long number) {
    assertThat(ChronicleWriter.segmentOf(ChronicleWriter.fileName(number))).isEqualTo(number);
    assertThat(ChronicleWriter.segmentOf("metadata.cq4t")).isEqualTo(-1);
  }
}
