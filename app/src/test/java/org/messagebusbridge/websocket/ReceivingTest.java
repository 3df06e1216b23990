package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.ReceivedPong;
import org.messagebusbridge.sandbox.RecordedConnection;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.Clients.Client;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;

/** What comes from the peer, how much of it at a time, and what the peer learns of it. */
@Timeout(180)
class ReceivingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Clients clients = new Clients();
  private final Recorder recorder = new Recorder();
  private final WebSocketService service =
      WebSocketService.builder().behaviour(recorder).compression(true).start();

  @AfterEach
  void close() {
    clients.close();
    service.close();
  }

  private TestConfig config() {
    return new TestConfig(service.host(), service.uri());
  }

  private static void send(RecordedConnection peer, List<Message> messages)
      throws InterruptedException {
    for (Message message : messages) {
      peer.sendFragments(message.form() == Form.TEXT, message.body());
    }
  }

  @Test
  void tenThousandMessagesAreHandedOutOnceInOrder() throws Exception {
    Client client =
        clients.connect(clients.bus(config(), new Source.Window(20_000, Long.MAX_VALUE)));
    client.connection().source().start(client.deliveries());
    send(recorder.awaitConnection(1, PATIENCE), Messages.texts(1, 10_000));

    assertThat(client.deliveries().messages(10_000)).isEqualTo(Messages.texts(1, 10_000));
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfMessageIsHandedOutByteForByteWhateverItsFragments(Compression compression)
      throws Exception {
    TestConfig config = config();
    config.compression = compression;
    Client client = clients.start(config);
    RecordedConnection peer = recorder.awaitConnection(1, PATIENCE);
    List<Message> messages = new ArrayList<>(Messages.mixed(50));
    messages.add(Messages.binary(16 << 20, 5));
    messages.add(Message.of("\u4e16\ud83d\ude80".repeat(100_000).getBytes(UTF_8), Form.TEXT));
    for (Message message : messages) {
      byte[] body = message.body();
      int third = body.length / 3 + 1;
      peer.sendFragments(
          message.form() == Form.TEXT,
          Arrays.copyOfRange(body, 0, Math.min(third, body.length)),
          Arrays.copyOfRange(body, Math.min(third, body.length), body.length),
          new byte[0]);
    }
    // The largest one fills the window by itself: it comes when all before it are settled.
    List<Delivery> soFar = List.of();
    while (soFar.size() < messages.size()) {
      int settled = soFar.size();
      soFar = client.deliveries().await(settled + 1);
      assertThat(soFar).hasSizeGreaterThan(settled);
      soFar.getLast().acceptThrough();
    }
    assertThat(client.deliveries().messages(messages.size())).isEqualTo(messages);
  }

  @Test
  void answersAPingInTheMiddleOfAMessageAndJoinsTheMessageAllTheSame() throws Exception {
    byte[] text = "\u00e9".getBytes(UTF_8);
    try (RawPeer peer =
        RawPeer.sending(
            RawFrame.of(false, RawFrame.TEXT, new byte[] {text[0]}),
            RawFrame.ping("are you there".getBytes(US_ASCII)),
            RawFrame.of(false, RawFrame.CONTINUATION, new byte[0]),
            RawFrame.of(true, RawFrame.CONTINUATION, new byte[] {text[1]}),
            RawFrame.text("whole"))) {
      Client client = clients.start(new TestConfig(peer.host(), "/ws"));
      assertThat(client.deliveries().messages(2))
          .containsExactly(
              Message.of(text, Form.TEXT), Message.of("whole".getBytes(UTF_8), Form.TEXT));
      client.connection().close();
      assertThat(peer.frames().getFirst().opcode()).isEqualTo(RawFrame.PONG);
      assertThat(peer.frames().getFirst().text()).isEqualTo("are you there");
    }
  }

  @Test
  void stopsReadingWhenTheWindowIsFullAndGoesOnAsDeliveriesAreSettled() throws Exception {
    Client client = clients.connect(clients.bus(config(), new Source.Window(100, 1 << 20)));
    client.connection().source().start(client.deliveries());
    RecordedConnection peer = recorder.awaitConnection(1, PATIENCE);
    AtomicInteger sent = new AtomicInteger();
    byte[] body = new byte[100_000];
    FutureTask<Integer> sender =
        new FutureTask<>(
            () -> {
              for (int n = 0; n < 1_000; n++) {
                peer.sendBinary(body);
                sent.incrementAndGet();
              }
              return sent.get();
            });
    Thread thread = Thread.ofPlatform().daemon().start(sender);
    List<Delivery> first = client.deliveries().await(10);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (thread.getState() == Thread.State.RUNNABLE && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }

    assertThat(first).as("a window of 1 MiB has room for ten").hasSize(10);
    assertThat(sent.get()).as("the peer feels it").isLessThan(500);
    int settled = 0;
    while (settled < 1_000) {
      List<Delivery> soFar = client.deliveries().await(settled + 1);
      assertThat(soFar.size() - settled).isBetween(1, 10);
      soFar.getLast().acceptThrough();
      settled = soFar.size();
    }
    assertThat(sender.get(60, TimeUnit.SECONDS)).isEqualTo(1_000);
  }

  @Test
  void handsOutNoMoreMessagesThanTheWindowHasHoweverSmallTheyAre() throws Exception {
    Client client = clients.connect(clients.bus(config(), new Source.Window(10, 1 << 20)));
    client.connection().source().start(client.deliveries());
    send(recorder.awaitConnection(1, PATIENCE), Messages.texts(1, 1_000));
    int settled = 0;
    while (settled < 1_000) {
      List<Delivery> soFar = client.deliveries().await(settled + 10);
      assertThat(soFar).hasSize(settled + 10);
      soFar.getLast().acceptThrough();
      settled = soFar.size();
    }
  }

  @Test
  void aFullWindowIsNoReasonToGiveUpAPeerWhosePongsLieUnread() throws Exception {
    RawPeer.Script answering =
        peer -> {
          peer.open();
          for (Message message : Messages.texts(1, 3)) {
            peer.send(RawFrame.text(message.body()));
          }
          while (true) {
            RawFrame frame = peer.read();
            if (frame.opcode() == RawFrame.PING) {
              peer.send(RawFrame.of(true, RawFrame.PONG, frame.payload()));
            }
          }
        };
    try (RawPeer peer = RawPeer.playing(answering);
        RawPeer mute = RawPeer.sending()) {
      TestConfig config = new TestConfig(peer.host(), "/ws");
      config.pongTimeout = Duration.ofSeconds(1);
      Client client = clients.connect(clients.bus(config, new Source.Window(1, 1)));
      client.connection().source().start(client.deliveries());
      client.send(Messages.text(1));
      // Another peer, which is read, is given up meanwhile.
      TestConfig other = new TestConfig(mute.host(), "/ws");
      other.pingInterval = Duration.ofMillis(50);
      other.pongTimeout = config.pongTimeout.multipliedBy(2);
      assertThat(clients.start(other).losses().await()).isPresent();

      assertThat(client.losses().count()).isZero();
      assertThat(client.confirmations().confirmed()).as("its pong lies unread").isZero();
      for (int n = 1; n <= 3; n++) {
        client.deliveries().await(n).getLast().acceptThrough();
      }
      assertThat(client.confirmations().await(1)).isEqualTo(1);
      assertThat(client.losses().count()).isZero();
    }
  }

  @Test
  void answersAPingOnlyWhenEveryMessageBeforeItIsAccepted() throws Exception {
    Client client = clients.start(config());
    RecordedConnection peer = recorder.awaitConnection(1, PATIENCE);
    send(peer, Messages.texts(1, 3));
    peer.ping("three".getBytes(US_ASCII));
    send(peer, Messages.texts(4, 5));
    peer.ping("five".getBytes(US_ASCII));
    List<Delivery> deliveries = client.deliveries().await(5);

    // What is sent now would come after a pong that was sent before.
    client.send(Messages.text(1));
    recorder.awaitCount(1, PATIENCE);
    assertThat(recorder.pongs()).isEmpty();

    deliveries.get(3).acceptThrough();
    assertThat(recorder.awaitPongs(1, PATIENCE))
        .containsExactly(new ReceivedPong(1, "three", 1, 3));
    deliveries.get(4).acceptThrough();
    assertThat(recorder.awaitPongs(2, PATIENCE).getLast())
        .isEqualTo(new ReceivedPong(1, "five", 1, 5));
  }

  @Test
  void setsNoTimerForEachPingThatHasToWait() throws Exception {
    RawPeer.Script pinging =
        peer -> {
          peer.open();
          ByteArrayOutputStream round = new ByteArrayOutputStream();
          round.writeBytes(RawFrame.text("one").bytes());
          for (int n = 0; n < 500; n++) {
            round.writeBytes(RawFrame.ping(new byte[0]).bytes());
          }
          for (int n = 0; n < 200; n++) {
            peer.send(round.toByteArray());
          }
          peer.send(RawFrame.text("last"));
          peer.readToEnd();
        };
    try (RawPeer peer = RawPeer.playing(pinging)) {
      Client client = clients.start(new TestConfig(peer.host(), "/ws"));
      List<Message> messages = client.deliveries().messages(201);

      assertThat(messages).hasSize(201);
      assertThat(messages.getLast()).isEqualTo(Message.of("last".getBytes(UTF_8), Form.TEXT));
      assertThat(clients.timersSet()).as("ticks, and one alarm").isLessThanOrEqualTo(2);
      assertThat(client.losses().count()).isZero();
    }
  }

  @Test
  void handsOutNothingBeforeItIsStarted() throws Exception {
    Client client = clients.connect(clients.bus(config()));
    RecordedConnection peer = recorder.awaitConnection(1, PATIENCE);
    send(peer, Messages.texts(1, 3));
    client.send(Messages.text(1));
    recorder.awaitCount(1, PATIENCE);
    assertThat(client.deliveries().count()).isZero();
    client.connection().source().start(client.deliveries());
    assertThat(client.deliveries().messages(3)).isEqualTo(Messages.texts(1, 3));
  }

  @Test
  void closesOverAMessageThatCannotBeDelivered() throws Exception {
    Client client = clients.start(config());
    send(recorder.awaitConnection(1, PATIENCE), Messages.texts(1, 1));
    client
        .deliveries()
        .await(1)
        .getFirst()
        .reject(
            new Rejection(
                Rejection.Reason.TOO_LARGE,
                "the broker takes 16 MiB at most",
                Map.of(),
                1,
                Instant.EPOCH));

    BusException cause = client.losses().await().orElseThrow();
    assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(cause.sentence()).contains("1009", "the broker takes 16 MiB at most");
    assertThat(recorder.awaitCloses(1, PATIENCE).getFirst().code()).isEqualTo(1009);
  }

  @Test
  void failsTheConnectionWhenTheHandlerThrows() throws Exception {
    Client client = clients.connect(clients.bus(config()));
    client
        .connection()
        .source()
        .start(
            delivery -> {
              throw new IllegalStateException("a bug");
            });
    send(recorder.awaitConnection(1, PATIENCE), Messages.texts(1, 1));

    assertThat(client.losses().await().orElseThrow().sentence())
        .contains("an error in the bridge itself: a bug");
    assertThat(recorder.awaitCloses(1, PATIENCE).getFirst().code()).isEqualTo(1011);
  }
}
