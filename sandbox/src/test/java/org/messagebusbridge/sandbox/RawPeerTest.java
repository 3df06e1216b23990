package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
class RawPeerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void sendsTheFramesAsTheyAreAndHearsTheAnswer() throws Exception {
    RawFrame[] frames = {
      RawFrame.text("ä"),
      RawFrame.of(false, RawFrame.BINARY, new byte[] {1}),
      RawFrame.ping("p".getBytes(UTF_8)),
      RawFrame.of(true, RawFrame.CONTINUATION, new byte[] {2}),
      RawFrame.binary(new byte[70_000]),
      RawFrame.close(4000, "over")
    };
    try (RawPeer peer = RawPeer.sending(frames);
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), URI.create(peer.url()).getPort());
        DataInputStream in = new DataInputStream(socket.getInputStream())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      assertThat(RawHandshake.open(socket, in)).startsWith("HTTP/1.1 101 ");
      for (RawFrame frame : frames) {
        assertThat(RawFrame.readFrom(in)).isEqualTo(frame);
      }
      socket.getOutputStream().write(RawFrame.close(4000, "over").asMasked().bytes());
      assertThat(peer.awaitClose(PATIENCE)).isEqualTo(4000);
    }
  }

  @Test
  void keepsTheFramesOfItsClientsWithoutTheirMasks() throws Exception {
    try (RawPeer peer = RawPeer.sending();
        WebSocketClient client = WebSocketClient.connect(peer.url())) {
      client.sendText("half ", false);
      client.sendText("whole", true);
      client.sendBinary(new byte[70_000]);
      client.sendClose(1000, "bye");

      assertThat(peer.awaitClose(PATIENCE)).isEqualTo(1000);
      List<RawFrame> frames = peer.frames();
      assertThat(frames).extracting(RawFrame::opcode).containsExactly(1, 0, 2, 8);
      assertThat(frames).extracting(RawFrame::fin).containsExactly(false, true, true, true);
      assertThat(frames).extracting(RawFrame::masked).containsOnly(true);
      assertThat(frames.get(0).text()).isEqualTo("half ");
      assertThat(frames.get(1).text()).isEqualTo("whole");
      assertThat(frames.get(2).payload()).isEqualTo(new byte[70_000]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFrames")
  void sendsWhatAClientMustRefuse(String what, RawFrame frame) throws Exception {
    try (RawPeer peer = RawPeer.sending(RawFrame.text("right"), frame);
        WebSocketClient client = WebSocketClient.connect(peer.url())) {
      assertThat(client.next()).isEqualTo("text:right");
      assertThat(client.next()).as(what).isEqualTo("error");
      assertThat(client.failure()).isInstanceOf(ProtocolException.class);
      peer.awaitEnds(1, PATIENCE);
    }
  }

  static Stream<Arguments> wrongFrames() {
    byte[] payload = "x".getBytes(UTF_8);
    return Stream.of(
        Arguments.of("invalid UTF-8", RawFrame.text(new byte[] {(byte) 0xc3, 0x28})),
        Arguments.of("reserved opcode", RawFrame.of(true, 3, payload)),
        Arguments.of("reserved bit", RawFrame.text("x").withRsv(4)),
        Arguments.of("masked by a server", RawFrame.text("x").asMasked()),
        Arguments.of("fragmented ping", RawFrame.of(false, RawFrame.PING, payload)),
        Arguments.of("long ping", RawFrame.ping(new byte[126])),
        Arguments.of("close code 1005", RawFrame.close(1005, "")),
        Arguments.of("stray continuation", RawFrame.of(true, 0, payload)));
  }

  @Test
  void writesTheLengthItIsToldToDeclare() {
    assertThat(RawFrame.binary(new byte[] {5}).declaring(1L << 62).bytes())
        .containsExactly(0x82, 127, 0x40, 0, 0, 0, 0, 0, 0, 0, 5);
    assertThat(RawFrame.binary(new byte[] {5}).declaring(126).bytes())
        .containsExactly(0x82, 126, 0, 126, 5);
    assertThat(RawFrame.binary(new byte[] {5}).declaring(65_536).bytes())
        .containsExactly(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0, 5);
  }

  @Test
  void neverAnswersTheHandshake() throws Exception {
    try (RawPeer peer = RawPeer.silent();
        HttpClient http = HttpClient.newHttpClient()) {
      var connecting =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(peer.url()), new WebSocket.Listener() {});

      assertThatThrownBy(() -> connecting.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(peer.connections()).isEqualTo(1);
      http.shutdownNow();
    }
  }

  @Test
  void answersWithAWrongAccept() {
    try (RawPeer peer = RawPeer.withWrongAccept()) {
      assertThatThrownBy(() -> WebSocketClient.connect(peer.url()))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }
  }

  @Test
  void hangsUpMidHandshake() {
    try (RawPeer peer = RawPeer.hangingUpMidHandshake()) {
      assertThatThrownBy(() -> WebSocketClient.connect(peer.url()))
          .isInstanceOf(CompletionException.class);
    }
  }

  @Test
  void saysWhenNoCloseComes() {
    try (RawPeer peer = RawPeer.silent()) {
      assertThatThrownBy(() -> peer.awaitClose(Duration.ofMillis(10)))
          .isInstanceOf(SandboxException.class)
          .hasMessage("The raw peer got no close frame (but 0 others) within 10 ms");
    }
  }
}
