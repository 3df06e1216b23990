package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.Fuzz;
import org.messagebusbridge.websocket.FrameGuard.Progress;
import org.messagebusbridge.websocket.FrameGuard.Violation;

/** Frames, right and wrong ones, in whatever pieces they come. */
@Tag("fuzz")
class FrameFuzzTest {
  private static final int LIMIT = 1_000;

  /** What a peer sends, and in which pieces it arrives; all that is left in a last one. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stream(byte[] bytes, List<Integer> pieces, boolean compressed) {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes) + " in pieces of " + pieces + ", " + compressed;
    }
  }

  /**
   * How far a guard came.
   *
   * @param frames that passed whole
   * @param passed how many bytes it let pass
   */
  private record Outcome(long frames, int passed, OptionalInt closeCode) {}

  private static byte[] frame(int first, int second, long length, int payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    out.write(second);
    if ((second & 0x7F) == 126) {
      out.write((int) length >> 8);
      out.write((int) length);
    } else if ((second & 0x7F) == 127) {
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    out.write(new byte[payload], 0, payload);
    return out.toByteArray();
  }

  /** A frame as it should be, of a random form of its length. */
  private static Arbitrary<byte[]> legal() {
    return Combinators.combine(
            Arbitraries.of(0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0xC1, 0x41),
            Arbitraries.integers().between(0, 400),
            Arbitraries.of(1, 126, 127))
        .as(
            (first, bytes, form) -> {
              int length = (first & 0x08) != 0 ? Math.min(bytes, 125) : bytes;
              boolean plain = form == 1 && length < 126;
              int second = plain ? length : form == 127 ? 127 : 126;
              return frame(first, second, length, length);
            });
  }

  /** A message in fragments, as it should be but that it may be too large. */
  private static Arbitrary<byte[]> fragmented() {
    return Arbitraries.integers()
        .between(0, 400)
        .list()
        .ofMinSize(2)
        .ofMaxSize(6)
        .map(
            lengths -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              for (int n = 0; n < lengths.size(); n++) {
                int first = n == 0 ? 0x01 : n == lengths.size() - 1 ? 0x80 : 0x00;
                out.writeBytes(frame(first, 126, lengths.get(n), lengths.get(n)));
              }
              return out.toByteArray();
            });
  }

