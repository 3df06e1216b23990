package org.messagebusbridge.websocket;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketExtension;
import com.neovisionaries.ws.client.WebSocketFrame;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Bus.ConnectionListener;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket that stands, until it is lost or closed:
 *
 * <pre>
 *   OPEN --(a failure, the peer's close frame)--> LOST       the listener is told, once
 *   OPEN --close()--> CLOSING --(answer, or 3 s)--> CLOSED   nobody is told
 * </pre>
 *
 * <p>Whatever goes wrong, in whichever thread, ends in {@link #lose}, and the first to get there
 * gives the reason.
 */
final class WebSocketConnection implements BusConnection {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

  /** How long the peer may take to answer our close frame. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  /** How long a lost connection's socket is left to the closing handshake. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private enum Life {
    OPEN,
    LOST,
    CLOSING,
    CLOSED
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * What the connections of one bus have in common.
   *
   * @param timer runs what has its time; shared, never shut down here
   * @param pings how the peer takes pings
   */
  record Context(
      WebSocketConfig config,
      FrameChoice frames,
      Source.Window window,
      ScheduledExecutorService timer,
      PingAllowance pings) {}

  /**
   * A WebSocket that has shaken hands, and whose threads wait to be let go.
   *
   * @param deflate permessage-deflate, if it was agreed on
   */
  record Wire(
      Peer peer,
      WebSocket webSocket,
      WireSockets sockets,
      WireInput input,
      WireOutput output,
      Optional<WebSocketExtension> deflate) {}

  private final Peer peer;
  private final WebSocket webSocket;
  private final WireSockets sockets;
  private final ScheduledExecutorService timer;
  private final ConnectionListener listener;
  private final ReceiptPings receipts;
  private final PeerPings peerPings;
  private final WebSocketSink sink;
  private final WebSocketSource source;

  private final CountDownLatch disconnected = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private Life life = Life.OPEN;
  private @Nullable Future<?> ticks;

  WebSocketConnection(Wire wire, Context context, ConnectionListener listener) {
    this.peer = wire.peer();
    this.webSocket = wire.webSocket();
    this.sockets = wire.sockets();
    this.timer = context.timer();
    this.listener = listener;
    WebSocketConfig config = context.config();
    boolean pong = config.deliveryConfirm() == DeliveryConfirm.PONG;
    receipts =
        new ReceiptPings(
            new ReceiptPings.Pace(pong, context.pings().interval(), config.pingInterval()),
            config.get(WebSocketKeys.PONG_MATCH),
            RANDOM.nextLong(),
            System::nanoTime,
            this::flushSoon,
            this::later);
    peerPings = new PeerPings(System::nanoTime, this::flushSoon, this::later);
    sink =
        new WebSocketSink(
            config.maxMessageBytes(),
            pong,
            context.frames(),
            wire.deflate().map(Deflation::agreed),
            wire.output(),
            receipts::probe);
    source =
        new WebSocketSource(
            context.window(), System::nanoTime, peerPings::accepted, this::rejected);
  }

  @Override
  public WebSocketSource source() {
    return source;
  }

  @Override
  public WebSocketSink sink() {
    return sink;
  }

  /** The proofs of what was sent. */
  ReceiptPings receipts() {
    return receipts;
  }

  /** The proofs of what was received. */
  PeerPings peerPings() {
    return peerPings;
  }

  /** Runs {@code task} at regular intervals while the connection is open. */
  void every(Duration interval, Runnable task) {
    long nanos = interval.toNanos();
    lock.lock();
    try {
      ticks = timer.scheduleWithFixedDelay(guarded(task), nanos, nanos, NANOSECONDS);
    } finally {
      lock.unlock();
    }
  }

  /** Whether what the peer sends is still of interest. */
  boolean reads() {
    lock.lock();
    try {
      return life == Life.OPEN || life == Life.CLOSING;
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code confirmation} unless the connection is gone; none runs while it goes. */
  void confirm(Runnable confirmation) {
    lock.lock();
    try {
      if (life == Life.OPEN || life == Life.CLOSING) {
        confirmation.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code task} in so many nanoseconds, unless the connection is gone by then. */
  void later(Runnable task, long nanos) {
    var _ = timer.schedule(guarded(task), nanos, NANOSECONDS);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        if (reads()) {
          task.run();
        }
      } catch (RuntimeException | Error e) { // the timer would run it no more, and tell nobody
        failed(e);
      }
    };
  }

  /** By the library's writing thread: nobody waits here. */
  private void flushSoon() {
    var _ = webSocket.flush();
  }

  /** Queues a close frame, behind the messages that wait to be written. */
  private void sendClose(int code, String reason) {
    webSocket.sendFrame(WebSocketFrame.createCloseFrame(code, CloseCodes.fitting(reason)));
  }

  /** The bridge itself has failed over this connection: it is closed with 1011. */
  void failed(Throwable cause) {
    if (!reads()) {
      log.atDebug().setCause(cause).addKeyValue("peer", peer).log("Failed after the end");
      return;
    }
    log.atError().setCause(cause).addKeyValue("peer", peer).log("The WebSocket bus failed");
    refuse(
        CloseCodes.INTERNAL_ERROR,
        "internal error",
        new BusException(
            BusException.Kind.UNAVAILABLE,
            "The connection to "
                + peer
                + " was given up over an error in the bridge itself: "
                + Sentences.cause(cause)
                + "; please report it.",
            cause));
  }

  /** The connection is lost, if it is not closed or lost already. */
  void lose(BusException cause) {
    if (end(cause)) {
      tell(cause);
    }
  }

  /**
   * Loses the connection by closing it with this code. It is lost before the close frame is sent:
   * the peer answers with the same code, which must not be taken for its own opinion.
   */
  void refuse(int code, String reason, BusException cause) {
    if (end(cause)) {
      sendClose(code, reason);
      tell(cause);
    }
  }

  /** A message of the peer cannot be delivered. */
  private void rejected(Rejection rejection) {
    refuse(
        CloseCodes.TOO_BIG,
        rejection.detail(),
        new BusException(
            BusException.Kind.UNAVAILABLE,
            "The connection to "
                + peer
                + " was closed with "
                + CloseCodes.describe(CloseCodes.TOO_BIG)
                + " over a message that cannot be delivered: "
                + Sentences.quoted(rejection.detail()),
            null));
  }

  private boolean end(BusException cause) {
    lock.lock();
    try {
      if (life != Life.OPEN) {
        return false;
      }
      life = Life.LOST;
      stopTicks();
    } finally {
      lock.unlock();
    }
    endTraffic(Optional.of(cause));
    return true;
  }

  /** Nothing more is sent, but a close frame, or handed out. */
  private void endTraffic(Optional<BusException> cause) {
    sink.end();
    source.end(cause);
  }

  private void tell(BusException cause) {
    listener.lost(cause);
    try {
      var _ = timer.schedule(sockets::abort, LINGER.toNanos(), NANOSECONDS);
    } catch (RejectedExecutionException e) {
      sockets.abort();
    }
  }

  /** Loses the connection with a peer that is not worth waiting for. */
  void giveUp(BusException cause) {
    lose(cause);
    sockets.abort();
  }

  /** The library is done with the socket. */
  void disconnected() {
    disconnected.countDown();
    lose(
        new BusException(
            BusException.Kind.UNAVAILABLE, "The connection to " + peer + " is gone.", null));
  }

  @Override
  public void close() {
    boolean standing;
    lock.lock();
    try {
      if (life == Life.CLOSING || life == Life.CLOSED) {
        return;
      }
      standing = life == Life.OPEN;
      life = standing ? Life.CLOSING : Life.CLOSED;
      stopTicks();
    } finally {
      lock.unlock();
    }
    if (standing) {
      sayGoodbye();
    }
    source.awaitEnd();
  }

  private void sayGoodbye() {
    sink.end();
    source.closing();
    sendClose(CloseCodes.GOING_AWAY, "");
    try {
      if (!disconnected.await(CLOSE_PATIENCE.toNanos(), NANOSECONDS)) {
        log.atDebug().addKeyValue("peer", peer).log("The peer did not answer the close frame");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
    try {
      life = Life.CLOSED;
    } finally {
      lock.unlock();
    }
    endTraffic(Optional.empty());
    sockets.abort();
  }

  private void stopTicks() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }
}
