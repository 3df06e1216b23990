package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;

class MessageReaderTest {
  private static final int LIMIT = 1 << 20;

  private static WebSocketFrame frame(int opcode, boolean last, byte[] payload) {
    return new WebSocketFrame().setFin(last).setOpcode(opcode).setPayload(payload);
  }

  private static WebSocketFrame compressed(int opcode, boolean last, byte[] payload) {
    return frame(opcode, last, payload).setRsv1(true);
  }

  private static MessageReader inflating(boolean forgetful) {
    return new MessageReader(LIMIT, Optional.of(new Inflation(forgetful)));
  }

  @ParameterizedTest
  @CsvSource({"true, 15", "false, 15", "false, 12", "true, 9", "false, 8"})
  void undoesWhatDeflationDoesMessageAfterMessage(boolean forgetful, int windowBits)
      throws Exception {
    Deflation deflation = new Deflation(forgetful, windowBits);
    MessageReader reader = inflating(forgetful);
    Random random = new Random(3);
    for (int n = 1; n <= 300; n++) {
      byte[] body = new byte[random.nextInt(1, 40_000)];
      if (n % 3 == 0) {
        random.nextBytes(body);
      } else {
        Arrays.fill(body, (byte) n);
      }
      byte[] wire = deflation.deflate(body);
      int cut = random.nextInt(wire.length + 1);

      assertThat(reader.read(compressed(WebSocketOpcode.BINARY, false, Arrays.copyOf(wire, cut))))
          .isEmpty();
      assertThat(
              reader.read(
                  frame(
                      WebSocketOpcode.CONTINUATION,
                      true,
                      Arrays.copyOfRange(wire, cut, wire.length))))
          .contains(Message.of(body, Form.BINARY));
    }
  }

  /** Found by {@link InflationFuzzTest}: it threw. */
  @Test
  void compressesABodyOfNoBytesToOne() throws Exception {
    byte[] wire = new Deflation(false, 8).deflate(new byte[0]);
    assertThat(wire).containsExactly(0x00);
    assertThat(inflating(false).read(compressed(WebSocketOpcode.BINARY, true, wire)))
        .contains(Message.of(new byte[0], Form.BINARY));
  }

  @Test
  void remembersEarlierMessagesWhenItMay() {
    Deflation deflation = new Deflation(false, 15);
    byte[] body = "{\"price\":101.25,\"instrument\":\"XS0123456789\"}".getBytes(UTF_8);
    int first = deflation.deflate(body).length;
    assertThat(deflation.deflate(body).length).isLessThan(first / 3);
  }

  @ParameterizedTest
  @CsvSource({"8, 300", "9, 600", "9, 513", "14, 20000"})
  void doesNotReferToWhatLiesBeyondThePeersWindow(int windowBits, int distance) {
    byte[] once = new byte[distance];
    new Random(5).nextBytes(once);
    byte[] twice = Arrays.copyOf(once, 2 * distance);
    System.arraycopy(once, 0, twice, distance, distance);

    assertThat(new Deflation(false, 15).deflate(twice).length).isLessThan(distance * 3 / 2);
    assertThat(new Deflation(false, windowBits).deflate(twice)).hasSizeGreaterThan(2 * distance);
  }

  @Test
  void givesUpADecompressionBombAtTheLimit() {
    byte[] bomb = new Deflation(true, 15).deflate(new byte[64 << 20]);
    MessageReader reader = inflating(true);
    MessageReader.RefusedException refused =
        catchThrowableOfType(
            MessageReader.RefusedException.class,
            () -> reader.read(compressed(WebSocketOpcode.BINARY, true, bomb)));
    assertThat(refused.violation().closeCode()).isEqualTo(1009);
  }

  @Test
  void refusesDataThatIsNotCompressedAsItSays() {
    MessageReader.RefusedException refused =
        catchThrowableOfType(
            MessageReader.RefusedException.class,
            () ->
                inflating(true)
                    .read(compressed(WebSocketOpcode.BINARY, true, new byte[] {(byte) 0xFF, 7})));
    assertThat(refused.violation().closeCode()).isEqualTo(1007);
  }

  @Test
  void checksTheTextThatComesOutOfTheCompression() {
    byte[] wire = new Deflation(true, 15).deflate(new byte[] {'a', (byte) 0xFF});
    MessageReader.RefusedException refused =
        catchThrowableOfType(
            MessageReader.RefusedException.class,
            () -> inflating(true).read(compressed(WebSocketOpcode.TEXT, true, wire)));
    assertThat(refused.violation().closeCode()).isEqualTo(1007);
  }

  @Test
  void refusesAMessageThatGrowsBeyondTheLimitFragmentByFragment() throws Exception {
    MessageReader reader = new MessageReader(10, Optional.empty());
    assertThat(reader.read(frame(WebSocketOpcode.BINARY, false, new byte[6]))).isEmpty();
    assertThat(
            catchThrowableOfType(
                    MessageReader.RefusedException.class,
                    () -> reader.read(frame(WebSocketOpcode.CONTINUATION, true, new byte[5])))
                .violation()
                .closeCode())
        .isEqualTo(1009);
  }

  @Test
  void leavesTheLibraryNothingToKeep() throws Exception {
    MessageReader reader = new MessageReader(LIMIT, Optional.empty());
    WebSocketFrame first = frame(WebSocketOpcode.TEXT, false, new byte[] {'a'});
    WebSocketFrame middle = frame(WebSocketOpcode.CONTINUATION, false, new byte[] {'b'});
    WebSocketFrame last = frame(WebSocketOpcode.CONTINUATION, true, new byte[] {'c'});
    assertThat(reader.read(first)).isEmpty();
    assertThat(reader.read(middle)).isEmpty();
    assertThat(reader.read(last)).contains(Message.of("abc".getBytes(UTF_8), Form.TEXT));
    assertThat(first.getPayloadLength() + middle.getPayloadLength() + last.getPayloadLength())
        .isZero();
    assertThat(middle.isPongFrame()).as("it is not put among the fragments").isTrue();
    assertThat(last.isContinuationFrame()).isTrue();
  }
}
