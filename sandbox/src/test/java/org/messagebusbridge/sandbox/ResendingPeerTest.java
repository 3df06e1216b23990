package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ResendingPeerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WINDOW = 100;

  private final Script script = new Script();
  private final ResendingPeer peer = new ResendingPeer(script, WINDOW, Duration.ofSeconds(1));
  private final WebSocketService service = WebSocketService.builder().behaviour(peer).start();

  private static final class Script implements PeerScript {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    final Set<Long> leftOut = ConcurrentHashMap.newKeySet();

    @Override
    public Optional<byte[]> text(long number) {
      return leftOut.contains(number)
          ? Optional.empty()
          : Optional.of(("m" + number).getBytes(UTF_8));
    }

    @Override
    public Answer received(ReceivedMessage message) {
      heard.add(message.text());
      return switch (message.text()) {
        case "too much" -> Answer.close(1009, "that is too much");
        case "poison" -> Answer.crash();
        default -> Answer.take();
      };
    }

    @Override
    public void ended(ReceivedClose close, long receipted) {
      ends.add(close.connection() + ":" + close.code() + " after " + receipted);
    }
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static List<String> messages(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(n -> "text:m" + n).toList();
  }

  /** The next messages, pings left out, which this client answers by itself. */
  private static List<String> texts(WebSocketClient client, int count) throws Exception {
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      String event = client.nextWhole();
      if (!event.startsWith("ping:")) {
        texts.add(event);
      }
    }
    return texts;
  }

  @Test
  void sendsWhatIsDueInOrderAsReceiptsComeAndNothingTwice() throws Exception {
    peer.sendThrough(3_000);
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      assertThat(texts(client, 3_000)).isEqualTo(messages(1, 3_000));
      peer.awaitReceipted(3_000, PATIENCE);
      peer.sendThrough(3_001);
      peer.awaitReceipted(3_001, PATIENCE);
    }
    assertThat(peer.sent()).isEqualTo(3_001);
    assertThat(peer.resent()).isZero();
  }

  @Test
  void goesNoFurtherThanItsWindowAndSendsTheSameAgainOnTheNextConnection() throws Exception {
    peer.sendThrough(5_000);
    try (WebSocketClient silent = WebSocketClient.connectWithoutReading(service.url())) {
      peer.awaitConnections(1, PATIENCE);
      while (peer.sent() < WINDOW) {
        Thread.onSpinWait();
      }
      silent.abort();
      try (WebSocketClient client = WebSocketClient.connect(service.url())) {
        assertThat(texts(client, 5_000)).isEqualTo(messages(1, 5_000));
        peer.awaitReceipted(5_000, PATIENCE);
      }
    }
    assertThat(peer.resent()).isEqualTo(WINDOW);
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void sendsOverTheNewestConnectionAndGoesBackToTheOlderWhenThatEnds() throws Exception {
    try (WebSocketClient older = WebSocketClient.connect(service.url())) {
      WebSocketClient newer = WebSocketClient.connect(service.url());
      peer.awaitConnections(2, PATIENCE);
      peer.sendThrough(10);
      assertThat(texts(newer, 10)).isEqualTo(messages(1, 10));
      peer.awaitReceipted(10, PATIENCE);
      newer.close();
      service.awaitConnections(1, PATIENCE);
      peer.sendThrough(20);
      assertThat(texts(older, 10)).isEqualTo(messages(11, 20));
    }
  }

  @Test
  void resetsAConnectionOnWhichNoPongComes() throws Exception {
    peer.sendThrough(1);
    try (WebSocketClient _ = WebSocketClient.connectWithoutReading(service.url())) {
      peer.awaitConnections(1, PATIENCE);
      service.awaitConnections(0, PATIENCE);
    }
    assertThat(script.ends).containsExactly("1:1006 after 0");
    assertThat(peer.sent()).isEqualTo(1);
  }

  @Test
  void tellsItsScriptHowAConnectionEndedBeforeItSendsAgain() throws Exception {
    peer.sendThrough(2);
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      texts(client, 2);
      peer.awaitReceipted(2, PATIENCE);
      client.sendClose(4009, "");
      service.awaitConnections(0, PATIENCE);
    }
    script.leftOut.add(3L);
    peer.sendThrough(4);
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      assertThat(texts(client, 1)).containsExactly("text:m4");
      peer.awaitReceipted(4, PATIENCE);
    }
    assertThat(script.ends.getFirst()).isEqualTo("1:4009 after 2");
  }

  @Test
  void refusesAMessageWithACloseAndTakesNothingAfterIt() throws Exception {
    // One that had read the close frame would send nothing more.
    try (WebSocketClient client = WebSocketClient.connectWithoutReading(service.url())) {
      client.sendText("fine");
      client.sendText("too much");
      client.sendText("unheard");
      client.ping("unanswered");
      client.read(1);

      assertThat(client.next()).isEqualTo("close:1009:that is too much");
    }
    service.awaitConnections(0, PATIENCE);
    assertThat(script.heard).containsExactly("fine", "too much");
    assertThat(peer.received()).isEqualTo(1);
  }

  @Test
  void diesOfAMessageWithoutAClose() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("poison");

      assertThat(client.next()).isEqualTo("error");
    }
    service.awaitConnections(0, PATIENCE);
    assertThat(script.ends).containsExactly("1:1006 after 0");
    assertThat(peer.received()).isZero();
  }

  @Test
  void answersPingsUnlessTheyAreWithheldForGood() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      peer.withholdPongs(true);
      client.ping("swallowed");
      client.sendText("one");
      while (peer.received() < 1) {
        Thread.onSpinWait();
      }
      peer.withholdPongs(false);
      client.ping("answered");

      assertThat(client.next()).isEqualTo("pong:answered");
    }
  }

  @Test
  void closesAllConnectionsWithACode() throws Exception {
    try (WebSocketClient one = WebSocketClient.connect(service.url());
        WebSocketClient two = WebSocketClient.connect(service.url())) {
      peer.awaitConnections(2, PATIENCE);
      peer.closeAll(1012, "restarting");

      assertThat(one.next()).isEqualTo("close:1012:restarting");
      assertThat(two.next()).isEqualTo("close:1012:restarting");
    }
    service.awaitConnections(0, PATIENCE);
    assertThat(peer.openConnections()).isZero();
  }

  @Test
  void readsNothingWhileItIsPaused() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      peer.awaitConnections(1, PATIENCE);
      client.ping("before");
      assertThat(client.next()).isEqualTo("pong:before");
      peer.pauseReading(true);
      client.sendText("waits");
      peer.sendThrough(1);
      assertThat(client.next()).isEqualTo("text:m1");
      assertThat(peer.received()).isZero();

      peer.pauseReading(false);
      client.ping("after");
      while (peer.received() < 1) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void saysHowFarItCameWhenReceiptsAreMissing() {
    peer.sendThrough(7);

    assertThatThrownBy(() -> peer.awaitReceipted(7, Duration.ofMillis(20)))
        .isInstanceOf(SandboxException.class)
        .hasMessage("The peer had receipts up to 0 of 7 within 20 ms");
  }
}
