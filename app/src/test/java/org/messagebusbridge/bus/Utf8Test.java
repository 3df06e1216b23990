package org.messagebusbridge.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  @Test
  void agreesWithTheDecoderOfTheJdkOnEverySequenceOfTwoBytesAndTheBordersOfLongerOnes() {
    int[] borders = {
      0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF,
      0xF0, 0xF4, 0xF5, 0xFF
    };
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        assertAgrees(new byte[] {(byte) a, (byte) b});
      }
    }
    for (int a : borders) {
      for (int b : borders) {
        for (int c : borders) {
          assertAgrees(new byte[] {(byte) a, (byte) b, (byte) c});
          for (int d : borders) {
            assertAgrees(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
          }
        }
      }
    }
  }

  @Test
  void agreesWithTheDecoderOfTheJdkOnTextThatWasTamperedWith() {
    Random random = new Random(20261123);
    for (int run = 0; run < 50_000; run++) {
      byte[] bytes = text(random, random.nextInt(60)).getBytes(UTF_8);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertAgrees(bytes);
    }
  }

  @Test
  void saysTheSameOfATextInPieces() {
    Random random = new Random(7);
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes = text(random, 40).getBytes(UTF_8);
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Utf8 pieces = new Utf8();
      boolean valid = true;
      int from = 0;
      while (valid && from < bytes.length) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(12));
        valid = pieces.feed(bytes, from, to);
        from = to;
      }
      assertThat(valid && pieces.complete()).isEqualTo(Utf8.valid(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ceba", "cebae1bdb9cf83cebcceb5eda080", "f4908080", "c0af", "ff"})
  void failsAsSoonAsNothingCanMakeItRight(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Utf8 text = new Utf8();
    boolean possible = text.feed(bytes, 0, bytes.length);
    assertThat(possible).isEqualTo(hex.equals("ceba"));
  }

  @Test
  void beginsAnewAfterATextThatWasCutShort() {
    Utf8 text = new Utf8();
    assertThat(text.feed(new byte[] {(byte) 0xE0}, 0, 1)).isTrue();
    assertThat(text.complete()).isFalse();
    text.reset();
    assertThat(text.feed(new byte[] {'a'}, 0, 1) && text.complete()).isTrue();
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < length; n++) {
      int top = new int[] {0x80, 0x80, 0x80, 0x800, 0x10000, 0x110000}[random.nextInt(6)];
      int point = random.nextInt(top);
      text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
    }
    return text.toString();
  }

  private static void assertAgrees(byte[] bytes) {
    if (Utf8.valid(bytes) != jdk(bytes)) {
      throw new AssertionError(HexFormat.of().formatHex(bytes) + ": the JDK says " + jdk(bytes));
    }
  }

  /** What the JDK says of it. */
  static boolean jdk(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
