package org.messagebusbridge.sandbox;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a handler does with an exception of its connection. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(WebSocketService.class);

  private Failures() {}

  /**
   * Ends the connection. A frame against the protocol was answered with its close code by the
   * decoder already; a message that grows past the limit when it is inflated is answered here.
   */
  static void handle(ChannelHandlerContext context, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    log.atDebug()
        .addKeyValue("peer", context.channel().remoteAddress())
        .addKeyValue("cause", root)
        .log("A WebSocket connection failed");
    switch (root) {
      case CorruptedWebSocketFrameException violation -> {}
      case DecompressionException tooBig ->
          context
              .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.MESSAGE_TOO_BIG))
              .addListener(ChannelFutureListener.CLOSE);
      default -> {
        var _ = context.close();
      }
    }
  }
}
