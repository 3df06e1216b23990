package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketServiceEchoTest {

  @Test
  void sendsTextAndBinaryBackAsTheyCame() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("Grüße, 世界");
      client.sendBinary(new byte[] {0, (byte) 0xff, 7});
      client.sendText("");
      client.sendBinary(new byte[0]);

      assertThat(client.next(4))
          .containsExactly("text:Grüße, 世界", "binary:00ff07", "text:", "binary:");
      assertThat(service.connections()).isEqualTo(1);
      assertThat(service.connectionAttempts()).isEqualTo(1);
    }
  }

  @Test
  void sendsFragmentsBackAsFragments() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendText("one ", false);
      client.ping("between");
      client.sendText("two ", false);
      client.sendText("three", true);

      assertThat(client.next(4))
          .containsExactly("text:one ...", "pong:between", "text:two ...", "text:three");
    }
  }

  @Test
  void answersAPingAfterAllThatCameBeforeIt() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        client.sendText("m" + i);
        client.ping("p" + i);
        expected.add("text:m" + i);
        expected.add("pong:p" + i);
      }

      assertThat(client.nextWhole(1000)).isEqualTo(expected);
    }
  }

  @Test
  void sendsSixteenMebibytesBackByteForByte() throws Exception {
    byte[] body = new byte[16 * 1024 * 1024];
    new Random(1).nextBytes(body);
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendBinary(body);

      assertThat(client.nextWhole()).isEqualTo("binary:" + HexFormat.of().formatHex(body));
    }
  }

  @Test
  void readsNoMoreThanItsClientReads() throws Exception {
    String mebibyte = "x".repeat(1024 * 1024);
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connectWithoutReading(service.url());
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sending =
          sender.submit(() -> IntStream.range(0, 64).forEach(i -> client.sendText(mebibyte)));
      assertThatThrownBy(() -> sending.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      client.read(Long.MAX_VALUE);

      for (int i = 0; i < 64; i++) {
        assertThat(client.nextWhole()).hasSize("text:".length() + mebibyte.length());
      }
    }
  }

  @Test
  void answersACloseWithTheSameCodeAndReason() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendClose(4001, "done");

      assertThat(client.next()).isEqualTo("close:4001:done");
    }
  }

  @Test
  void refusesAFrameBeyondTheLimitWith1009() throws Exception {
    try (WebSocketService service = WebSocketService.builder().maxMessageBytes(1000).start();
        WebSocketClient client = WebSocketClient.connect(service.url())) {
      client.sendBinary(new byte[1000]);
      client.sendBinary(new byte[1001]);

      assertThat(client.nextWhole()).isEqualTo("binary:" + "00".repeat(1000));
      assertThat(client.next()).startsWith("close:1009:");
    }
  }

  @Test
  void resetsEveryConnectionWhenItVanishes() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        WebSocketClient one = WebSocketClient.connect(service.url());
        WebSocketClient two = WebSocketClient.connect(service.url())) {
      assertThat(service.connections()).isEqualTo(2);

      service.abortAll();

      assertThat(one.next()).isEqualTo("error");
      assertThat(two.next()).isEqualTo("error");
    }
  }

  @Test
  void comesBackOnTheSamePort() throws Exception {
    int port;
    try (WebSocketService first = WebSocketService.builder().start()) {
      port = first.port();
      assertThatThrownBy(() -> WebSocketService.builder().port(port).start())
          .isInstanceOf(SandboxException.class)
          .hasMessage("Cannot listen on 127.0.0.1:" + port + ": Address already in use");
    }
    try (WebSocketService second = WebSocketService.builder().port(port).path("/").start();
        WebSocketClient client = WebSocketClient.connect(second.url())) {
      client.sendText("again");

      assertThat(second.url()).isEqualTo("ws://127.0.0.1:" + port + "/");
      assertThat(client.next()).isEqualTo("text:again");
    }
  }
}
