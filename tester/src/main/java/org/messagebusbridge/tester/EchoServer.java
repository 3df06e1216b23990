package org.messagebusbridge.tester;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket service (RFC 6455) that sends every message back, at any path and whoever asks. It
 * reads no faster than it can write, so a client that does not read is not read from.
 */
final class EchoServer implements AutoCloseable {

  private static final int LARGEST_HANDSHAKE = 64 * 1024;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("echo", true), NioIoHandler.newFactory());
  private final CountDownLatch client = new CountDownLatch(1);
  private final InetSocketAddress address;

  private EchoServer(InetSocketAddress wanted) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    fill(channel);
                  }
                })
            .bind(wanted)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    address = (InetSocketAddress) bound.channel().localAddress();
  }

  /**
   * Listens.
   *
   * @param address with port 0 for any that is free
   * @throws IOException when it cannot
   */
  static EchoServer listen(InetSocketAddress address) throws IOException {
    return new EchoServer(address);
  }

  private void fill(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(LARGEST_HANDSHAKE),
            new WebSocketServerCompressionHandler(Payload.MAX_SIZE),
            new WebSocketServerProtocolHandler(
                WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath("/")
                    .checkStartsWith(true)
                    .allowExtensions(true)
                    .maxFramePayloadLength(Payload.MAX_SIZE)
                    .build()),
            new EchoHandler(client::countDown));
  }

  /** Where it is: {@code ws://host:port}, without a path. */
  String url() {
    String host = address.getHostString();
    return "ws://%s:%d"
        .formatted(host.indexOf(':') < 0 ? host : "[" + host + "]", address.getPort());
  }

  /** Waits until a client has been there; returns whether one has. */
  boolean awaitClient(Duration time) throws InterruptedException {
    return client.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends all connections and frees the port. Idempotent. */
  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
