package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.ReceivedClose;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.Clients.Client;

/** How a connection ends, and what is said of it. */
@Timeout(180)
class LossTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Clients clients = new Clients();
  private final Recorder recorder = new Recorder();
  private final WebSocketService service = WebSocketService.builder().behaviour(recorder).start();

  @AfterEach
  void close() {
    clients.close();
    service.close();
  }

  private TestConfig config() {
    return new TestConfig(service.host(), service.uri());
  }

  @ParameterizedTest
  @CsvSource({
    "1000, CLOSED_BY_PEER, 1000 (normal closure)",
    "1001, CLOSED_BY_PEER, 1001 (going away)",
    "1002, UNAVAILABLE, 1002 (protocol error)",
    "1003, MESSAGE_REFUSED, 1003 (unsupported data)",
    "1007, MESSAGE_REFUSED, 1007 (invalid data)",
    "1008, UNAVAILABLE, 1008 (policy violation)",
    "1009, MESSAGE_REFUSED, 1009 (message too big)",
    "1011, UNAVAILABLE, 1011 (internal error)",
    "1012, CLOSED_BY_PEER, 1012 (service restart)",
    "1013, UNAVAILABLE, 1013 (try again later)",
    "4711, UNAVAILABLE, 4711"
  })
  void tellsOnceWhatTheCloseCodeOfThePeerMeans(int code, Kind kind, String described)
      throws Exception {
    Client client = clients.start(config());
    recorder.awaitConnection(1, PATIENCE).close(code, "because\n\u0007 of it");

    BusException cause = client.losses().await().orElseThrow();
    assertThat(cause.sentence())
        .isEqualTo(
            service.url()
                + " closed the connection with "
                + described
                + ", saying \"because of it\".");
    assertThat(cause.kind()).isEqualTo(kind);
    assertThat(cause.details()).isEqualTo(Map.of("close-code", code));
    assertThat(recorder.awaitCloses(1, PATIENCE))
        .containsExactly(new ReceivedClose(1, code, "because\n\u0007 of it"));
    client.connection().close();
    assertThat(client.losses().count()).isEqualTo(1);
  }

  @Test
  void whoeverStartsTheSourceTooLateIsToldWhyTheConnectionWasLost() throws Exception {
    Client client = clients.connect(clients.bus(config()));
    recorder.awaitConnection(1, PATIENCE).close(1009, "too big");
    BusException cause = client.losses().await().orElseThrow();

    assertThatThrownBy(() -> client.connection().source().start(client.deliveries()))
        .isSameAs(cause);
    assertThat(cause.kind()).isEqualTo(Kind.MESSAGE_REFUSED);
  }

  @Test
  void countsAnAbnormalEndAsUnavailable() throws Exception {
    try (RawPeer ends = RawPeer.playing(client -> client.open());
        RawPeer resets =
            RawPeer.playing(
                client -> {
                  client.open();
                  client.resetAtTheEnd();
                })) {
      for (RawPeer peer : List.of(ends, resets)) {
        Client client = clients.connect(clients.bus(new TestConfig(peer.host(), "/ws")));
        BusException cause = client.losses().await().orElseThrow();
        assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(cause.details()).isEmpty();
        assertThat(cause.sentence())
            .contains(peer.url())
            .containsAnyOf("without saying why (no close frame)", "was cut")
            .doesNotContain("\n", "Exception");
        assertThat(client.losses().count()).isEqualTo(1);
      }
    }
  }

  @Test
  void confirmsWhatCameBeforeAMessageThatThePeerRefusesAndNothingElse() throws Exception {
    recorder.objectTo(message -> message.text().equals("poison"), 1007, "no such thing");
    Client client = clients.start(config());
    client.send(Messages.texts(1, 300));
    assertThat(client.confirmations().await(300)).isEqualTo(300);
    client.send(Message.of("poison".getBytes(StandardCharsets.UTF_8), Message.Form.TEXT));
    client.send(Messages.texts(301, 400));

    BusException cause = client.losses().await().orElseThrow();
    assertThat(cause.kind()).isEqualTo(Kind.MESSAGE_REFUSED);
    assertThat(cause.details()).isEqualTo(Map.of("close-code", 1007));
    assertThat(client.confirmations().confirmed()).isEqualTo(300);
    assertThat(recorder.messages()).hasSize(300);
  }

  @Test
  void hearsTheCloseCodeOfAPeerThatStopsReadingAtOnce() throws Exception {
    RawPeer.Script refuse =
        client -> {
          client.open();
          client.read();
          client.send(RawFrame.close(1009, "too big"));
        };
    try (RawPeer peer = RawPeer.playing(refuse)) {
      Client client = clients.start(new TestConfig(peer.host(), "/ws"));
      for (int n = 0; n < 40 && client.losses().count() == 0; n++) {
        client.send(Messages.binary(1 << 20, n));
      }
      assertThat(client.losses().await().orElseThrow().details())
          .isEqualTo(Map.of("close-code", 1009));
    }
  }

  @Test
  void saysGoodbyeWith1001AndIsSilentAfterwards() throws Exception {
    Client client = clients.start(config());
    client.send(Messages.texts(1, 10));
    assertThat(client.confirmations().await(10)).isEqualTo(10);
    client.connection().close();

    assertThat(recorder.awaitCloses(1, PATIENCE)).containsExactly(new ReceivedClose(1, 1001, ""));
    service.awaitConnections(0, PATIENCE);
    assertThat(client.losses().count()).isZero();
    assertThat(client.connection().sink().send(Messages.text(11))).isEqualTo(11);
  }

  @Test
  void isLostBeforeThePeerCanAnswerItsCloseFrame() throws Exception {
    for (int run = 0; run < 50; run++) {
      try (RawPeer peer =
          RawPeer.playing(
              client -> {
                client.open();
                client.send(RawFrame.text(new byte[] {(byte) 0xFF}));
                client.send(client.read());
              })) {
        Client client = clients.connect(clients.bus(new TestConfig(peer.host(), "/ws")));
        BusException cause = client.losses().await().orElseThrow();
        assertThat(cause.details()).as("a code of the peer").isEmpty();
        assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  @Test
  void sendsWhatWasNotFlushedBeforeItSaysGoodbye() throws Exception {
    Client client = clients.start(config());
    for (int n = 1; n <= 20; n++) {
      client.connection().sink().send(Messages.text(n));
    }
    client.connection().close();
    assertThat(recorder.awaitCloses(1, PATIENCE)).containsExactly(new ReceivedClose(1, 1001, ""));
    assertThat(recorder.messages()).hasSize(20);
  }

  @Test
  void saysGoodbyeToAPeerThatClosesWhileSomethingIsNotFlushed() throws Exception {
    Client client = clients.start(config());
    client.connection().sink().send(Messages.text(1));
    recorder.awaitConnection(1, PATIENCE).close(1001, "");
    assertThat(client.losses().await()).isPresent();
    assertThat(recorder.awaitCloses(1, PATIENCE)).containsExactly(new ReceivedClose(1, 1001, ""));
  }

  @Test
  void handsOutWhatThePeerSendsUntilItAnswersTheCloseFrame() throws Exception {
    RawPeer.Script talkative =
        client -> {
          client.open();
          RawFrame close = client.read();
          for (int n = 1; n <= 50; n++) {
            client.send(RawFrame.text(Messages.text(n).body()));
          }
          client.send(close);
        };
    try (RawPeer peer = RawPeer.playing(talkative)) {
      Client client = clients.start(new TestConfig(peer.host(), "/ws"));
      client.connection().close();
      assertThat(client.deliveries().count()).isEqualTo(50);
      assertThat(client.deliveries().messages(50)).isEqualTo(Messages.texts(1, 50));
      assertThat(client.losses().count()).isZero();
    }
  }

  @Test
  void doesNotWaitForeverForAPeerThatNeverAnswersTheCloseFrame() throws Exception {
    try (FaultProxy line = FaultProxy.to("127.0.0.1", service.port())) {
      Client client = clients.start(new TestConfig("ws://127.0.0.1:" + line.port(), "/ws"));
      line.halfOpen();
      long begun = System.nanoTime();
      client.connection().close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(60));
      assertThat(client.losses().count()).isZero();
    }
  }
}
