package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
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
  void sendsAcrossWhatComesOnOneOfTwoWebSocketsInOrder() throws Exception {
    try (WebSocketService service =
            WebSocketService.builder().behaviour(Behaviour.echoAcross()).start();
        WebSocketClient one = WebSocketClient.connect(service.url());
        WebSocketClient other = WebSocketClient.connect(service.url())) {
      service.awaitConnections(2, Duration.ofSeconds(60));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        one.sendText("m" + i);
        expected.add("text:m" + i);
      }
      one.ping("end");
      other.sendBinary(new byte[] {7});

      assertThat(other.next(500)).isEqualTo(expected);
      assertThat(one.next(2)).containsExactlyInAnyOrder("pong:end", "binary:07");
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
    int frames = 4096;
    byte[] frame = RawFrame.binary(new byte[64 * 1024]).asMasked().bytes();
    AtomicInteger sent = new AtomicInteger();
    try (WebSocketService service = WebSocketService.builder().start();
        Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port());
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      client.setSoTimeout(60_000);
      RawHandshake.open(client, in);
      Future<?> sending =
          sender.submit(
              () -> {
                for (int i = 0; i < frames; i++) {
                  client.getOutputStream().write(frame);
                  sent.incrementAndGet();
                }
                return null;
              });

      // 256 MiB would go through in a second: it stands still when the systems' buffers are full.
      int before = -1;
      while (before != sent.get()) {
        before = sent.get();
        assertThatThrownBy(() -> sending.get(1, TimeUnit.SECONDS))
            .isInstanceOf(TimeoutException.class);
      }
      assertThat(sent.get()).isLessThan(frames / 4);

      for (int i = 0; i < frames; i++) {
        assertThat(RawFrame.readFrom(in).payload()).hasSize(64 * 1024);
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
    int port = FreePorts.next();
    try (WebSocketService _ = WebSocketService.builder().port(port).start()) {
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
