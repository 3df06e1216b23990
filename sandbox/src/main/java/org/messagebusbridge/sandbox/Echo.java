package org.messagebusbridge.sandbox;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;

/** The echo of {@link Behaviour#echo}. */
final class Echo extends Behaviour {
  static final Echo INSTANCE = new Echo();

  private Echo() {}

  @Override
  void open(ChannelPipeline pipeline, int number, int maxMessageBytes) {
    pipeline.addLast(EchoHandler.INSTANCE);
  }

  /**
   * Writes back the frame that was read, its buffer handed on. What is written is flushed once a
   * read is done, and nothing is read while more than the channel's high watermark waits to be
   * written, so a client that does not read costs no memory.
   */
  @ChannelHandler.Sharable
  private static final class EchoHandler extends ChannelInboundHandlerAdapter {
    static final EchoHandler INSTANCE = new EchoHandler();

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      switch (frame) {
        case PingWebSocketFrame ping -> send(context, new PongWebSocketFrame(ping.content()));
        case PongWebSocketFrame pong -> pong.release();
        case CloseWebSocketFrame close ->
            context.writeAndFlush(close).addListener(ChannelFutureListener.CLOSE);
        default -> send(context, frame);
      }
    }

    private static void send(ChannelHandlerContext context, Object frame) {
      // A failure of this write comes to exceptionCaught.
      var _ = context.write(frame, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (!context.channel().isWritable()) {
        context.flush();
      }
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Failures.handle(context, cause);
    }
  }
}
