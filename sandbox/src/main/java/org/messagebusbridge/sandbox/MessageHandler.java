package org.messagebusbridge.sandbox;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Hands what one WebSocket receives to its {@link Ears}. All of it runs in the connection's event
 * loop.
 */
final class MessageHandler extends ChannelInboundHandlerAdapter {
  private static final int INVALID_PAYLOAD = 1007;
  private static final int TOO_BIG = 1009;

  private final Ears ears;
  private final int number;
  private final int maxMessageBytes;
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
  private boolean fragmentsAreText;
  private int received;
  private boolean closeSent;
  private boolean closeReceived;

  MessageHandler(Ears ears, int number, int maxMessageBytes) {
    this.ears = ears;
    this.number = number;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    try {
      switch (frame) {
        case CloseWebSocketFrame close -> closeReceived(context, close);
        case WebSocketFrame after when closeSent -> {}
        case PingWebSocketFrame ping -> ping(context, ping);
        case PongWebSocketFrame pong -> pong(pong);
        case TextWebSocketFrame text -> begin(context, text, true);
        case BinaryWebSocketFrame binary -> begin(context, binary, false);
        case ContinuationWebSocketFrame more -> append(context, more);
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private void begin(ChannelHandlerContext context, WebSocketFrame frame, boolean text) {
    if (frame.isFinalFragment()) {
      message(context, text, ByteBufUtil.getBytes(frame.content()));
      return;
    }
    fragmentsAreText = text;
    fragments.reset();
    append(context, frame);
  }

  private void append(ChannelHandlerContext context, WebSocketFrame frame) {
    byte[] part = ByteBufUtil.getBytes(frame.content());
    if (part.length > maxMessageBytes - fragments.size()) {
      startClose(context, TOO_BIG, "message too big");
      return;
    }
    fragments.writeBytes(part);
    if (frame.isFinalFragment()) {
      byte[] body = fragments.toByteArray();
      fragments.reset();
      message(context, fragmentsAreText, body);
    }
  }

  private void message(ChannelHandlerContext context, boolean text, byte[] body) {
    if (text && !isUtf8(body)) {
      startClose(context, INVALID_PAYLOAD, "text is not UTF-8");
      return;
    }
    switch (ears.message(new ReceivedMessage(number, text, body))) {
      case Answer.Take take -> received++;
      case Answer.Close close -> startClose(context, close.code(), close.reason());
      case Answer.Crash crash -> {
        closeSent = true; // nothing more is heard
        Channels.abort(context.channel());
      }
    }
  }

  private void ping(ChannelHandlerContext context, PingWebSocketFrame ping) {
    if (ears.ping(payload(ping), received)) {
      var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
    }
  }

  private void pong(PongWebSocketFrame pong) {
    ears.pong(payload(pong), received);
  }

  private void closeReceived(ChannelHandlerContext context, CloseWebSocketFrame close) {
    closeReceived = true;
    int code = close.statusCode() < 0 ? 1005 : close.statusCode();
    ears.ended(code, close.reasonText());
    if (closeSent) {
      var _ = context.close();
    } else {
      closeSent = true;
      context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Whether a close frame was sent or received, after which nothing may be sent. */
  boolean isClosing() {
    return closeSent;
  }

  /** Sends a close frame, once; the TCP connection ends when the client has answered it. */
  void startClose(ChannelOutboundInvoker out, int code, String reason) {
    if (!closeSent) {
      closeSent = true;
      var _ = out.writeAndFlush(new CloseWebSocketFrame(code, reason));
    }
  }

  private static String payload(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    return content.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean isUtf8(byte[] body) {
    return ByteBufUtil.isText(Unpooled.wrappedBuffer(body), StandardCharsets.UTF_8);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    ears.writabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ears.writabilityChanged();
    if (!closeReceived) {
      ears.ended(1006, "");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Failures.handle(context, cause);
  }
}