  /** A frame of any header, whose payload may be of another length. */
  private static Arbitrary<byte[]> odd() {
    Arbitrary<Long> lengths =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 1_200),
            Arbitraries.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 65_535L, 65_536L));
    return Combinators.combine(
            Arbitraries.integers().between(0, 255),
            Arbitraries.integers().between(0, 255),
            lengths,
            Arbitraries.integers().between(0, 300))
        .as(FrameFuzzTest::frame);
  }

  private static Arbitrary<Stream> streams() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
    Arbitrary<byte[]> any =
        Arbitraries.frequencyOf(
            Tuple.of(20, legal()),
            Tuple.of(4, fragmented()),
            Tuple.of(2, odd()),
            Tuple.of(1, noise));
    return Combinators.combine(
            any.list().ofMaxSize(12),
            Arbitraries.integers().between(1, 90).list().ofMaxSize(40),
            Arbitraries.of(false, true))
        .as((frames, pieces, compressed) -> new Stream(joined(frames), pieces, compressed));
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static Outcome whole(Stream stream) {
    FrameGuard guard = new FrameGuard(LIMIT, stream.compressed());
    int passed = guard.inspect(stream.bytes(), 0, stream.bytes().length);
    return new Outcome(frames(guard, stream), passed, code(guard));
  }

  private static Outcome inPieces(Stream stream) {
    FrameGuard guard = new FrameGuard(LIMIT, stream.compressed());
    byte[] bytes = stream.bytes();
    int passed = 0;
    int piece = 0;
    for (int at = 0; at < bytes.length && guard.violation().isEmpty(); piece++) {
      int left = bytes.length - at;
      int count =
          piece < stream.pieces().size() ? Math.min(stream.pieces().get(piece), left) : left;
      // in the middle of another array, as a reader's buffer may be
      byte[] buffer = new byte[count + 7];
      Arrays.fill(buffer, (byte) 0xFF);
      System.arraycopy(bytes, at, buffer, 3, count);
      int now = guard.inspect(buffer, 3, count);
      assertThat(now).isBetween(0, count);
      assertThat(now == count || guard.violation().isPresent()).isTrue();
      passed += now;
      at += count;
    }
    return new Outcome(frames(guard, stream), passed, code(guard));
  }

  /** Where there is a violation the guard does not say how far it was: the frames before count. */
  private static long frames(FrameGuard guard, Stream stream) {
    return guard.violation().isPresent() ? model(stream).frames() : guard.progress().frames();
  }

  private static OptionalInt code(FrameGuard guard) {
    return guard
        .violation()
        .map(Violation::closeCode)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** RFC 6455, section 5, over the whole at once. */
  private static Outcome model(Stream stream) {
    ByteBuffer in = ByteBuffer.wrap(stream.bytes());
    long frames = 0;
    long message = 0;
    boolean inside = false;
    while (in.hasRemaining()) {
      int start = in.position();
      int first = in.get() & 0xFF;
      int opcode = first & 0x0F;
      boolean fin = first >= 0x80;
      boolean control = opcode >= 8;
      boolean known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
      boolean reserved = (first & 0x30) != 0;
      boolean rsv1 = (first & 0x40) != 0;
      if (!known
          || reserved
          || (rsv1 && !(stream.compressed() && (opcode == 1 || opcode == 2)))
          || (control && !fin)
          || (opcode == 0 && !inside)
          || ((opcode == 1 || opcode == 2) && inside)) {
        return new Outcome(frames, start, OptionalInt.of(1002));
      }
      if (!in.hasRemaining()) {
        return new Outcome(frames, in.limit(), OptionalInt.empty());
      }
      int second = in.get() & 0xFF;
      if (second >= 0x80 || (control && second > 125)) {
        return new Outcome(frames, start, OptionalInt.of(1002));
      }
      int extra = second == 126 ? 2 : second == 127 ? 8 : 0;
      if (in.remaining() < extra) {
        return new Outcome(frames, in.limit(), OptionalInt.empty());
      }
      long length = extra == 0 ? second : extra == 2 ? in.getShort() & 0xFFFF : in.getLong();
      if (length < 0) {
        return new Outcome(frames, start, OptionalInt.of(1002));
      }
      if (!control) {
        if (length > LIMIT - message) {
          return new Outcome(frames, start, OptionalInt.of(1009));
        }
        inside = !fin;
        message = inside ? message + length : 0;
      }
      if (in.remaining() < length) {
        return new Outcome(frames, in.limit(), OptionalInt.empty());
      }
      in.position(in.position() + (int) length);
      frames++;
    }
    return new Outcome(frames, in.limit(), OptionalInt.empty());
  }

  @Test
  void theGuardSaysOfAnyStreamWhatTheRfcSays() {
    Fuzz.check(
        "FrameFuzzTest#theGuardSaysOfAnyStreamWhatTheRfcSays",
        20_000,
        streams(),
        stream -> assertThat(whole(stream)).isEqualTo(model(stream)));
  }

  @Test
  void theGuardSaysTheSameInAnyPieces() {
    Fuzz.check(
        "FrameFuzzTest#theGuardSaysTheSameInAnyPieces",
        20_000,
        streams(),
        stream -> {
          Outcome whole = whole(stream);
          Outcome pieces = inPieces(stream);
          assertThat(pieces.closeCode()).isEqualTo(whole.closeCode());
          assertThat(pieces.frames()).isEqualTo(whole.frames());
          // of the header that violates, what came in earlier pieces has passed
          int ofTheHeader = pieces.closeCode().isPresent() ? 9 : 0;
          assertThat(pieces.passed() - whole.passed()).isBetween(0, ofTheHeader);
        });
  }

  @Test
  void theGuardKnowsWhetherAFrameIsUnderWayWhereverTheStreamStops() {
    Fuzz.check(
        "FrameFuzzTest#theGuardKnowsWhetherAFrameIsUnderWayWhereverTheStreamStops",
        5_000,
        legal().list().ofMinSize(1).ofMaxSize(3),
        frames -> {
          Stream stream = new Stream(joined(frames), List.of(), true);
          if (model(stream).closeCode().isPresent()) {
            return; // a fragment in the wrong place
          }
          for (int end = 0; end <= stream.bytes().length; end++) {
            byte[] cut = Arrays.copyOf(stream.bytes(), end);
            FrameGuard guard = new FrameGuard(LIMIT, true);
            guard.inspect(cut, 0, end);
            Outcome expected = model(new Stream(cut, List.of(), true));
            int whole = 0;
            for (int n = 0; n < expected.frames(); n++) {
              whole += frames.get(n).length;
            }
            assertThat(guard.progress()).isEqualTo(new Progress(expected.frames(), end > whole));
          }
        });
  }
}
