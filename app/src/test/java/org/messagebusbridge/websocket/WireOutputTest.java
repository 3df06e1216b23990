package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireOutputTest {
  private final List<Integer> writes = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final List<Integer> keys = new ArrayList<>();
  private boolean broken;

  private final OutputStream peer =
      new OutputStream() {
        @Override
        public void write(int b) {
          writes.add(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          if (broken) {
            throw new SocketException("Broken pipe");
          }
          writes.add(length);
          wire.write(bytes, offset, length);
        }
      };

  private boolean permitted = true;

  private final WireOutput output =
      new WireOutput(
          peer,
          new WireEvents() {
            @Override
            public void inputEnded() {
              events.add("ended");
            }

            @Override
            public void inputFailed(IOException cause) {
              events.add("input " + cause.getMessage());
            }

            @Override
            public void violated(FrameGuard.Violation violation) {
              events.add("violated");
            }

            @Override
            public void outputFailed(IOException cause) {
              events.add("output " + cause.getMessage());
            }

            @Override
            public byte[] nextPing() {
              events.add("ping");
              return body(events.size());
            }

            @Override
            public void pongWritten() {
              events.add("pong");
            }

            @Override
            public void flushed() {
              events.add("flushed");
            }
          },
          () -> permitted);

  @Test
  void writesAtOnceWhatIsFlushedAndSaysSo() throws IOException {
    output.write(new byte[10]);
    assertThat(writes).isEmpty();
    output.flush();
    assertThat(writes).containsExactly(10);
    assertThat(events).containsExactly("flushed");
  }

  /** What goes out, frame by frame as a peer reads it: its first byte and its payload. */
  private List<String> frames() {
    List<String> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(wire.toByteArray());
    while (in.hasRemaining()) {
      int first = in.get() & 0xFF;
      int second = in.get() & 0xFF;
      assertThat(second & 0x80).as("masked").isEqualTo(0x80);
      int length = second & 0x7F;
      long bytes = length == 127 ? in.getLong() : length == 126 ? in.getShort() & 0xFFFF : length;
      byte[] key = new byte[4];
      in.get(key);
      keys.add(ByteBuffer.wrap(key).getInt());
      byte[] payload = new byte[(int) bytes];
      in.get(payload);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= key[i % 4];
      }
      frames.add("%02x %s".formatted(first, new String(payload, ISO_8859_1)));
    }
    return frames;
  }

  private static byte[] body(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) ('a' + i % 26);
    }
    return body;
  }

  private static String text(String first, int length) {
    return first + " " + new String(body(length), ISO_8859_1);
  }

  @Test
  void putsMessagesInARowIntoOneWrite() {
    output.open();
    for (int n = 0; n < 5; n++) {
      assertThat(output.message(0x1, false, body(100))).isTrue();
    }
    assertThat(writes).isEmpty();
    assertThat(output.messagesOut()).isZero();

    output.sendOut();

    assertThat(writes).containsExactly(5 * 106);
    assertThat(output.messagesOut()).isEqualTo(5);
    assertThat(events).containsExactly("flushed");
    assertThat(frames()).isEqualTo(Collections.nCopies(5, text("81", 100)));
    assertThat(keys).as("a key of its own for each").doesNotHaveDuplicates();
  }

  @Test
  void makesFramesOfEveryLengthAcrossTheEndOfItsBuffer() {
    output.open();
    List<String> expected = new ArrayList<>();
    for (int length : new int[] {0, 1, 7, 125, 126, 127, 40_000, 65_535, 65_536, 100_001, 3}) {
      for (int again = 0; again < 5; again++) {
        output.message(0x2, false, body(length));
        expected.add(text("82", length));
      }
    }
    output.message(0x1, true, body(9));
    expected.add(text("c1", 9));
    output.sendOut();

    assertThat(frames()).isEqualTo(expected);
    assertThat(output.messagesOut()).isEqualTo(56);
    assertThat(writes).allMatch(length -> length <= 32_768);
  }

  @Test
  void drawsNewKeysWhenTheFirstAreUsedUp() {
    output.open();
    for (int n = 0; n < 1_000; n++) {
      output.message(0x1, false, body(1));
    }
    output.sendOut();
    assertThat(frames()).hasSize(1_000);
    assertThat(Set.copyOf(keys)).hasSizeGreaterThan(990);
  }

  @Test
  void countsAMessageAsOutOnlyWhenItsLastByteIs() {
    output.open();
    output.message(0x2, false, body(10));
    output.message(0x2, false, body(40_000));
    assertThat(writes).as("what the buffer cannot hold").hasSize(1);
    assertThat(output.messagesOut()).isEqualTo(1);
    output.sendOut();
    assertThat(output.messagesOut()).isEqualTo(2);
  }

  @Test
  void sendsItsPingBehindTheMessages() {
    output.open();
    output.message(0x1, false, body(3));
    output.ping();
    output.sendOut();
    assertThat(frames()).containsExactly(text("81", 3), text("89", 1));
    assertThat(events).containsExactly("ping", "flushed");
  }

  @Test
  void writesAWantedPingOnceBehindTheMessagesByTheNextFlush() throws IOException {
    output.wantPing();
    output.flush();
    assertThat(frames()).as("not before the handshake is over").isEmpty();
    output.open();
    output.wantPing();
    output.message(0x1, false, body(3));
    output.message(0x1, false, body(4));
    output.flush();
    output.sendOut();
    assertThat(frames()).containsExactly(text("81", 3), text("81", 4), text("89", 2));
    assertThat(events).containsExactly("flushed", "ping", "flushed", "flushed");
  }

  @Test
  void sendsNothingBehindTheLibrarysCloseFrame() throws IOException {
    output.open();
    output.message(0x1, false, body(3));
    output.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
    output.flush();

    assertThat(output.message(0x1, false, body(3))).isFalse();
    output.ping();
    output.wantPing();
    output.sendOut();

    assertThat(frames()).containsExactly(text("81", 3), "88 ");
    assertThat(events).doesNotContain("ping");
    assertThat(output.messagesOut()).isEqualTo(1);
  }

  @Test
  void noMessageOvertakesAPongThatWasThereBefore() {
    output.open();
    output.message(0x1, false, body(1));
    output.pong(body(2));
    assertThat(events).as("nobody waits for a pong").isEmpty();
    output.message(0x1, false, body(3));
    output.pong(body(4));
    output.ping();
    output.pong(body(6));
    output.sendOut();

    assertThat(frames())
        .containsExactly(
            text("81", 1),
            text("8a", 2),
            text("81", 3),
            text("8a", 4),
            text("89", 3),
            text("8a", 6));
    assertThat(events).containsExactly("pong", "pong", "ping", "pong", "flushed");
    assertThat(output.messagesOut()).isEqualTo(2);
  }

  @Test
  void writesAPongWhenTheLibraryFlushesAndNoneBehindItsCloseFrame() throws IOException {
    output.open();
    output.pong(body(1));
    output.flush();
    assertThat(events).containsExactly("pong", "flushed");
    output.pong(body(2));
    output.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
    output.pong(body(3));
    output.flush();

    assertThat(frames()).containsExactly(text("8a", 1), text("8a", 2), "88 ");
  }

  @Test
  void tellsOnceThatItIsBrokenAndCountsNothingFromThenOn() {
    output.open();
    output.message(0x1, false, body(3));
    output.sendOut();
    output.message(0x1, false, body(3));
    broken = true;
    output.sendOut();
    broken = false;

    assertThat(output.message(0x1, false, body(3))).isFalse();
    output.sendOut();

    assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
    assertThat(output.messagesOut()).isEqualTo(1);
    assertThat(frames()).hasSize(1);
    assertThat(events).startsWith("flushed", "output Broken pipe");
  }

  @Test
  void writesLargeBodiesInPiecesSoThatProgressShows() throws IOException {
    output.write(new byte[100_000]);
    output.flush();
    assertThat(writes).containsExactly(32_768, 32_768, 32_768, 1_696);
  }

  @Test
  void keepsQuietAboutABrokenConnectionUntilTheHandshakeIsOver() throws IOException {
    broken = true;
    output.write(new byte[10]);
    output.flush();
    assertThat(events).containsExactly("flushed");
    output.open();
    output.write(new byte[10]);
    assertThatThrownBy(output::flush).isInstanceOf(SocketException.class);
    assertThat(events).containsExactly("flushed", "output Broken pipe");
  }

  @Test
  void writesNothingOnceThePermitIsRefusedNorLaterWhatWasRefused() throws IOException {
    output.write(new byte[10]);
    permitted = false;

    assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
    permitted = true;
    output.flush();

    assertThat(writes).isEmpty();
    assertThat(events)
        .containsExactly("output it may be another bridge's turn to write", "flushed");
  }

  @Test
  void asksForThePermitBeforeEachWriteThatAFullBufferMakes() throws IOException {
    output.open();
    output.write(new byte[40_000]);
    assertThat(writes).containsExactly(32_768);
    permitted = false;

    assertThatThrownBy(() -> output.write(new byte[60_000])).isInstanceOf(IOException.class);

    assertThat(writes).containsExactly(32_768);
    assertThat(events).containsExactly("output it may be another bridge's turn to write");
  }

  @Test
  void writesNoMessageAnyMoreOnceThePermitWasRefused() {
    output.open();
    output.message(0x1, false, body(3));
    permitted = false;

    output.sendOut();
    permitted = true;

    assertThat(output.message(0x1, false, body(3))).isFalse();
    output.sendOut();
    assertThat(writes).isEmpty();
    assertThat(output.messagesOut()).isZero();
    assertThat(events).containsExactly("output it may be another bridge's turn to write");
  }
}
