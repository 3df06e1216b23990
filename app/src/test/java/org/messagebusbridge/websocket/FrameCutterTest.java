package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.sandbox.RawFrame;

class FrameCutterTest {
  private static final int PIECE = FrameCutter.PIECE_BYTES;

  private final Random random = new Random(18);

  private byte[] body(int size) {
    byte[] body = new byte[size];
    random.nextBytes(body);
    return body;
  }

  /** Everything that comes out, asked for in parts of this size at most. */
  private static byte[] through(InputStream frames, int part) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] bytes = new byte[part];
    try (FrameCutter cutter = new FrameCutter(frames)) {
      for (int count = cutter.read(bytes, 0, part); count >= 0; ) {
        out.write(bytes, 0, count);
        count = cutter.read(bytes, 0, part);
      }
    }
    return out.toByteArray();
  }

  private static byte[] wire(RawFrame... frames) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (RawFrame frame : frames) {
      wire.writeBytes(frame.bytes());
    }
    return wire.toByteArray();
  }

  private static List<RawFrame> frames(byte[] wire) throws IOException {
    List<RawFrame> frames = new ArrayList<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(wire));
    while (in.available() > 0) {
      frames.add(RawFrame.readFrom(in));
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8 * 1024, 1 << 20})
  void passesOnWhatIsShortAsItIsHoweverItIsReadAndHoweverItComes(int part) throws IOException {
    byte[] wire =
        wire(
            RawFrame.text(""),
            RawFrame.text(body(125)),
            RawFrame.ping(body(125)),
            RawFrame.of(false, RawFrame.BINARY, body(126)).withRsv(4),
            RawFrame.ping(new byte[0]),
            RawFrame.of(true, RawFrame.CONTINUATION, body(0xFFFF)),
            RawFrame.binary(body(0x10000)),
            RawFrame.binary(body(PIECE)),
            RawFrame.close(1000, "bye"));

    assertThat(through(new ByteArrayInputStream(wire), part)).isEqualTo(wire);
    assertThat(through(new Dribbling(wire), part)).isEqualTo(wire);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8 * 1024, 1 << 20})
  void cutsWhatIsLongIntoFragments(int part) throws IOException {
    byte[] first = body(2 * PIECE + 1);
    byte[] second = body(2 * PIECE);
    byte[] wire =
        wire(
            RawFrame.of(false, RawFrame.TEXT, first).withRsv(4),
            RawFrame.ping(new byte[] {1}),
            RawFrame.of(true, RawFrame.CONTINUATION, second),
            RawFrame.text("after"));
    RawFrame[] cut = {
      RawFrame.of(false, RawFrame.TEXT, Arrays.copyOf(first, PIECE)).withRsv(4),
      RawFrame.of(false, RawFrame.CONTINUATION, Arrays.copyOfRange(first, PIECE, 2 * PIECE)),
      RawFrame.of(false, RawFrame.CONTINUATION, Arrays.copyOfRange(first, 2 * PIECE, first.length)),
      RawFrame.ping(new byte[] {1}),
      RawFrame.of(false, RawFrame.CONTINUATION, Arrays.copyOf(second, PIECE)),
      RawFrame.of(true, RawFrame.CONTINUATION, Arrays.copyOfRange(second, PIECE, 2 * PIECE)),
      RawFrame.text("after")
    };

    for (InputStream in : List.of(new ByteArrayInputStream(wire), new Dribbling(wire))) {
      assertThat(frames(through(in, part))).containsExactly(cut);
    }
  }

  @Test
  void handsOutWhatIsThereAndWaitsForNoMore() throws IOException {
    byte[] wire = wire(RawFrame.text("one"), RawFrame.text("two"));
    byte[] bytes = new byte[8 * 1024];
    InputStream frames =
        new InputStream() {
          private int reads;

          @Override
          public int read() {
            throw new AssertionError("not byte by byte");
          }

          @Override
          public int read(byte[] to, int offset, int length) {
            assertThat(reads++).as("reads").isZero();
            System.arraycopy(wire, 0, to, offset, wire.length - 1);
            return wire.length - 1;
          }
        };
    try (FrameCutter cutter = new FrameCutter(frames)) {
      assertThat(cutter.read(bytes, 0, bytes.length)).isEqualTo(wire.length - 1);
    }
    assertThat(Arrays.copyOf(bytes, wire.length - 1))
        .isEqualTo(Arrays.copyOf(wire, wire.length - 1));
  }

  /** Comes byte by byte, whatever is asked for. */
  private static final class Dribbling extends InputStream {
    private final InputStream bytes;

    private Dribbling(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return bytes.read(to, offset, Math.min(1, length));
    }
  }
}
