package org.messagebusbridge.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The echo of {@link Behaviour#echoAcross}. */
final class EchoAcross extends Behaviour {
  private final List<Channel> open = new CopyOnWriteArrayList<>();

  @Override
  void open(ChannelPipeline pipeline, int number, int maxMessageBytes) {
    Channel channel = pipeline.channel();
    open.add(channel);
    channel.closeFuture().addListener(end -> open.remove(channel));
    pipeline.addLast(new Handler());
  }

  private Optional<Channel> other(Channel than) {
    return open.stream().filter(channel -> !channel.equals(than)).findFirst();
  }

  /** Hands frames on to the other WebSocket, and reads no more while that one is full. */
  private final class Handler extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      switch (frame) {
        case PingWebSocketFrame ping -> {
          var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content()));
        }
        case PongWebSocketFrame pong -> pong.release();
        case CloseWebSocketFrame close ->
            context.writeAndFlush(close).addListener(ChannelFutureListener.CLOSE);
        default ->
            other(context.channel())
                .ifPresentOrElse(
                    to -> handOn(context, to, frame), () -> ReferenceCountUtil.release(frame));
      }
    }

    private void handOn(ChannelHandlerContext context, Channel to, Object frame) {
      var _ = to.write(frame, to.voidPromise());
      context.channel().config().setAutoRead(to.isWritable());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
      other(context.channel()).ifPresent(Channel::flush);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (!context.channel().isWritable()) {
        context.flush();
      }
      other(context.channel())
          .ifPresent(from -> from.config().setAutoRead(context.channel().isWritable()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Failures.handle(context, cause);
    }
  }
}
