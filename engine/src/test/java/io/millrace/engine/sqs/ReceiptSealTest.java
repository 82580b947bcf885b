package io.millrace.engine.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReceiptSealTest {

  private static final long SEED = 20261124;
  private static final ReceiptHandle HANDLE = new ReceiptHandle(7, 123_456_789_012L, 3, 2);

  /** What {@link #HANDLE} was sealed to when the format came to be, under key 1 of zeros. */
  private static final String FIXTURE = "AQAAAAEAAAAHAAAAHL6ZGhQAAAADAAAAAkyj6cBk_6cxEkmvutg1gqQ";

  private final ReceiptSeal seal = new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]);

  @Test
  void opensWhatItSealed() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 1_000; i++) {
      ReceiptHandle handle =
          new ReceiptHandle(
              random.nextInt(), random.nextLong(), random.nextInt(), random.nextInt());

      assertThat(seal.open(seal.seal(handle))).as("seed %d, handle %d", SEED, i).isEqualTo(handle);
    }
  }

  @Test
  void keepsTheFormatOfVersion1() {
    assertThat(seal.seal(HANDLE)).isEqualTo(FIXTURE);
    assertThat(seal.open(FIXTURE)).isEqualTo(HANDLE);
  }

  @Test
  void refusesAHandleWithAnyOneCharacterChanged() {
    String genuine = seal.seal(HANDLE);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ é\u0141";
    for (int at = 0; at < genuine.length(); at++) {
      for (int i = 0; i < alphabet.length(); i++) {
        char other = alphabet.charAt(i);
        if (other != genuine.charAt(at)) {
          String forged = genuine.substring(0, at) + other + genuine.substring(at + 1);

          assertThat(seal.open(forged)).as(forged).isNull();
        }
      }
    }
  }

  @Test
  void refusesAHandleThatWasCutOrGrown() {
    String genuine = seal.seal(HANDLE);

    assertThat(seal.open("")).isNull();
    assertThat(seal.open(genuine.substring(1))).isNull();
    assertThat(seal.open(genuine.substring(0, genuine.length() - 1))).isNull();
    assertThat(seal.open(genuine + "A")).isNull();
  }

  @Test
  void refusesWhatAnotherKeySealed() {
    byte[] otherKey = "another key, of thirty-two bytes".getBytes(StandardCharsets.US_ASCII);

    assertThat(seal.open(new ReceiptSeal(1, otherKey).seal(HANDLE))).isNull();
    assertThat(seal.open(new ReceiptSeal(2, new byte[ReceiptSeal.KEY_BYTES]).seal(HANDLE)))
        .isNull();
  }

  @Test
  void opensAGenuineHandleAfterAForgedOne() {
    String genuine = seal.seal(HANDLE);

    assertThat(seal.open(genuine.replace(genuine.charAt(20), '~'))).isNull();
    assertThat(seal.open(genuine)).isEqualTo(HANDLE);
  }
}
