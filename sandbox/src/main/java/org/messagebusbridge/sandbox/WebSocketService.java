package org.messagebusbridge.sandbox;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A WebSocket service (RFC 6455) on 127.0.0.1, for tests, the demo and the benchmark. It asks of
 * its clients what a real one asks (path, token, headers, certificate), can refuse them at any
 * time, and does with those it takes what its {@link Behaviour} says. All of its methods may be
 * called by any thread.
 */
public final class WebSocketService implements AutoCloseable {
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

  private final boolean secure;
  private final String path;
  private final int maxMessageBytes;
  private final Behaviour behaviour;
  private final List<HandshakeCheck> checks = new ArrayList<>();
  private final Optional<JwtCheck> jwt;
  private final RefusalGate gate = new RefusalGate();
  private final List<Handshake> handshakes = new CopyOnWriteArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private int opened;
  private int closed;
  private final Monitor monitor = new Monitor();
  private final Set<Channel> accepted = ConcurrentHashMap.newKeySet();
  private final EventLoopGroup loops;
  private final Channel server;

  WebSocketService(WebSocketServiceBuilder settings) {
    this.secure = settings.tls != null;
    this.path = settings.path;
    this.maxMessageBytes = settings.maxMessageBytes;
    this.behaviour = settings.behaviour;
    this.jwt =
        Optional.ofNullable(settings.jwt)
            .map(client -> new JwtCheck(scheme(), client.id(), client.secretHex(), settings.clock));
    checks.add(HandshakeCheck.path(settings.path));
    jwt.ifPresent(checks::add);
    checks.addAll(settings.checks);
    if (settings.refusal != null) {
      gate.refuseWhile(settings.refusal, () -> true);
    }
    loops =
        new MultiThreadIoEventLoopGroup(
            settings.threads,
            new DefaultThreadFactory("sandbox-websocket", true),
            NioIoHandler.newFactory());
    server = bind(settings);
  }

  private Channel bind(WebSocketServiceBuilder settings) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .childHandler(new WebSocketPipeline(this, settings))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new SandboxException(
          "Cannot listen on 127.0.0.1:" + settings.port + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return bound.channel();
  }

  /**
   * A service that is not started yet: an echo at {@code /ws}, on a free port, that takes every
   * client.
   */
  public static WebSocketServiceBuilder builder() {
    return new WebSocketServiceBuilder();
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** Scheme, host and port: {@code ws://127.0.0.1:PORT}, with {@code wss} when it has TLS. */
  public String host() {
    return scheme() + "://127.0.0.1:" + port();
  }

  /** The path. */
  public String uri() {
    return path;
  }

  /** {@link #host} and {@link #uri}. */
  public String url() {
    return host() + uri();
  }

  /** How many WebSockets are open now. */
  public int connections() {
    return monitor.read(() -> opened - closed);
  }

  /**
   * Waits until exactly {@code count} WebSockets are open.
   *
   * @throws SandboxException when that is not so in time
   */
  public void awaitConnections(int count, Duration timeout) throws InterruptedException {
    monitor.await(
        () -> opened - closed == count,
        timeout,
        () -> (opened - closed) + " WebSockets were open, not " + count + ",");
  }

  /** How many TCP connections were ever accepted, whatever became of them. */
  public int connectionAttempts() {
    return attempts.get();
  }

  /** Every handshake that was answered, in order, with its credentials as they came. */
  public List<Handshake> handshakes() {
    return List.copyOf(handshakes);
  }

  /**
   * Every token that came in the query parameter {@code jwt}, in order; empty when none is asked
   * for.
   */
  public List<String> tokens() {
    return jwt.map(JwtCheck::seen).orElse(List.of());
  }

  /**
   * Refuses the next {@code count} handshakes, then takes them again. Replaces what was said
   * before.
   */
  public void refuseNext(int count, HttpRefusal refusal) {
    AtomicInteger left = new AtomicInteger(count);
    gate.refuseWhile(refusal, () -> left.getAndDecrement() > 0);
  }

  /**
   * Refuses every handshake for which the condition holds when it comes. Replaces what was said
   * before.
   */
  public void refuseWhile(HttpRefusal refusal, BooleanSupplier condition) {
    gate.refuseWhile(refusal, condition);
  }

  /** Takes every handshake again that has what is asked for. */
  public void accept() {
    gate.accept();
  }

  /** Cuts every TCP connection with a reset, as a peer that vanished; the service goes on. */
  public void abortAll() {
    accepted.forEach(Channels::abort);
  }

  /** Ends at once: every TCP connection is reset and the port is free. Idempotent. */
  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    abortAll();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  Optional<HttpRefusal> refusal(HandshakeRequest request) {
    return gate.next()
        .or(
            () ->
                checks.stream()
                    .map(check -> check.refuse(request))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  void connected(Channel channel) {
    attempts.incrementAndGet();
    accepted.add(channel);
    channel.closeFuture().addListener(end -> accepted.remove(channel));
  }

  void refused(Handshake handshake) {
    handshakes.add(handshake);
  }

  void opened(Channel channel, Handshake handshake) {
    handshakes.add(handshake);
    channel.pipeline().addLast(new End());
    monitor.change(() -> behaviour.open(channel.pipeline(), ++opened, maxMessageBytes));
  }

  /** Counts a WebSocket as gone when its behaviour, which comes behind this, has heard of it. */
  private final class End extends ChannelInboundHandlerAdapter {
    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      monitor.change(() -> closed++);
    }
  }

  private String scheme() {
    return secure ? "wss" : "ws";
  }
}
