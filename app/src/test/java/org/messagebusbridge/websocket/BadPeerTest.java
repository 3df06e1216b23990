package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.websocket.Clients.Client;

/** What no right server sends: it is closed over, with the right code, and costs nothing. */
@Timeout(180)
class BadPeerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Clients clients = new Clients();

  @AfterEach
  void close() {
    clients.close();
  }

  static Stream<Arguments> offences() {
    RawFrame invalid = RawFrame.text(new byte[] {'a', (byte) 0xC0, (byte) 0xAF});
    byte[] half = {(byte) 0xE4, (byte) 0xB8};
    return Stream.of(
        Arguments.of("a text message that is not valid UTF-8", 1007, List.of(invalid)),
        Arguments.of("a text message that is not valid UTF-8", 1007, List.of(RawFrame.text(half))),
        Arguments.of(
            "a text message that is not valid UTF-8",
            1007,
            List.of(
                RawFrame.of(false, RawFrame.TEXT, half),
                RawFrame.of(false, RawFrame.CONTINUATION, new byte[] {'x'}))),
        Arguments.of(
            "a message of more than 1000000 bytes (ws_max_message_bytes)",
            1009,
            List.of(RawFrame.binary(new byte[10]).declaring(1L << 62))),
        Arguments.of(
            "a message of more than 1000000 bytes (ws_max_message_bytes)",
            1009,
            List.of(RawFrame.binary(new byte[1_000_001]))),
        Arguments.of(
            "a message of more than 1000000 bytes (ws_max_message_bytes)",
            1009,
            List.of(
                RawFrame.of(false, RawFrame.BINARY, new byte[600_000]),
                RawFrame.of(true, RawFrame.CONTINUATION, new byte[600_000]))),
        Arguments.of(
            "a frame whose length has its highest bit set",
            1002,
            List.of(RawFrame.binary(new byte[0]).declaring(-1))),
        Arguments.of("a masked frame", 1002, List.of(RawFrame.text("x").asMasked())),
        Arguments.of(
            "a frame with a reserved bit set", 1002, List.of(RawFrame.text("x").withRsv(4))),
        Arguments.of(
            "a frame of the unknown opcode 0x5", 1002, List.of(RawFrame.of(true, 5, new byte[0]))),
        Arguments.of(
            "a continuation of no message",
            1002,
            List.of(RawFrame.of(true, RawFrame.CONTINUATION, new byte[0]))));
  }

  @ParameterizedTest
  @MethodSource("offences")
  void closesOverAnOffenceWithTheRightCodeAfterHandingOutWhatCameBefore(
      String what, int code, List<RawFrame> frames) throws Exception {
    RawFrame[] all =
        Stream.concat(
                Stream.of(RawFrame.text(Messages.text(1).body()), RawFrame.text("")),
                frames.stream())
            .toArray(RawFrame[]::new);
    try (RawPeer peer = RawPeer.sending(all)) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.maxMessageBytes = 1_000_000;
      Client client = clients.start(config);

      BusException cause = client.losses().await().orElseThrow();
      assertThat(cause.sentence())
          .isEqualTo(
              peer.url()
                  + " sent "
                  + what
                  + "; the bridge closed the connection with "
                  + CloseCodes.describe(code)
                  + ".");
      assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(peer.awaitClose(PATIENCE)).isEqualTo(code);
      assertThat(client.deliveries().messages(2))
          .containsExactly(Messages.text(1), Message.of("".getBytes(UTF_8), Form.TEXT));
      assertThat(client.losses().count()).isEqualTo(1);
    }
  }

  @Test
  void answersAnIllegalCloseFrameWithAProtocolError() throws Exception {
    for (RawFrame illegal :
        List.of(
            RawFrame.close(1005, ""),
            RawFrame.close(999, ""),
            RawFrame.of(true, RawFrame.CLOSE, new byte[] {3}),
            RawFrame.of(true, RawFrame.CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF}))) {
      try (RawPeer peer = RawPeer.sending(illegal)) {
        Client client = clients.connect(clients.bus(new TestConfig(peer.host(), "/ws")));
        assertThat(client.losses().await().orElseThrow().sentence())
            .isEqualTo(peer.url() + " sent an illegal close frame.");
        assertThat(peer.awaitClose(PATIENCE)).isEqualTo(1002);
      }
    }
  }

  @Test
  void takesACloseFrameWithoutACodeForWhatItIs() throws Exception {
    try (RawPeer peer = RawPeer.sending(RawFrame.of(true, RawFrame.CLOSE, new byte[0]))) {
      Client client = clients.connect(clients.bus(new TestConfig(peer.host(), "/ws")));
      BusException cause = client.losses().await().orElseThrow();
      assertThat(cause.sentence())
          .isEqualTo(peer.url() + " closed the connection with 1005 (no code given).");
      assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void allocatesNothingOnThePeersWord() throws Exception {
    RawFrame promise = RawFrame.binary(new byte[10]).declaring(1 << 30);
    RawPeer.Script promising =
        peer -> {
          peer.open();
          peer.send(RawFrame.text("before"));
          peer.send(promise);
        };
    try (RawPeer peer = RawPeer.playing(promising)) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.maxMessageBytes = 1 << 30; // more than this JVM's heap has room for
      Client client = clients.start(config);

      assertThat(client.losses().await().orElseThrow().sentence())
          .isEqualTo(peer.url() + " closed the connection without saying why (no close frame).");
      assertThat(client.deliveries().messages(1))
          .containsExactly(Message.of("before".getBytes(UTF_8), Form.TEXT));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesUpAPeerWhoseFrameComesTooSlowlyWhetherItIsPingedOrNot(boolean pings) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    RawPeer.Script dribbling =
        peer -> {
          peer.open();
          peer.send(RawFrame.text("before"));
          peer.send(RawFrame.binary(new byte[0]).declaring(1 << 20));
          while (!over.await(10, TimeUnit.MILLISECONDS)) {
            peer.send("x");
          }
        };
    try (RawPeer peer = RawPeer.playing(dribbling)) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.pongTimeout = Duration.ofMillis(400);
      config.pingInterval = pings ? Duration.ofMillis(100) : Duration.ZERO;
      Client client = clients.start(config);

      BusException cause = client.losses().await().orElseThrow();
      assertThat(cause.sentence())
          .isEqualTo(
              peer.url()
                  + " sent a frame at less than 500 bytes a second for 0.4 s"
                  + " (ws_pong_timeout_secs), and nothing can come before its end.");
      assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(client.deliveries().messages(1))
          .containsExactly(Message.of("before".getBytes(UTF_8), Form.TEXT));
      over.countDown();
    }
  }

  @Test
  void quotesACloseReasonOnOneLineAndPrintable() throws Exception {
    String reason =
        "busy\u001b[2J\nerror: all is lost.\u009b31m\u202eab\u2066\u200f\u061c\u2028end";
    try (RawPeer peer = RawPeer.sending(RawFrame.close(1013, reason))) {
      Client client = clients.connect(clients.bus(new TestConfig(peer.host(), "/ws")));

      assertThat(client.losses().await().orElseThrow().sentence())
          .isEqualTo(
              peer.url()
                  + " closed the connection with 1013 (try again later), saying \"busy [2J error:"
                  + " all is lost. 31m ab end\".");
    }
  }

  @Test
  void boundsWhatACompressedMessageMaySwellTo() throws Exception {
    Deflation deflation = new Deflation(true, Deflation.WIDEST_WINDOW);
    byte[] bomb = deflation.deflate(new byte[64 << 20]);
    deflation.end();
    RawPeer.Script bombing =
        peer -> {
          peer.open("", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
          peer.send(RawFrame.binary(bomb).withRsv(4));
          peer.readToEnd();
        };
    try (RawPeer peer = RawPeer.playing(bombing)) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.compression = WebSocketConfig.Compression.PERMESSAGE_DEFLATE;
      config.maxMessageBytes = 1_000_000;
      Client client = clients.start(config);

      assertThat(bomb.length).isLessThan(100_000);
      assertThat(client.losses().await().orElseThrow().sentence())
          .contains("a message of more than 1000000 bytes (ws_max_message_bytes)");
      assertThat(peer.awaitClose(PATIENCE)).isEqualTo(1009);
      assertThat(client.deliveries().count()).isZero();
    }
  }

  @Test
  void takesAMessageOfExactlyTheLimit() throws Exception {
    byte[] body = new byte[1_000_000];
    try (RawPeer peer = RawPeer.sending(RawFrame.binary(body))) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.maxMessageBytes = body.length;
      assertThat(clients.start(config).deliveries().messages(1))
          .containsExactly(Message.of(body, Form.BINARY));
    }
  }
}
