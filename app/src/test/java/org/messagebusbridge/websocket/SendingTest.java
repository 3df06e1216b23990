package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.bus.Utf8;
import org.messagebusbridge.sandbox.Direction;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.ReceivedClose;
import org.messagebusbridge.sandbox.ReceivedMessage;
import org.messagebusbridge.sandbox.ReceivedPing;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.Clients.Client;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.websocket.WebSocketConfig.FrameType;

/** What goes to the peer, and what counts as proof that it has it. */
@Timeout(180)
class SendingTest {
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

  private List<Message> received(int count) throws InterruptedException {
    return recorder.awaitCount(count, PATIENCE).stream()
        .map(m -> Message.of(m.body(), m.isText() ? Form.TEXT : Form.BINARY))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandMessagesArriveOnceInOrderAndAreConfirmedOnce(DeliveryConfirm confirm)
      throws Exception {
    TestConfig config = config();
    config.deliveryConfirm = confirm;
    Client client = clients.start(config);
    client.send(Messages.texts(1, 10_000));

    assertThat(client.confirmations().await(10_000)).isEqualTo(10_000);
    assertThat(received(10_000)).isEqualTo(Messages.texts(1, 10_000));
    assertThat(client.confirmations().highest()).isEqualTo(10_000);
    if (confirm == DeliveryConfirm.PONG) {
      assertThat(recorder.receipted(1)).isEqualTo(10_000);
      assertThat(recorder.pings()).as("many messages share a receipt").hasSizeLessThan(1_000);
    } else {
      assertThat(recorder.pings()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfBodyArrivesByteForByte(Compression compression) throws Exception {
    List<Message> messages = new ArrayList<>(Messages.mixed(100));
    messages.add(Message.of(new byte[16 << 20], Form.TEXT));
    messages.add(Messages.binary(16 << 20, 1));
    messages.add(Messages.text(1));
    TestConfig config = config();
    config.compression = compression;
    Client client = clients.start(config);
    client.send(messages);

    assertThat(received(messages.size()))
        .isEqualTo(
            messages.stream()
                .map(m -> Message.of(m.body(), Utf8.valid(m.body()) ? Form.TEXT : Form.BINARY))
                .toList());
    assertThat(client.confirmations().await(messages.size())).isEqualTo(messages.size());
  }

  @Test
  void sendsBinaryFramesWhereTextIsAskedForButTheBodyIsNot() throws Exception {
    Message text = Message.of("text".getBytes(UTF_8), Form.UNKNOWN);
    Message other = Message.of(new byte[] {(byte) 0xFF, 0x00}, Form.UNKNOWN);
    record Case(FrameType type, Message message, boolean textFrame) {}
    int sent = 0;
    for (Case each :
        List.of(
            new Case(FrameType.AUTO, text, true),
            new Case(FrameType.AUTO, other, false),
            new Case(FrameType.TEXT, text, true),
            new Case(FrameType.TEXT, other, false),
            new Case(FrameType.BINARY, text, false))) {
      TestConfig config = config();
      config.frameType = each.type();
      clients.start(config).send(each.message());
      ReceivedMessage got = recorder.awaitCount(++sent, PATIENCE).getLast();
      assertThat(got.isText()).isEqualTo(each.textFrame());
      assertThat(got.body()).isEqualTo(each.message().body());
    }
  }

  @Test
  void confirmsNothingThatThePeerDoesNotHaveWhenTheLineIsCut() throws Exception {
    try (FaultProxy line = FaultProxy.to("127.0.0.1", service.port())) {
      line.cutAfterBytes(500_000, Direction.TO_SERVER);
      Client client = clients.start(new TestConfig("ws://127.0.0.1:" + line.port(), "/ws"));
      client.send(Messages.texts(1, 10));
      assertThat(client.confirmations().await(10)).isEqualTo(10);
      client.send(Messages.texts(11, 50_000));
      BusException cause = client.losses().await().orElseThrow();
      int confirmed = client.confirmations().confirmed();
      recorder.awaitCloses(1, PATIENCE);

      assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
      List<Message> got = received(0);
      assertThat(got).isEqualTo(Messages.texts(1, got.size()));
      assertThat(confirmed).isBetween(10, got.size());
      assertThat(client.confirmations().confirmed()).isEqualTo(confirmed);
      assertThat(client.losses().count()).isEqualTo(1);
    }
  }

  @Test
  void writesNothingMoreNotEvenAGoodbyeOnceItMayNot() throws Exception {
    AtomicBoolean permitted = new AtomicBoolean(true);
    Client client = clients.connect(clients.bus(config(), permitted::get));
    client.send(Messages.texts(1, 10));
    assertThat(client.confirmations().await(10)).isEqualTo(10);
    int pings = recorder.pings().size();
    permitted.set(false);

    client.send(Messages.texts(11, 20));

    BusException cause = client.losses().await().orElseThrow();
    client.connection().close();
    assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(recorder.awaitCloses(1, PATIENCE))
        .extracting(ReceivedClose::code)
        .containsExactly(1006);
    assertThat(received(0)).isEqualTo(Messages.texts(1, 10));
    assertThat(recorder.pings()).hasSize(pings);
    assertThat(client.confirmations().confirmed()).isEqualTo(10);
    assertThat(client.losses().count()).isEqualTo(1);
  }

  @Test
  void givesUpAPeerThatSwallowsPings() throws Exception {
    TestConfig config = config();
    config.pongTimeout = Duration.ofSeconds(2);
    Client client = clients.start(config);
    client.send(Messages.text(1));
    assertThat(client.confirmations().await(1)).isEqualTo(1);
    recorder.pausePongs(true);
    client.send(Messages.text(2));

    BusException cause = client.losses().await().orElseThrow();
    assertThat(cause.sentence())
        .isEqualTo(
            service.url()
                + " did not answer a ping for 2 s (ws_pong_timeout_secs), with 1 message before"
                + " it.");
    assertThat(cause.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(received(2)).hasSize(2);
    assertThat(client.confirmations().confirmed()).isEqualTo(1);
  }

  @Test
  void givesUpAPeerThatIsThereNoMoreThoughTheConnectionIs() throws Exception {
    try (FaultProxy line = FaultProxy.to("127.0.0.1", service.port())) {
      TestConfig config = new TestConfig("ws://127.0.0.1:" + line.port(), "/ws");
      config.pingInterval = Duration.ofMillis(100);
      config.pongTimeout = Duration.ofSeconds(2);
      Client client = clients.start(config);
      recorder.awaitPings(2, PATIENCE);
      line.halfOpen();

      assertThat(client.losses().await().orElseThrow().sentence()).contains("ping for 2 s");
    }
  }

  @Test
  void pingsAnIdleConnectionAndProvesNothingByIt() throws Exception {
    TestConfig config = config();
    config.pingInterval = Duration.ofMillis(40);
    Client client = clients.start(config);

    List<ReceivedPing> pings = recorder.awaitPings(3, PATIENCE);
    assertThat(pings).allMatch(ReceivedPing::answered);
    assertThat(pings).allMatch(ping -> ping.messagesBefore() == 0);
    assertThat(client.confirmations().confirmed()).isZero();
  }

  @Test
  void confirmsNothingTwiceWhenThereAreFlushesWithoutMessages() throws Exception {
    TestConfig config = config();
    config.deliveryConfirm = DeliveryConfirm.FLUSH;
    config.pingInterval = Duration.ofMillis(20);
    Client client = clients.start(config);
    recorder.awaitPings(2, PATIENCE);
    client.send(Messages.texts(1, 3));
    assertThat(client.confirmations().await(3)).isEqualTo(3);
    recorder.awaitPings(recorder.pings().size() + 2, PATIENCE);
    assertThat(client.confirmations().highest()).isEqualTo(3);
    assertThat(client.confirmations().settledTwice()).isZero();
  }

  @Test
  void keepsTheReceiptInterval() throws Exception {
    TestConfig config = config();
    config.receiptInterval = Duration.ofMillis(300);
    long begun = System.nanoTime();
    Client client = clients.start(config);
    client.send(Messages.text(1));
    assertThat(client.confirmations().await(1)).isEqualTo(1);
    client.send(Messages.texts(2, 500));
    assertThat(client.confirmations().await(500)).isEqualTo(500);
    long intervals = (System.nanoTime() - begun) / config.receiptInterval.toNanos();
    assertThat(recorder.pings()).hasSizeBetween(2, (int) intervals + 1);
  }

  /** Waits until the number has not changed for half a second. */
  private static void awaitStandstill(AtomicInteger number) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int last = -1;
    long since = System.nanoTime();
    while (System.nanoTime() - since < 500_000_000L && System.nanoTime() < deadline) {
      int now = number.get();
      if (now != last) {
        last = now;
        since = System.nanoTime();
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void waitsForAPeerThatDoesNotReadAndHoldsABoundedNumberOfBytes() throws Exception {
    Client client = clients.start(config());
    recorder.awaitConnection(1, PATIENCE).stopReading();
    AtomicInteger sent = new AtomicInteger();
    FutureTask<Integer> sender =
        new FutureTask<>(
            () -> {
              for (int n = 0; n < 200; n++) {
                client.connection().sink().send(Messages.binary(1 << 20, n));
                sent.incrementAndGet();
              }
              client.connection().sink().flush();
              return sent.get();
            });
    Thread.ofPlatform().daemon().start(sender);
    awaitStandstill(sent);
    assertThat(sender.isDone()).isFalse();
    assertThat(sent.get()).as("MiB on their way, socket buffers included").isLessThan(100);

    recorder.connection().resumeReading();
    assertThat(sender.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(client.confirmations().await(200)).isEqualTo(200);
  }

  @Test
  void letsGoOfASenderWhoWaitsWhenTheConnectionIsClosed() throws Exception {
    Client client = clients.start(config());
    recorder.awaitConnection(1, PATIENCE).stopReading();
    AtomicInteger sent = new AtomicInteger();
    FutureTask<Long> sender =
        new FutureTask<>(
            () -> {
              long last = 0;
              for (int n = 0; n < 200; n++) {
                last = client.connection().sink().send(Messages.binary(1 << 20, n));
                sent.incrementAndGet();
              }
              client.connection().sink().flush();
              return last;
            });
    Thread.ofPlatform().daemon().start(sender);
    awaitStandstill(sent);
    assertThat(sender.isDone()).isFalse();
    long begun = System.nanoTime();
    client.connection().close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
    assertThat(sender.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(client.losses().count()).isZero();
  }
}
