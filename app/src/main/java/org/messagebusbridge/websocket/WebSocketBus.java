package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.ThreadType;
import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket API as a bus: its messages are the source's deliveries, and it takes what the sink is
 * sent.
 *
 * <p>Its sink confirms by {@code ws_delivery_confirm}. Its source cannot take messages back; a ping
 * of the peer is answered when the messages before it are accepted, or after five seconds. A
 * rejected delivery closes the connection with 1009.
 */
public final class WebSocketBus implements Bus {
  private static final Logger log = LoggerFactory.getLogger(WebSocketBus.class);
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final Dialler dialler;
  private final WebSocketConnection.Context context;
  private final BooleanSupplier permitted;

  /**
   * A bus with the credentials of its configuration.
   *
   * @param timer runs what has its time, for a moment each; shared, never shut down here
   */
  public WebSocketBus(WebSocketConfig config, ScheduledExecutorService timer) {
    this(config, timer, () -> Credentials.of(config), InstantSource.system(), UUID::randomUUID);
  }

  /**
   * A bus.
   *
   * @param timer runs what has its time, for a moment each; shared, never shut down here
   * @param credentials asked at each connect, so that they can change meanwhile
   * @param clock what a token's times are reckoned from
   * @param nonces gives a token's nonce, a new one each time
   */
  public WebSocketBus(
      WebSocketConfig config,
      ScheduledExecutorService timer,
      Supplier<Credentials> credentials,
      InstantSource clock,
      Supplier<UUID> nonces) {
    this(new Dialler(config, credentials, clock, nonces), WebSocketSource.DEFAULT_WINDOW, timer);
  }

  WebSocketBus(Dialler dialler, Source.Window window, ScheduledExecutorService timer) {
    this(
        dialler,
        new WebSocketConnection.Context(
            dialler.config(),
            new FrameChoice(dialler.config().get(WebSocketKeys.FRAME_TYPE)),
            window,
            timer,
            new PingAllowance(dialler.config().receiptInterval())),
        () -> true);
  }

  private WebSocketBus(
      Dialler dialler, WebSocketConnection.Context context, BooleanSupplier permitted) {
    this.dialler = dialler;
    this.context = context;
    this.permitted = permitted;
  }

  /**
   * The same bus, which writes nothing, to a connection that stands either, when it is not
   * permitted.
   *
   * @param permission asked before each write, by any thread
   */
  public WebSocketBus writingOnlyWhile(BooleanSupplier permission) {
    return new WebSocketBus(dialler, context, permission);
  }

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public BusConnection connect(ConnectionListener listener)
      throws BusException, InterruptedException {
    WebSocketConfig config = dialler.config();
    Peer peer = peer(config);
    HandshakeFailures failures = new HandshakeFailures(config, peer, dialler.clock());
    WireSockets sockets = new WireSockets(peer, config.maxMessageBytes(), permitted);
    WebSocket webSocket = dialler.prepare(peer, sockets);
    Gate gate = new Gate();
    webSocket.setDirectTextMessage(true).addListener(gate);
    boolean connected = false;
    try {
      shakeHands(webSocket, failures);
      WebSocketConnection.Wire wire =
          new WebSocketConnection.Wire(
              peer,
              webSocket,
              sockets,
              sockets.input().orElseThrow(),
              sockets.output().orElseThrow(),
              Dialler.agreedDeflate(webSocket));
      WebSocketConnection connection = new WebSocketConnection(wire, context, listener);
      Dispatcher dispatcher = new Dispatcher(connection, wire, context);
      warnOfSubprotocol(webSocket);
      webSocket.addListener(dispatcher);
      dispatcher.start(tick());
      webSocket.removeListener(gate);
      connected = true;
      return connection;
    } finally {
      if (!connected) {
        sockets.abort();
      }
      gate.open();
    }
  }

  /**
   * Names the library's threads, and has them wait until there is someone who hears them, so
   * nothing is lost and nothing happens before {@link #connect} is about to return.
   */
  private static final class Gate extends WebSocketAdapter {
    private final CountDownLatch opened = new CountDownLatch(1);

    void open() {
      opened.countDown();
    }

    @Override
    public void onThreadCreated(WebSocket ws, ThreadType type, Thread thread) {
      thread.setDaemon(true);
      thread.setName(type == ThreadType.READING_THREAD ? "websocket-reader" : "websocket-writer");
    }

    @Override
    public void onThreadStarted(WebSocket ws, ThreadType type, Thread thread)
        throws InterruptedException {
      opened.await();
    }
  }

  private static Peer peer(WebSocketConfig config) throws BusException {
    try {
      return Peer.of(config);
    } catch (IllegalArgumentException e) {
      throw new BusException(
          BusException.Kind.MISCONFIGURED,
          "api_host and api_uri make no URL: they are to be like wss://api.example.com and"
              + " /path.",
          null);
    }
  }

  /** Connects in a thread of its own: the library's connect can be neither bounded nor broken. */
  private void shakeHands(WebSocket webSocket, HandshakeFailures failures)
      throws BusException, InterruptedException {
    FutureTask<WebSocket> handshake = new FutureTask<>(webSocket::connect);
    Thread.ofPlatform().daemon().name("websocket-connect").start(handshake);
    try {
      handshake.get(dialler.config().connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failures.timedOut();
    } catch (ExecutionException e) {
      throw failures.explain(e.getCause() == null ? e : e.getCause());
    }
  }

  private void warnOfSubprotocol(WebSocket webSocket) {
    if (!dialler.config().subprotocols().isEmpty() && webSocket.getAgreedProtocol() == null) {
      log.warn("The WebSocket API chose none of ws_subprotocols; it is used without one");
    }
  }

  /** Often enough to be on time, within a quarter, for whatever has to be. */
  private Duration tick() {
    WebSocketConfig config = dialler.config();
    Duration tick = shorter(LONGEST_TICK, config.pongTimeout().dividedBy(4));
    return config.pingInterval().isZero()
        ? tick
        : shorter(tick, config.pingInterval().dividedBy(4));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
