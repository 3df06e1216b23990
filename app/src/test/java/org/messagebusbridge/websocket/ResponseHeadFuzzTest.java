package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.ForeignText;
import org.messagebusbridge.Fuzz;

/** Whatever a peer answers, the head is read, or refused in the reader's own words. */
@Tag("fuzz")
class ResponseHeadFuzzTest {
  private static final int MOST_BYTES = 64 * 1024;

  /** Gives what it has in pieces, as a network does, and counts what is taken. */
  private static final class Pieces extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int piece;
    private int taken;

    Pieces(byte[] bytes, int piece) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.piece = piece;
    }

    @Override
    public int read() {
      int b = bytes.read();
      taken += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = bytes.read(into, offset, Math.min(length, piece));
      taken += Math.max(0, count);
      return count;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(byte[] bytes, int piece) {
    @Override
    public String toString() {
      return "\"%s\" in pieces of %d".formatted(new String(bytes, ISO_8859_1), piece);
    }
  }

  private static Arbitrary<Answer> answers() {
    Arbitrary<String> statuses =
        Arbitraries.of(
            "101", "200", "302", "401", "404", "429", "503", "099", "1000", "", "x", "600");
    Arbitrary<String> versions =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.just("HTTP/1.1")),
            Tuple.of(
                1, Arbitraries.of("HTTP/1.0", "HTTP/2", "http/1.1", "SSH-2.0", "HTTP/1.", "")));
    Arbitrary<String> status =
        Combinators.combine(versions, Arbitraries.of(" ", "  ", "\t", ""), statuses, value())
            .as((version, gap, code, reason) -> version + gap + code + " " + reason);
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "Location",
                "Retry-After",
                "Content-Type",
                "Sec-WebSocket-Extensions",
                "sec-websocket-accept",
                "Upgrade"),
            value());
    Arbitrary<String> header =
        Combinators.combine(names, Arbitraries.of(": ", ":", " : ", "", "="), value())
            .as((name, colon, value) -> name + colon + value);
    Arbitrary<String> ends =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just("\r\n")), Tuple.of(1, Arbitraries.of("\n", "\r", "")));
    Arbitrary<String> lines =
        Combinators.combine(header, ends)
            .as((line, end) -> line + end)
            .list()
            .ofMaxSize(8)
            .map(all -> String.join("", all));
    Arbitrary<byte[]> heads =
        Combinators.combine(status, ends, lines, ends, Arbitraries.strings().ascii().ofMaxLength(9))
            .as((line, end, headers, empty, body) -> line + end + headers + empty + body)
            .map(head -> head.getBytes(ISO_8859_1));
    Arbitrary<byte[]> tooLong =
        Arbitraries.integers()
            .between(MOST_BYTES - 40, MOST_BYTES + 40)
            .map(n -> ("HTTP/1.1 101 X\r\nA: " + "x".repeat(n) + "\r\n\r\n").getBytes(ISO_8859_1));
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    Arbitrary<byte[]> any =
        Arbitraries.frequencyOf(Tuple.of(50, heads), Tuple.of(2, noise), Tuple.of(1, tooLong));
    return Combinators.combine(any, Arbitraries.integers().between(1, 50)).as(Answer::new);
  }

  private static Arbitrary<String> value() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "120",
            "999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "/in?token=1#x",
            "//user:pw@host/path",
            "https://login.example/\u001b[2Jin",
            "text/html; charset=utf-8",
            "permessage-deflate; server_max_window_bits=15",
            ""),
        ForeignText.any().map(ResponseHeadFuzzTest::oneByteEach),
        Arbitraries.strings().ascii().ofMaxLength(30));
  }

  private static String oneByteEach(String text) {
    return new String(text.getBytes(ISO_8859_1), ISO_8859_1);
  }

  @Test
  void anyAnswerIsReadOrRefusedAndNotAByteMoreThanItsHeadIsTaken() {
    Fuzz.check(
        "ResponseHeadFuzzTest#anyAnswerIsReadOrRefusedAndNotAByteMoreThanItsHeadIsTaken",
        8_000,
        answers(),
        answer -> {
          Pieces in = new Pieces(answer.bytes(), answer.piece());
          try {
            ResponseHead head = ResponseHead.read(in);
            assertThat(head.status()).isBetween(100, 999);
            assertThat(head.headers().values()).doesNotContain(List.of());
            assertThat(head.agreesToDeflate() && head.header("sec-websocket-extensions").isEmpty())
                .isFalse();
            assertThat(answer.bytes()[in.taken - 1]).as("the end of a line").isEqualTo((byte) '\n');
            assertThat(ResponseHead.read(new ByteArrayInputStream(head.bytes())).status())
                .as("of the head as it is passed on")
                .isEqualTo(head.status());
          } catch (EOFException e) {
            assertThat(in.taken).isEqualTo(answer.bytes().length);
          } catch (IOException e) {
            assertThat(e.getClass().getEnclosingClass()).isEqualTo(ResponseHead.class);
          }
          assertThat(in.taken).isLessThanOrEqualTo(MOST_BYTES + 1);
        });
  }

  @Test
  void whatIsTakenDoesNotDependOnThePieces() {
    Fuzz.check(
        "ResponseHeadFuzzTest#whatIsTakenDoesNotDependOnThePieces",
        4_000,
        answers(),
        answer -> {
          Pieces pieces = new Pieces(answer.bytes(), answer.piece());
          Pieces whole = new Pieces(answer.bytes(), Integer.MAX_VALUE);
          assertThat(outcome(pieces)).isEqualTo(outcome(whole));
          assertThat(pieces.taken).isEqualTo(whole.taken);
        });
  }

  private static String outcome(InputStream in) {
    try {
      return ResponseHead.read(in).toString();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
