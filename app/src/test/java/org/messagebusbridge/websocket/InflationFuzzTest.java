package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.Fuzz;

/** Whatever comes compressed, it ends, stays within its bound, and does not depend on fragments. */
@Tag("fuzz")
class InflationFuzzTest {
  private static final int LIMIT = 20_000;

  /** The payload of a message, and at which shares of it it is cut into fragments. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Payload(byte[] bytes, List<Integer> cuts) {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes) + " cut at " + cuts + " percent";
    }

    List<byte[]> fragments() {
      List<Integer> ends =
          Stream.concat(
                  cuts.stream().map(n -> n * bytes.length / 100).sorted(), Stream.of(bytes.length))
              .toList();
      List<byte[]> fragments = new ArrayList<>();
      int from = 0;
      for (int end : ends) {
        fragments.add(Arrays.copyOfRange(bytes, from, end));
        from = end;
      }
      return fragments;
    }
  }

  private static Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
    Arbitrary<byte[]> even =
        Combinators.combine(Arbitraries.integers().between(0, 3 * LIMIT), Arbitraries.bytes())
            .as(
                (size, value) -> {
                  byte[] body = new byte[size];
                  Arrays.fill(body, value);
                  return body;
                });
    return Arbitraries.oneOf(noise, even);
  }

  private static byte[] deflated(byte[] body) {
    Deflation deflation = new Deflation(true, 15);
    try {
      return deflation.deflate(body);
    } finally {
      deflation.end();
    }
  }

  /** Compressed as it should be, and some bytes of it changed. */
  private static Arbitrary<Payload> payloads() {
    Arbitrary<byte[]> right = bodies().map(InflationFuzzTest::deflated);
    Arbitrary<byte[]> changed =
        Combinators.combine(
                right, Arbitraries.integers().between(0, 9_999).list().ofMinSize(1).ofMaxSize(4))
            .as(
                (bytes, changes) -> {
                  byte[] copy = bytes.clone();
                  for (int change : changes) {
                    if (copy.length > 0) {
                      copy[change % copy.length] ^= (byte) (1 << change % 8);
                    }
                  }
                  return copy;
                });
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
    Arbitrary<byte[]> finals =
        Arbitraries.of("0300", "010000ffff", "03000300", "4b0400", "020000", "ff", "00")
            .list()
            .ofMaxSize(6)
            .map(parts -> HexFormat.of().parseHex(String.join("", parts)));
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(3, right), Tuple.of(6, changed), Tuple.of(2, noise), Tuple.of(2, finals)),
            Arbitraries.integers().between(0, 100).list().ofMaxSize(4))
        .as(Payload::new);
  }

  private static String inflated(Inflation inflation, List<byte[]> fragments) {
    Body body = new Body(LIMIT);
    try {
      for (int n = 0; n < fragments.size(); n++) {
        inflation.inflate(fragments.get(n), n == fragments.size() - 1, body);
        assertThat(body.size()).isLessThanOrEqualTo(LIMIT);
      }
      return HexFormat.of().formatHex(body.take());
    } catch (DataFormatException e) {
      return "corrupt";
    } catch (Body.FullException e) {
      return "too large";
    } finally {
      inflation.end();
    }
  }

  @Test
  void anythingInAnyFragmentsComesToTheSameEnd() {
    Fuzz.check(
        "InflationFuzzTest#anythingInAnyFragmentsComesToTheSameEnd",
        12_000,
        payloads(),
        payload ->
            assertThat(inflated(new Inflation(false), payload.fragments()))
                .isEqualTo(inflated(new Inflation(false), List.of(payload.bytes()))));
  }

  @Test
  void messagesThatWereCompressedComeBackUnlessTheyAreTooLarge() {
    Fuzz.check(
        "InflationFuzzTest#messagesThatWereCompressedComeBackUnlessTheyAreTooLarge",
        3_000,
        Combinators.combine(
                bodies().list().ofMinSize(1).ofMaxSize(5),
                Arbitraries.of(false, true),
                Arbitraries.integers().between(8, 15))
            .as(Tuple::of),
        input -> {
          Deflation deflation = new Deflation(input.get2(), input.get3());
          Inflation inflation = new Inflation(input.get2());
          try {
            for (byte[] sent : input.get1()) {
              Body body = new Body(3 * LIMIT);
              inflation.inflate(deflation.deflate(sent), true, body);
              assertThat(body.take()).isEqualTo(sent);
            }
          } finally {
            deflation.end();
            inflation.end();
          }
        });
  }
}
