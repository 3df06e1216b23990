package org.messagebusbridge.websocket;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketFrame;
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
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
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

  private final Peer peer;
  private final WebSocket webSocket;
  private final WireSockets sockets;
  private final ScheduledExecutorService timer;
  private final ConnectionListener listener;
  private final Traffic traffic;

  private final CountDownLatch disconnected = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private Life life = Life.OPEN;
  private @Nullable Future<?> ticks;

  WebSocketConnection(Dialled dialled, Surroundings surroundings, ConnectionListener listener) {
    this.peer = dialled.peer();
    this.webSocket = dialled.webSocket();
    this.sockets = dialled.sockets();
    this.timer = surroundings.timer();
    this.listener = listener;
    this.traffic = new Traffic(this, dialled, surroundings);
  }

  /** Begins to look after the connection at regular intervals. */
  void watch(Duration interval) {
    long nanos = interval.toNanos();
    lock.lock();
    try {
      ticks = timer.scheduleWithFixedDelay(guarded(traffic::tick), nanos, nanos, NANOSECONDS);
    } finally {
      lock.unlock();
    }
  }

  Traffic traffic() {
    return traffic;
  }

  @Override
  public Source source() {
    return traffic.source();
  }

  @Override
  public Sink sink() {
    return traffic.sink();
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
  void later(long nanos, Runnable task) {
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
    traffic.end(Optional.of(cause));
    return true;
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
    traffic.source().awaitEnd();
  }

  private void sayGoodbye() {
    traffic.closing();
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
    traffic.end(Optional.empty());
    sockets.abort();
  }

  private void stopTicks() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }
}
