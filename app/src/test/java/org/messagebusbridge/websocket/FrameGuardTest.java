package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameGuardTest {
  private static final int LIMIT = 70_000;

  @Test
  void letsEveryLegalFramePassWhateverPiecesItComesIn() {
    byte[] stream =
        bytes(
            frame(0x81, 0),
            frame(0x82, 125),
            frame(0x89, 125),
            frame(0x82, 126),
            frame(0x01, 10),
            frame(0x8A, 3),
            frame(0x00, 0),
            frame(0x80, 65_536),
            frame(0x82, LIMIT),
            frame(0x88, 2));
    for (int piece : new int[] {1, 2, 3, 7, 4_096, stream.length}) {
      FrameGuard guard = new FrameGuard(LIMIT, false);
      for (int from = 0; from < stream.length; from += piece) {
        int count = Math.min(piece, stream.length - from);
        assertThat(guard.inspect(stream, from, count)).isEqualTo(count);
      }
      assertThat(guard.violation()).isEmpty();
      assertThat(guard.progress()).isEqualTo(new FrameGuard.Progress(10, false));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "83 00, 1002, sent a frame of the unknown opcode 0x3",
    "8b 00, 1002, sent a frame of the unknown opcode 0xb",
    "c1 00, 1002, sent a frame with a reserved bit set",
    "a1 00, 1002, sent a frame with a reserved bit set",
    "91 00, 1002, sent a frame with a reserved bit set",
    "81 80, 1002, sent a masked frame",
    "09 00, 1002, sent a control frame in fragments",
    "89 7e, 1002, sent a control frame of more than 125 bytes",
    "80 00, 1002, sent a continuation of no message",
    "01 00 81 00, 1002, began a message inside another",
    "82 7f 80 00 00 00 00 00 00 00, 1002, sent a frame whose length has its highest bit set",
    "82 7f 40 00 00 00 00 00 00 00, 1009,",
    "82 7f 00 00 00 00 00 01 11 71, 1009,",
    "01 7e ff ff 00 7e 11 72, 1009,"
  })
  void stopsAtTheFirstFrameThatIsNotLegal(String hex, int code, String what) {
    byte[] stream = HexFormat.ofDelimiter(" ").parseHex(hex);
    // The payloads of the frames before the last are left out of the notation above.
    byte[] whole =
        hex.startsWith("01 7e")
            ? bytes(frame(0x01, 65_535), HexFormat.of().parseHex("007e1172"))
            : stream;
    byte[] before = frame(0x82, 5);
    byte[] all = bytes(before, whole);

    FrameGuard guard = new FrameGuard(LIMIT, false);
    int passed = guard.inspect(all, 0, all.length);

    FrameGuard.Violation violation = guard.violation().orElseThrow();
    assertThat(violation.closeCode()).isEqualTo(code);
    assertThat(violation.what())
        .isEqualTo(
            what == null ? "sent a message of more than 70000 bytes (ws_max_message_bytes)" : what);
    int illegal = hex.startsWith("01 7e") ? 4 : hex.startsWith("01 00") ? 2 : stream.length;
    assertThat(passed).as("what is before it passes").isEqualTo(all.length - illegal);
  }

  @Test
  void takesTheReservedBitOfACompressedMessageOnlyWhenCompressionWasAgreedOn() {
    byte[] compressed = frame(0xC1, 3);
    FrameGuard agreed = new FrameGuard(LIMIT, true);
    assertThat(agreed.inspect(compressed, 0, compressed.length)).isEqualTo(compressed.length);
    byte[] control = frame(0xC9, 3);
    assertThat(agreed.inspect(control, 0, control.length)).isZero();
    assertThat(agreed.violation()).isPresent();
  }

  @Test
  void knowsWhetherAFrameIsUnderWay() {
    byte[] frame = frame(0x82, 100);
    FrameGuard guard = new FrameGuard(LIMIT, false);
    assertThat(guard.inspect(frame, 0, 50)).isEqualTo(50);
    assertThat(guard.progress()).isEqualTo(new FrameGuard.Progress(0, true));
    assertThat(guard.inspect(frame, 50, frame.length - 50)).isEqualTo(frame.length - 50);
    assertThat(guard.progress()).isEqualTo(new FrameGuard.Progress(1, false));
  }

  private static byte[] frame(int first, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (length < 126) {
      out.write(length);
    } else if (length < 65_536) {
      out.write(126);
      out.write(length >> 8);
      out.write(length);
    } else {
      out.write(127);
      out.write(new byte[4], 0, 4);
      for (int shift = 24; shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    out.write(new byte[length], 0, length);
    return out.toByteArray();
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part, 0, part.length);
    }
    return all.toByteArray();
  }
}
