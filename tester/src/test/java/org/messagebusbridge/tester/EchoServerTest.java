package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EchoServerTest {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Whole messages and pongs, in order, as text. */
  private static final class Received implements WebSocket.Listener {
    private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        all.add(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      binary.writeBytes(bytes);
      if (last) {
        all.add(
            "%d bytes, %d"
                .formatted(binary.size(), ByteBuffer.wrap(binary.toByteArray()).hashCode()));
        binary.reset();
      }
      return WebSocket.Listener.super.onBinary(socket, data, last);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      all.add("pong " + message.get());
      return WebSocket.Listener.super.onPong(socket, message);
    }

    private String next() throws InterruptedException {
      return String.valueOf(all.poll(60, TimeUnit.SECONDS));
    }
  }

  private static WebSocket connect(HttpClient client, String url, Received received)
      throws Exception {
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create(url), received)
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void sendsBackTextBinaryAndFragmentsAndAnswersPingsInOrder() throws Exception {
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    try (EchoServer server = EchoServer.listen(ANY_PORT);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(server.awaitClient(Duration.ZERO)).isFalse();
      Received received = new Received();
      WebSocket socket = connect(client, server.url() + "/any/path?jwt=x", received);
      assertThat(server.awaitClient(Duration.ofSeconds(60))).isTrue();

      socket.sendText("plain", true).join();
      socket.sendText("in ", false).join();
      socket.sendText("two", true).join();
      socket.sendBinary(ByteBuffer.wrap(large), true).join();
      socket.sendPing(ByteBuffer.wrap(new byte[] {7})).join();

      assertThat(received.next()).isEqualTo("plain");
      assertThat(received.next()).isEqualTo("in two");
      assertThat(received.next()).isEqualTo("3000000 bytes, " + ByteBuffer.wrap(large).hashCode());
      assertThat(received.next()).isEqualTo("pong 7");
      socket.abort();
    }
  }

  @Test
  void keepsAThousandMessagesOfEachOfTwoClientsInOrder() throws Exception {
    try (EchoServer server = EchoServer.listen(ANY_PORT);
        HttpClient client = HttpClient.newHttpClient()) {
      Received first = new Received();
      Received second = new Received();
      WebSocket one = connect(client, server.url(), first);
      WebSocket two = connect(client, server.url() + "/", second);
      for (int i = 0; i < 1_000; i++) {
        one.sendText("one " + i, true).join();
        two.sendText("two " + i, true).join();
      }
      for (int i = 0; i < 1_000; i++) {
        assertThat(first.next()).isEqualTo("one " + i);
        assertThat(second.next()).isEqualTo("two " + i);
      }
      one.abort();
      two.abort();
    }
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (EchoServer server = EchoServer.listen(ANY_PORT)) {
      int port = URI.create(server.url()).getPort();

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () ->
                  EchoServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
          .withMessageContaining("in use");
    }
  }
}
