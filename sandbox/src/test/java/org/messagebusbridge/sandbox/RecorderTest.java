package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RecorderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Recorder recorder = new Recorder();
  private final WebSocketService service =
      WebSocketService.builder().behaviour(recorder).maxMessageBytes(4 * 1024 * 1024).start();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void keepsEveryMessageInOrderWithItsFormAndConnection() throws Exception {
    try (WebSocketClient one = WebSocketClient.connect(service.url())) {
      one.sendText("ä");
      one.sendBinary(new byte[] {1, 2});
      one.sendText("frag", false);
      one.sendText("ments", true);
      one.sendText("");
      recorder.awaitCount(4, PATIENCE);
    }
    try (WebSocketClient two = WebSocketClient.connect(service.url())) {
      two.sendText("second");

      assertThat(recorder.awaitCount(5, PATIENCE))
          .containsExactly(
              new ReceivedMessage(1, true, "ä".getBytes(UTF_8)),
              new ReceivedMessage(1, false, new byte[] {1, 2}),
              new ReceivedMessage(1, true, "fragments".getBytes(UTF_8)),
              new ReceivedMessage(1, true, new byte[0]),
              new ReceivedMessage(2, true, "second".getBytes(UTF_8)));
    }
  }

  @Test
  void saysHowManyCameWhenTooFewDo() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("one");
      recorder.awaitCount(1, PATIENCE);

      assertThatThrownBy(() -> recorder.awaitCount(3, Duration.ofMillis(20)))
          .isInstanceOf(SandboxException.class)
          .hasMessage("The recorder saw 1 of 3 messages within 20 ms");
    }
  }

  @Test
  void countsWhatEachAnsweredPingIsAReceiptFor() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("1");
      client.sendText("2");
      client.ping("a");
      client.sendText("3");
      client.sendText("half", false);
      client.ping("b");
      client.sendText("whole", true);

      assertThat(client.next(2)).containsExactly("pong:a", "pong:b");
      recorder.awaitCount(4, PATIENCE);
      assertThat(recorder.pings())
          .containsExactly(new ReceivedPing(1, "a", 2, true), new ReceivedPing(1, "b", 3, true));
      assertThat(recorder.receipted(1)).isEqualTo(3);
      assertThat(recorder.receipted(2)).isZero();
    }
  }

  @Test
  void swallowsPingsWhilePongsArePaused() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      recorder.pausePongs(true);
      client.sendText("1");
      client.ping("swallowed");
      recorder.awaitPings(1, PATIENCE);
      recorder.pausePongs(false);
      client.ping("answered");

      assertThat(client.next()).isEqualTo("pong:answered");
      assertThat(recorder.pings())
          .containsExactly(
              new ReceivedPing(1, "swallowed", 1, false), new ReceivedPing(1, "answered", 1, true));
    }
  }

  @Test
  void sendsMessagesFragmentsAndPingsAndKnowsWhatAPongCovers() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      RecordedConnection connection = recorder.awaitConnection(1, PATIENCE);
      connection.sendText("text ü");
      connection.sendBinary(new byte[] {(byte) 0x80});
      connection.ping("p1".getBytes(UTF_8));
      connection.sendFragments(true, "a".getBytes(UTF_8), new byte[0], "b".getBytes(UTF_8));
      connection.ping("p2".getBytes(UTF_8));

      assertThat(client.next(7))
          .containsExactly(
              "text:text ü",
              "binary:80",
              "ping:7031",
              "text:a...",
              "text:...",
              "text:b",
              "ping:7032");
      assertThat(recorder.awaitPongs(2, PATIENCE))
          .containsExactly(new ReceivedPong(1, "p1", 0, 2), new ReceivedPong(1, "p2", 0, 3));
    }
  }

  @Test
  void closesWithACodeAndKeepsNothingMore() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      recorder.awaitConnection(1, PATIENCE).close(1013, "later");

      assertThat(client.next()).isEqualTo("close:1013:later");
      assertThat(recorder.awaitCloses(1, PATIENCE)).containsExactly(new ReceivedClose(1, 1013, ""));
      service.awaitConnections(0, PATIENCE);
      assertThatThrownBy(() -> recorder.connection().sendText("late"))
          .hasMessage("Connection 1 of the recorder is closed");
    }
  }

  @Test
  void keepsTheCodeWithWhichAClientCloses() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendClose(1001, "going");

      assertThat(client.next()).isEqualTo("close:1001:going");
      assertThat(recorder.awaitCloses(1, PATIENCE))
          .containsExactly(new ReceivedClose(1, 1001, "going"));
    }
  }

  @Test
  void keepsTheLossOfAConnectionAs1006() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.abort();

      assertThat(recorder.awaitCloses(1, PATIENCE)).containsExactly(new ReceivedClose(1, 1006, ""));
    }
  }

  @Test
  void abortsWithAReset() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      recorder.awaitConnection(1, PATIENCE).abort();

      assertThat(client.next()).isEqualTo("error");
    }
  }

  @Test
  void closesOverAMessageItObjectsToAndTakesTheRest() throws Exception {
    recorder.objectTo(message -> message.text().equals("poison"), 1008, "no poison");
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("good");
      client.sendText("poison");
      client.sendText("after");

      assertThat(client.next()).isEqualTo("close:1008:no poison");
      recorder.awaitCloses(1, PATIENCE);
      assertThat(recorder.messages()).extracting(ReceivedMessage::text).containsExactly("good");
    }
  }

  @Test
  void refusesAMessageWhoseFragmentsGrowPastTheLimit() throws Exception {
    String mebibyte = "x".repeat(1024 * 1024);
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      for (int i = 0; i < 4; i++) {
        client.sendText(mebibyte, false);
      }
      client.sendText("x", true);

      assertThat(client.next()).isEqualTo("close:1009:message too big");
      assertThat(recorder.messages()).isEmpty();
    }
  }

  @Test
  void refusesTextThatIsNotUtf8With1007() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      client.setSoTimeout(60_000);
      RawHandshake.open(client, in);
      byte[] notUtf8 = {(byte) 0xc3, 0x28};
      client.getOutputStream().write(RawFrame.binary(notUtf8).asMasked().bytes());
      client.getOutputStream().write(RawFrame.text(notUtf8).asMasked().bytes());

      assertThat(RawFrame.readFrom(in).closeCode()).isEqualTo(1007);
      assertThat(recorder.messages()).containsExactly(new ReceivedMessage(1, false, notUtf8));
    }
  }

  @Test
  void readsNothingWhileItIsToldNotTo() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url());
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      RecordedConnection connection = recorder.awaitConnection(1, PATIENCE);
      client.sendText("before");
      recorder.awaitCount(1, PATIENCE);
      connection.stopReading();

      // 64 MiB is more than the buffers of both ends hold.
      Future<?> sending =
          sender.submit(
              () -> IntStream.range(0, 64).forEach(i -> client.sendText("x".repeat(1024 * 1024))));
      assertThatThrownBy(() -> sending.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(recorder.messages()).hasSize(1);

      connection.resumeReading();
      assertThat(recorder.awaitCount(65, Duration.ofSeconds(60))).hasSize(65);
    }
  }

  @Test
  void holdsASenderBackWhileTheClientDoesNotRead() throws Exception {
    try (WebSocketClient client = WebSocketClient.connectWithoutReading(service.url());
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      RecordedConnection connection = recorder.awaitConnection(1, PATIENCE);
      byte[] body = new byte[1024 * 1024];
      Future<?> sending =
          sender.submit(
              () -> {
                for (int i = 0; i < 64; i++) {
                  connection.sendBinary(body);
                }
                return null;
              });

      assertThatThrownBy(() -> sending.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      client.read(Long.MAX_VALUE);
      sending.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void sendsTenThousandMessagesInOrder() throws Exception {
    try (WebSocketClient client = WebSocketClient.connect(service.url())) {
      RecordedConnection connection = recorder.awaitConnection(1, PATIENCE);
      List<String> expected = IntStream.range(0, 10_000).mapToObj(i -> "m" + i).toList();
      for (String text : expected) {
        connection.sendText(text);
      }

      assertThat(client.nextWhole(10_000))
          .isEqualTo(expected.stream().map(t -> "text:" + t).toList());
    }
  }
}
