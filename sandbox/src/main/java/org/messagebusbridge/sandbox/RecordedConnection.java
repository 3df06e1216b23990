package org.messagebusbridge.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One WebSocket of a {@link Recorder}, seen from the service. What one thread sends goes out in its
 * order, and a sender waits while more than about a mebibyte is on its way to a client that does
 * not read.
 */
public final class RecordedConnection {
  private final int number;
  private final Channel channel;
  private final MessageHandler handler;
  private final Monitor monitor;
  private final ReentrantLock order = new ReentrantLock();
  private final Map<String, Integer> sentBeforePing = new ConcurrentHashMap<>();
  private int sent;

  RecordedConnection(int number, Channel channel, MessageHandler handler, Monitor monitor) {
    this.number = number;
    this.channel = channel;
    this.handler = handler;
    this.monitor = monitor;
  }

  /** Its number, counted from 1. */
  public int number() {
    return number;
  }

  /** Whether the TCP connection is there. */
  public boolean isOpen() {
    return channel.isActive();
  }

  /**
   * Sends a text message in one frame.
   *
   * @throws SandboxException when the connection is closed
   */
  public void sendText(String text) throws InterruptedException {
    sendFragments(true, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * As {@link #sendText}, a binary message. The bytes are not copied and must not be changed
   * afterwards.
   */
  public void sendBinary(byte[] body) throws InterruptedException {
    sendFragments(false, body);
  }

  /** As {@link #sendText}, one message in as many frames as there are parts, one at least. */
  public void sendFragments(boolean text, byte[]... parts) throws InterruptedException {
    List<WebSocketFrame> frames = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      frames.add(frame(text, i == 0, i == parts.length - 1, parts[i]));
    }
    send(frames, () -> sent++);
  }

  private static WebSocketFrame frame(boolean text, boolean first, boolean last, byte[] part) {
    var content = Unpooled.wrappedBuffer(part);
    if (!first) {
      return new ContinuationWebSocketFrame(last, 0, content);
    }
    return text
        ? new TextWebSocketFrame(last, 0, content)
        : new BinaryWebSocketFrame(last, 0, content);
  }

  /** Sends a ping with a payload of at most 125 bytes. */
  public void ping(byte[] payload) throws InterruptedException {
    String key = new String(payload, StandardCharsets.ISO_8859_1);
    send(
        List.of(new PingWebSocketFrame(Unpooled.wrappedBuffer(payload))),
        () -> sentBeforePing.put(key, sent));
  }

  /**
   * Sends a close frame after all that was sent before; the TCP connection ends when the client has
   * answered it.
   *
   * @param code 1000 to 1003, 1007 to 1014 or 3000 to 4999
   */
  public void close(int code, String reason) {
    channel.eventLoop().execute(() -> handler.startClose(channel, code, reason));
  }

  /** Resets the TCP connection at once. */
  public void abort() {
    channel.eventLoop().execute(() -> Channels.abort(channel));
  }

  /**
   * Reads nothing more from the socket, so the client's writes stand still when the buffers of both
   * systems are full. The loss of the connection is not noticed meanwhile. Once it returns nothing
   * more is recorded.
   */
  public void stopReading() throws InterruptedException {
    autoRead(false);
  }

  /** Reads again. */
  public void resumeReading() throws InterruptedException {
    autoRead(true);
  }

  private void autoRead(boolean on) throws InterruptedException {
    channel.eventLoop().submit(() -> channel.config().setAutoRead(on)).sync();
  }

  private void send(List<WebSocketFrame> frames, Runnable note) throws InterruptedException {
    order.lockInterruptibly();
    try {
      monitor.await(() -> channel.isWritable() || !channel.isActive());
      if (!channel.isActive()) {
        throw new SandboxException("Connection " + number + " of the recorder is closed");
      }
      note.run();
      // What is written from this thread counts against the channel's water mark at once.
      for (WebSocketFrame frame : frames) {
        var _ = channel.write(frame);
      }
      channel.flush();
    } finally {
      order.unlock();
    }
  }

  /**
   * How many whole messages had been sent when the ping with this payload was last sent; 0: it
   * never was.
   */
  int sentBeforePing(String payload) {
    return sentBeforePing.getOrDefault(payload, 0);
  }
}
