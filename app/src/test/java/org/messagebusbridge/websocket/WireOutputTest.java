package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.websocket.WebSocketConfig.PongMatch;

class WireOutputTest {
  private static final long TAG = 0x1234_5678_9ABC_DEF0L;

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

  private final WireOutput output = new WireOutput(peer, () -> permitted);
  private final ReceiptPings pings = pings(false);
  private final PeerPings pongs = new PeerPings(System::nanoTime, () -> {}, (task, nanos) -> {});

  private static ReceiptPings pings(boolean receipts) {
    return new ReceiptPings(
        new ReceiptPings.Pace(receipts, Duration.ZERO, Duration.ZERO),
        PongMatch.EXACT,
        TAG,
        System::nanoTime,
        () -> {},
        (task, nanos) -> {});
  }

  /** As when the handshake is over: with no pings but those that are asked for. */
  private void open() {
    open(pings);
  }

  private void open(ReceiptPings pings) {
    output.open(
        new WireOutput.Connected(
            pings,
            pongs,
            cause -> events.add("output " + cause.getMessage()),
            () -> events.add("flushed")));
  }

  private void pong(int length) {
    pongs.read(body(length), 0);
  }

  private static String ping(long number) {
    byte[] payload = ByteBuffer.allocate(16).putLong(TAG).putLong(number).array();
    return "89 " + new String(payload, ISO_8859_1);
  }

  @Test
  void writesAtOnceWhatIsFlushedAndSaysSo() throws IOException {
    open();
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
    open();
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
    open();
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
    open();
    for (int n = 0; n < 1_000; n++) {
      output.message(0x1, false, body(1));
    }
    output.sendOut();
    assertThat(frames()).hasSize(1_000);
    assertThat(Set.copyOf(keys)).hasSizeGreaterThan(990);
  }

  @Test
  void countsAMessageAsOutOnlyWhenItsLastByteIs() {
    open();
    output.message(0x2, false, body(10));
    output.message(0x2, false, body(40_000));
    assertThat(writes).as("what the buffer cannot hold").hasSize(1);
    assertThat(output.messagesOut()).isEqualTo(1);
    output.sendOut();
    assertThat(output.messagesOut()).isEqualTo(2);
  }

  @Test
  void sendsItsPingBehindTheMessages() {
    open(pings(true));
    output.message(0x1, false, body(3));
    output.sendOut();
    assertThat(frames()).containsExactly(text("81", 3), ping(1));
    assertThat(events).containsExactly("flushed");
  }

  @Test
  void sendsAPingAfterEachSixtyFourMessagesOfARow() {
    open(pings(true));
    for (int n = 0; n < 129; n++) {
      output.message(0x1, false, body(3));
    }
    output.sendOut();
    List<String> frames = frames();
    assertThat(frames).hasSize(129 + 2);
    assertThat(frames.get(64)).isEqualTo(ping(1));
    assertThat(frames.get(64 + 1 + 64)).isEqualTo(ping(2));
  }

  @Test
  void writesAWantedPingOnceBehindTheMessagesByTheNextFlush() throws IOException {
    pings.probe();
    output.flush();
    assertThat(frames()).as("not before the handshake is over").isEmpty();
    open();
    output.message(0x1, false, body(3));
    output.message(0x1, false, body(4));
    output.flush();
    output.sendOut();
    assertThat(frames()).containsExactly(text("81", 3), text("81", 4), ping(1));
    assertThat(events).containsExactly("flushed", "flushed");
  }

  @Test
  void sendsNothingBehindTheLibrarysCloseFrame() throws IOException {
    open(pings(true));
    output.message(0x1, false, body(3));
    output.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
    output.flush();

    assertThat(output.message(0x1, false, body(3))).isFalse();
    output.sendOut();
    output.flush();

    assertThat(frames()).containsExactly(text("81", 3), "88 ");
    assertThat(output.messagesOut()).isEqualTo(1);
  }

  @Test
  void writesNoWantedPingBehindTheLibrarysCloseFrame() throws IOException {
    open();
    output.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
    pings.probe();
    output.sendOut();
    output.flush();

    assertThat(frames()).containsExactly("88 ");
    assertThat(pings.isWanted()).isTrue();
  }

  @Test
  void noMessageOvertakesAPongThatWasThereBefore() {
    open();
    output.message(0x1, false, body(1));
    pong(2);
    assertThat(events).as("nobody waits for a pong").isEmpty();
    output.message(0x1, false, body(3));
    pong(4);
    pings.probe();
    pong(6);
    output.sendOut();

    assertThat(frames())
        .containsExactly(
            text("81", 1), text("8a", 2), text("81", 3), text("8a", 4), text("8a", 6), ping(1));
    assertThat(events).containsExactly("flushed");
    assertThat(output.messagesOut()).isEqualTo(2);
  }

  @Test
  void noPingOvertakesAPongThatWasThereBefore() {
    open(pings(true));
    for (int n = 1; n < 64; n++) {
      output.message(0x1, false, body(3));
    }
    pong(4);
    output.message(0x1, false, body(3));
    pong(6);
    output.sendOut();

    assertThat(frames().subList(63, 67))
        .containsExactly(text("8a", 4), text("81", 3), ping(1), text("8a", 6));
  }

  @Test
  void writesAPongWhenTheLibraryFlushesAndNoneBehindItsCloseFrame() throws IOException {
    open();
    pong(1);
    output.flush();
    assertThat(events).containsExactly("flushed");
    assertThat(frames()).containsExactly(text("8a", 1));
    pong(2);
    output.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
    pong(3);
    output.flush();

    assertThat(frames()).containsExactly(text("8a", 1), text("8a", 2), "88 ");
  }

  @Test
  void tellsOnceThatItIsBrokenAndCountsNothingFromThenOn() {
    open();
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
    open();
    assertThat(events).isEmpty();
    output.write(new byte[10]);
    assertThatThrownBy(output::flush).isInstanceOf(SocketException.class);
    assertThat(events).containsExactly("output Broken pipe");
  }

  @Test
  void writesNothingOnceThePermitIsRefusedNorLaterWhatWasRefused() throws IOException {
    output.write(new byte[10]);
    permitted = false;

    assertThatThrownBy(output::flush)
        .isInstanceOf(IOException.class)
        .hasMessage("it may be another bridge's turn to write");
    permitted = true;
    output.flush();

    assertThat(writes).isEmpty();
  }

  @Test
  void asksForThePermitBeforeEachWriteThatAFullBufferMakes() throws IOException {
    open();
    output.write(new byte[40_000]);
    assertThat(writes).containsExactly(32_768);
    permitted = false;

    assertThatThrownBy(() -> output.write(new byte[60_000])).isInstanceOf(IOException.class);

    assertThat(writes).containsExactly(32_768);
    assertThat(events).containsExactly("output it may be another bridge's turn to write");
  }

  @Test
  void writesNoMessageAnyMoreOnceThePermitWasRefused() {
    open();
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
