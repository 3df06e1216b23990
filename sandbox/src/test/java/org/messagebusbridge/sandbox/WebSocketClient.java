package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * The JDK's own WebSocket client, an implementation that shares nothing with the one under test.
 * Everything that comes is kept in order as a line: {@code text:...}, {@code binary:hex}, {@code
 * ping:hex}, {@code pong:hex}, {@code close:code:reason}, {@code error}; a frame that is not the
 * last of its message ends in {@code ...}.
 */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final HttpClient http;
  private final boolean reading;
  private volatile Throwable failure = new IOException("none yet");
  private final WebSocket socket;

  private WebSocketClient(
      HttpClient http, String url, boolean reading, UnaryOperator<WebSocket.Builder> settings) {
    this.http = http;
    this.reading = reading;
    this.socket =
        settings.apply(http.newWebSocketBuilder()).buildAsync(URI.create(url), this).join();
  }

  static WebSocketClient connect(String url) {
    return connect(url, UnaryOperator.identity());
  }

  static WebSocketClient connect(String url, UnaryOperator<WebSocket.Builder> settings) {
    return new WebSocketClient(HttpClient.newHttpClient(), url, true, settings);
  }

  static WebSocketClient connect(String url, SSLContext tls) {
    HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
    return new WebSocketClient(http, url, true, UnaryOperator.identity());
  }

  static WebSocketClient connect(HttpClient http, String url) {
    return new WebSocketClient(http, url, true, UnaryOperator.identity());
  }

  /** A client that takes nothing from its socket until {@link #read}. */
  static WebSocketClient connectWithoutReading(String url) {
    return new WebSocketClient(HttpClient.newHttpClient(), url, false, UnaryOperator.identity());
  }

  /** The status with which a handshake is refused. */
  static java.net.http.HttpResponse<?> refusal(
      String url, UnaryOperator<WebSocket.Builder> settings) {
    try (WebSocketClient accepted = connect(url, settings)) {
      throw new AssertionError("accepted: " + accepted.socket);
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse();
      }
      throw e;
    }
  }

  void sendText(String text) {
    socket.sendText(text, true).join();
  }

  void sendText(String part, boolean last) {
    socket.sendText(part, last).join();
  }

  void sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  void ping(String payload) {
    socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))).join();
  }

  void sendClose(int code, String reason) {
    socket.sendClose(code, reason).join();
  }

  void abort() {
    socket.abort();
  }

  void read(long events) {
    socket.request(events);
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  /** What came with the event {@code error}. */
  Throwable failure() {
    return failure;
  }

  /** The next event. */
  String next() throws InterruptedException {
    String event = events.poll(60, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing came within a minute");
    }
    return event;
  }

  /**
   * The next event, a message put together from its parts: this client gives a frame as it comes
   * off the wire.
   */
  String nextWhole() throws InterruptedException {
    String part = next();
    StringBuilder whole = new StringBuilder(part.substring(0, part.indexOf(':') + 1));
    boolean more;
    do {
      more = part.endsWith("...");
      whole.append(part, part.indexOf(':') + 1, part.length() - (more ? 3 : 0));
      if (more) {
        part = next();
      }
    } while (more);
    return whole.toString();
  }

  List<String> nextWhole(int count) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(nextWhole());
    }
    return all;
  }

  List<String> next(int count) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(next());
    }
    return all;
  }

  @Override
  public void onOpen(WebSocket socket) {
    if (reading) {
      socket.request(1);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    return event(socket, "text:" + data + (last ? "" : "..."));
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    return event(socket, "binary:" + hex(data) + (last ? "" : "..."));
  }

  @Override
  public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    return event(socket, "ping:" + hex(message));
  }

  @Override
  public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    return event(socket, "pong:" + StandardCharsets.UTF_8.decode(message));
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    return event(socket, "close:" + code + ":" + reason);
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    failure = error;
    events.add("error");
  }

  @SuppressWarnings("NullAway") // null: the message is done with (WebSocket.Listener)
  private CompletionStage<?> event(WebSocket socket, String event) {
    events.add(event);
    if (reading) {
      socket.request(1);
    }
    return null;
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }

  @Override
  public void close() {
    socket.abort();
    http.close();
  }
}
