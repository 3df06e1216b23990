package org.messagebusbridge.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.Fuzz;

/** The validator against the decoder of the JDK. */
@Tag("fuzz")
class Utf8FuzzTest {

  /** Bytes, and where they are cut in pieces. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Text(byte[] bytes, List<Integer> pieces) {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes) + " in pieces of " + pieces;
    }
  }

  private static Arbitrary<Text> texts() {
    Arbitrary<byte[]> right = Arbitraries.strings().ofMaxLength(12).map(s -> s.getBytes(UTF_8));
    Arbitrary<byte[]> ascii =
        Arbitraries.of(7, 8, 9, 16, 23).map(n -> "a".repeat(n).getBytes(UTF_8));
    Arbitrary<byte[]> borders =
        Arbitraries.of(
                0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF)
            .list()
            .ofMaxSize(4)
            .map(Utf8FuzzTest::bytes);
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(4);
    Arbitrary<byte[]> parts =
        Arbitraries.frequencyOf(
            Tuple.of(6, right), Tuple.of(4, ascii), Tuple.of(2, borders), Tuple.of(1, noise));
    return Combinators.combine(
            parts.list().ofMaxSize(6), Arbitraries.integers().between(1, 12).list().ofMaxSize(30))
        .as(
            (list, pieces) -> {
              ByteArrayOutputStream all = new ByteArrayOutputStream();
              list.forEach(all::writeBytes);
              return new Text(all.toByteArray(), pieces);
            });
  }

  private static byte[] bytes(List<Integer> values) {
    byte[] bytes = new byte[values.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values.get(i).byteValue();
    }
    return bytes;
  }

  @Test
  void agreesWithTheJdkInAnyPieces() {
    Fuzz.check(
        "Utf8FuzzTest#agreesWithTheJdkInAnyPieces",
        20_000,
        texts(),
        text -> {
          byte[] bytes = text.bytes();
          Utf8 pieces = new Utf8();
          boolean valid = true;
          int at = 0;
          for (int piece = 0; valid && at < bytes.length; piece++) {
            int left = bytes.length - at;
            int count =
                piece < text.pieces().size() ? Math.min(text.pieces().get(piece), left) : left;
            valid = pieces.feed(bytes, at, at + count);
            at += count;
          }
          assertThat(Utf8.valid(bytes)).isEqualTo(Utf8Test.jdk(bytes));
          assertThat(valid && pieces.complete()).isEqualTo(Utf8Test.jdk(bytes));
        });
  }

  @Test
  void saysNoAsSoonAsNothingCanMakeItRight() {
    Fuzz.check(
        "Utf8FuzzTest#saysNoAsSoonAsNothingCanMakeItRight",
        8_000,
        texts(),
        text -> {
          Utf8 whole = new Utf8();
          if (whole.feed(text.bytes(), 0, text.bytes().length)) {
            assertThat(completions(text.bytes())).anyMatch(Utf8Test::jdk);
          } else {
            assertThat(completions(text.bytes())).noneMatch(Utf8Test::jdk);
          }
        });
  }

  /** One of these is right, if anything is: after each lead byte 0x80, 0x90 or 0xA0 may follow. */
  private static List<byte[]> completions(byte[] bytes) {
    List<byte[]> all = new ArrayList<>(List.of(bytes));
    for (int missing = 1; missing <= 3; missing++) {
      for (int next : new int[] {0x80, 0x90, 0xA0}) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + missing);
        Arrays.fill(longer, bytes.length, longer.length, (byte) 0x80);
        longer[bytes.length] = (byte) next;
        all.add(longer);
      }
    }
    return all;
  }
}
