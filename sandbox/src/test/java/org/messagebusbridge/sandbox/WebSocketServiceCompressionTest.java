package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 7692 by hand, as the JDK's client does not know it. */
@Timeout(180)
class WebSocketServiceCompressionTest {
  private static final String TEXT = "the same words again and again, ".repeat(100);

  @Test
  void echoesCompressedMessagesCompressed() throws Exception {
    try (WebSocketService service = WebSocketService.builder().compression(true).start();
        DeflatingClient client = new DeflatingClient(service.port())) {
      assertThat(client.response)
          .containsIgnoringCase("Sec-WebSocket-Extensions: permessage-deflate");

      for (int i = 0; i < 3; i++) {
        client.send(TEXT + i);
        RawFrame back = client.read();

        assertThat(back.rsv()).isEqualTo(4);
        assertThat(back.payload()).hasSizeLessThan(TEXT.length() / 10);
        assertThat(client.inflate(back)).isEqualTo(TEXT + i);
      }
    }
  }

  @Test
  void recordsCompressedMessagesInflated() throws Exception {
    Recorder recorder = new Recorder();
    try (WebSocketService service =
            WebSocketService.builder().behaviour(recorder).compression(true).start();
        DeflatingClient client = new DeflatingClient(service.port())) {
      client.send(TEXT);
      recorder.connection().sendText(TEXT);

      assertThat(recorder.awaitCount(1, Duration.ofSeconds(60)).getFirst().text()).isEqualTo(TEXT);
      assertThat(client.inflate(client.read())).isEqualTo(TEXT);
    }
  }

  @Test
  void refusesAMessageThatInflatesBeyondTheLimitWith1009() throws Exception {
    try (WebSocketService service =
            WebSocketService.builder().compression(true).maxMessageBytes(100_000).start();
        DeflatingClient client = new DeflatingClient(service.port())) {
      client.send("x".repeat(1_000_000));

      RawFrame close = client.read();
      assertThat(close.opcode()).isEqualTo(RawFrame.CLOSE);
      assertThat(close.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void agreesToNoCompressionByDefault() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        DeflatingClient client = new DeflatingClient(service.port())) {
      assertThat(client.response)
          .startsWith("HTTP/1.1 101 ")
          .doesNotContainIgnoringCase("extensions");
    }
  }

  private static final class DeflatingClient implements AutoCloseable {
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Socket socket;
    private final DataInputStream in;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    final String response;

    DeflatingClient(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      response = RawHandshake.open(socket, in, "Sec-WebSocket-Extensions: permessage-deflate");
    }

    void send(String text) throws IOException {
      byte[] plain = text.getBytes(UTF_8);
      byte[] room = new byte[plain.length + 100];
      deflater.setInput(plain);
      int size = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH) - TAIL.length;
      byte[] payload = Arrays.copyOf(room, size);
      socket.getOutputStream().write(RawFrame.text(payload).withRsv(4).asMasked().bytes());
    }

    RawFrame read() throws IOException {
      return RawFrame.readFrom(in);
    }

    String inflate(RawFrame frame) throws DataFormatException {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      compressed.writeBytes(frame.payload());
      compressed.writeBytes(TAIL);
      inflater.setInput(compressed.toByteArray());
      byte[] plain = new byte[1_000_000];
      return new String(plain, 0, inflater.inflate(plain), UTF_8);
    }

    @Override
    public void close() throws IOException {
      deflater.end();
      inflater.end();
      socket.close();
    }
  }
}
