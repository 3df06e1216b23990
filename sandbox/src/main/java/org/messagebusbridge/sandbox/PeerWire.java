package org.messagebusbridge.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** One connection of a {@link ResendingPeer}. What writes runs in its event loop. */
final class PeerWire implements Ears {
  private final ResendingPeer peer;
  private final Channel channel;
  private final int number;
  private final MessageHandler handler;

  PeerWire(ResendingPeer peer, Channel channel, int number, int maxMessageBytes) {
    this.peer = peer;
    this.channel = channel;
    this.number = number;
    this.handler = new MessageHandler(this, number, maxMessageBytes);
  }

  ChannelHandler handler() {
    return handler;
  }

  /** Has it write what there is to write. */
  void wake() {
    channel.eventLoop().execute(this::write);
  }

  /** As {@link #wake}, when the window may be full by then and it is time for the next ping. */
  void wakeToPing() {
    wake();
    var _ =
        channel
            .eventLoop()
            .schedule(this::write, ResendingPeer.PING_EVERY.toNanos(), TimeUnit.NANOSECONDS);
  }

  void pauseReading(boolean paused) throws InterruptedException {
    channel.eventLoop().submit(() -> channel.config().setAutoRead(!paused)).sync();
  }

  void close(int code, String reason) {
    channel
        .eventLoop()
        .execute(
            () -> {
              handler.startClose(channel, code, reason);
              peer.gone(this);
            });
  }

  void abort() {
    channel.eventLoop().execute(() -> Channels.abort(channel));
  }

  private void write() {
    while (maySend()) {
      OptionalLong next = peer.take(this);
      if (next.isEmpty()) {
        break;
      }
      Optional<byte[]> text = peer.script().text(next.getAsLong());
      text.ifPresent(
          bytes -> {
            var _ = channel.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
          });
    }
    if (!handler.isClosing() && channel.isActive()) {
      ping();
      channel.flush();
    }
  }

  private boolean maySend() {
    return !handler.isClosing() && channel.isActive() && channel.isWritable();
  }

  private void ping() {
    long now = System.nanoTime();
    OptionalLong last = peer.takePing(this, now);
    if (last.isPresent()) {
      byte[] payload = Long.toString(last.getAsLong()).getBytes(StandardCharsets.US_ASCII);
      var _ = channel.write(new PingWebSocketFrame(Unpooled.wrappedBuffer(payload)));
      var _ =
          channel
              .eventLoop()
              .schedule(
                  () -> {
                    if (peer.awaitsPongSince(this, now)) {
                      Channels.abort(channel);
                    }
                  },
                  peer.pongTimeout().toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Answer message(ReceivedMessage message) {
    Answer answer = peer.heard(message);
    if (!(answer instanceof Answer.Take)) {
      peer.gone(this);
    }
    return answer;
  }

  @Override
  public boolean ping(String payload, int messagesBefore) {
    return peer.answersPings();
  }

  @Override
  public void pong(String payload, int messagesBefore) {
    try {
      peer.pong(this, Long.parseLong(payload), System.nanoTime());
    } catch (NumberFormatException e) {
      // not the answer to a ping of ours
    }
  }

  @Override
  public void ended(int code, String reason) {
    peer.script().ended(new ReceivedClose(number, code, reason), peer.receipted());
    peer.gone(this);
  }

  @Override
  public void writabilityChanged() {
    if (channel.isActive()) {
      write();
    }
  }
}
