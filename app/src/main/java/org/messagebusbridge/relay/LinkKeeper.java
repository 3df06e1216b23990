package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.Relay.Patience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one side of a bridge connected, on a thread of its own, while it may be, until it is told
 * to stop or the policy gives up.
 */
final class LinkKeeper {
  private static final Logger log = LoggerFactory.getLogger(LinkKeeper.class);

  /** Hears what becomes of the side, one call at a time. */
  interface Listener {
    void up(Side side, BusConnection connection);

    void down(Side side, BusException cause);

    /** What losses of this side are to be taken for, as things stand. */
    Patience patience(Side side);

    /**
     * There will be no further attempt.
     *
     * @param atStart whether the side has never worked
     */
    void gaveUp(Side side, BusException cause, boolean atStart);

    /** The keeper has ended, which is a bug. */
    void failed(Throwable cause);
  }

  private final Side side;
  private final Bus bus;
  private final RetryPolicy policy;
  private final Renewal renewal;
  private final Timing timing;
  private final Listener listener;
  private final LinkStats stats = new LinkStats();
  private final Thread thread;
  private final Gate gate;

  /** Held while a connection is taken over or the gate is closed: one of them comes first. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Of the keeper's thread: when the first attempt of this row was made. */
  private long failingSince;

  private volatile boolean stopped;
  private volatile @Nullable Link link;

  /** One connection. */
  private static final class Link {
    private final BusConnection connection;

    /** Which may come before anyone waits for it. */
    private final CompletableFuture<BusException> loss;

    /** Done when the loss was reported. */
    private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();

    private volatile boolean confirmed;
    private volatile boolean delivered;

    private Link(BusConnection connection, CompletableFuture<BusException> loss) {
      this.connection = connection;
      this.loss = loss;
    }
  }

  /**
   * @param to where it connects to; in turn only when {@linkplain #release told to}
   */
  LinkKeeper(Side side, Bridge.Link to, Timing timing, Listener listener) {
    this.side = side;
    this.bus = to.bus();
    this.policy = to.retries();
    this.renewal = to.renewal();
    this.timing = timing;
    this.listener = listener;
    this.gate = new Gate(!to.inTurn());
    this.thread = Thread.ofVirtual().name(bus.name() + "-keeper").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The name of its bus. */
  String name() {
    return bus.name();
  }

  /** What became of the side. */
  LinkStats stats() {
    return stats;
  }

  /** What keeps the side from its work though it may be connected. */
  Optional<String> trouble() {
    return bus.trouble();
  }

  /** Lets it connect from now on. */
  void release() {
    gate.open();
  }

  /**
   * Lets it connect no more until {@link #release}. The connection that stands is closed, and its
   * loss reported, when this returns; one that is being made is given up.
   */
  void hold(BusException cause) {
    Link current;
    lock.lock();
    try {
      gate.close();
      current = link;
      if (current == null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.connection.close();
      current.loss.complete(cause);
      current.left.join();
    }
  }

  /** This source was started, so the side lets us work. */
  void started(Source source) {
    Link current = link;
    if (current != null && current.connection.source().equals(source)) {
      policy.allowed();
    }
  }

  /** This source has handed out a message. */
  void delivered(Source source) {
    Link current = link;
    if (current != null && current.connection.source().equals(source)) {
      current.delivered = true;
    }
  }

  /** This sink has confirmed a message. */
  void confirmed(Sink sink) {
    Link current = link;
    if (current != null && current.connection.sink().equals(sink)) {
      current.confirmed = true;
    }
  }

  /** The connection that stands is of no use; it is closed and another made. */
  void replace(BusException cause) {
    Link current = link;
    if (current != null) {
      current.loss.complete(cause);
    }
  }

  /**
   * Stops connecting; a connection that stands is left to the caller to close, and its loss is
   * still reported. Waits for the thread.
   */
  Optional<BusConnection> stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join();
    Link current = link;
    if (current == null) {
      return Optional.empty();
    }
    var _ =
        current.loss.thenAcceptAsync(
            cause -> {
              down(cause);
              current.left.complete(null);
            },
            task -> Thread.ofVirtual().name(bus.name() + "-loss").start(task));
    return Optional.of(current.connection);
  }

  private void run() {
    Optional<Duration> pause = Optional.of(Duration.ZERO);
    while (pause.isPresent()) {
      try {
        gate.pass();
        if (pause.get().isPositive()) {
          timing.pause(pause.get());
        }
        pause = connectAndKeep();
      } catch (InterruptedException e) {
        if (stopped) {
          Thread.currentThread().interrupt();
          return;
        }
        pause = heldBack();
      } catch (RuntimeException | Error e) {
        listener.failed(e);
        return;
      }
    }
  }

  /** What no code was written for, too few threads among it, is a failure to be tried again. */
  private BusConnection connect(CompletableFuture<BusException> loss)
      throws BusException, InterruptedException {
    try {
      return bus.connect(loss::complete);
    } catch (RuntimeException | Error e) {
      throw new BusException(
          BusException.Kind.UNAVAILABLE,
          "This process could not connect to %s: %s.".formatted(bus.name(), e),
          e);
    }
  }

  /** Gives the pause before the next attempt, or empty when the policy gave up. */
  private Optional<Duration> connectAndKeep() throws InterruptedException {
    int attempt = policy.nextAttempt();
    if (attempt == 1) {
      failingSince = timing.nanoTime();
    }
    policy.attempting();
    stats.attempting();
    CompletableFuture<BusException> loss = new CompletableFuture<>();
    BusConnection connection;
    try {
      connection = connect(loss);
    } catch (BusException failure) {
      endAtWhatLasts(failure);
      boolean renewed = policy.wantsRenewal(failure) && renewal.renew();
      Optional<Duration> pause =
          renewed
              ? policy.afterRenewal(failure, listener.patience(side), timing.random())
              : policy.afterFailure(failure, listener.patience(side), timing.random());
      report(failure, attempt, pause);
      return pause;
    }
    Link current = new Link(connection, loss);
    if (!adopt(current)) {
      connection.close();
      return heldBack();
    }
    policy.connected();
    long since = timing.nanoTime();
    stats.connected(true);
    listener.up(side, connection);
    BusException cause = await(loss);
    endAtWhatLasts(cause);
    down(cause);
    link = null;
    current.left.complete(null);
    connection.close();
    if (!gate.isOpen()) {
      return heldBack();
    }
    Duration lasted = Duration.ofNanos(timing.nanoTime() - since);
    RetryPolicy.Loss lost =
        new RetryPolicy.Loss(cause, lasted, current.confirmed, current.delivered);
    Optional<Duration> pause = policy.afterLoss(lost, listener.patience(side), timing.random());
    report(cause, policy.nextAttempt(), pause);
    return pause;
  }

  /** A class that could not be linked once is never linked again in this JVM (JVMS 5.4.3). */
  private static void endAtWhatLasts(BusException failure) {
    if (failure.getCause() instanceof LinkageError lasting) {
      throw lasting;
    }
  }

  private void down(BusException cause) {
    stats.failed(timing.now(), cause.sentence());
    stats.connected(false);
    listener.down(side, cause);
  }

  /** Whether the connection is kept: it is not when the gate was closed while it was made. */
  private boolean adopt(Link made) {
    lock.lock();
    try {
      if (!gate.isOpen()) {
        return false;
      }
      link = made;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** It begins anew when the gate opens again. */
  private Optional<Duration> heldBack() {
    policy.forgive();
    return Optional.of(Duration.ZERO);
  }

  private void report(BusException failure, int attempt, Optional<Duration> pause) {
    stats.failed(timing.now(), failure.sentence());
    if (pause.isEmpty()) {
      if (!policy.isMistake(failure)) { // which the command tells as one
        log.atError()
            .addKeyValue("bus", bus.name())
            .addKeyValue("attempts", attempt)
            .addKeyValue("for_secs", Duration.ofNanos(timing.nanoTime() - failingSince).toSeconds())
            .addKeyValue("limit", policy.limit())
            .log("Gave up: {}", failure.sentence());
      }
      listener.gaveUp(side, failure, policy.neverAllowed());
      return;
    }
    log.atWarn()
        .addKeyValue("bus", bus.name())
        .addKeyValue("attempt", attempt)
        .addKeyValue("retry_in_ms", pause.get().toMillis())
        .log(failure.sentence());
  }

  private static BusException await(CompletableFuture<BusException> loss)
      throws InterruptedException {
    try {
      return loss.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a loss is never completed exceptionally", e);
    }
  }
}
