package org.messagebusbridge.websocket;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;

/**
 * What comes from the WebSocket. The thread that reads the socket hands each message out itself,
 * and waits ({@link #offer}) while the source is stopped or its window is full: the socket is not
 * read meanwhile, which the peer feels as TCP's backpressure.
 */
final class WebSocketSource implements Source {
  private final Window window;
  private final LongSupplier nanoTime;
  private final LongConsumer accepted;
  private final Consumer<Rejection> rejected;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Received> unsettled = new ArrayDeque<>();
  private long unsettledBytes;
  private long handedOut;
  private @Nullable Handler handler;
  private @Nullable Thread delivering;
  private boolean waiting;
  private long readingSince;
  private boolean closing;
  private boolean ended;
  private Optional<BusException> cause = Optional.empty();

  static final Window DEFAULT_WINDOW = new Window(2_000, 8L << 20);

  /**
   * @param nanoTime the time, as of {@link System#nanoTime}
   * @param accepted told the number of the last message that is accepted with all before it
   * @param rejected told of a message that cannot be delivered
   */
  WebSocketSource(
      Window window, LongSupplier nanoTime, LongConsumer accepted, Consumer<Rejection> rejected) {
    this.window = window;
    this.nanoTime = nanoTime;
    this.accepted = accepted;
    this.rejected = rejected;
    this.readingSince = nanoTime.getAsLong();
  }

  @Override
  public void start(Handler to) throws BusException {
    lock.lock();
    try {
      if (ended || closing) {
        throw cause.orElseGet(WebSocketSource::gone);
      }
      handler = to;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static BusException gone() {
    return new BusException(
        BusException.Kind.UNAVAILABLE, "The WebSocket connection is gone; connect anew.", null);
  }

  @Override
  public void stop() {
    lock.lock();
    try {
      handler = null;
      awaitQuiet();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Window window() {
    return window;
  }

  @Override
  public boolean canGiveBack() {
    return false;
  }

  @Override
  public int giveBack() {
    throw new UnsupportedOperationException("a WebSocket takes no message back");
  }

  /**
   * Hands a message out, once there is room for it and someone to take it; forgets it when the
   * source has ended. Called by the thread that reads.
   */
  void offer(Message message) {
    Handler to;
    Received delivery;
    lock.lock();
    try {
      awaitRoom(message.size());
      to = handler;
      if (ended || to == null) {
        return;
      }
      delivery = new Received(++handedOut, message);
      unsettled.add(delivery);
      unsettledBytes += message.size();
      delivering = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    try {
      to.deliver(delivery);
    } finally {
      delivered();
    }
  }

  private void delivered() {
    lock.lock();
    try {
      delivering = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(int size) {
    while (!ended && (handler == null ? !closing : !hasRoom(size))) {
      waiting = true;
      changed.awaitUninterruptibly();
    }
    if (waiting) {
      waiting = false;
      readingSince = nanoTime.getAsLong();
    }
  }

  private boolean hasRoom(int size) {
    return unsettled.isEmpty()
        || (unsettled.size() < window.messages() && unsettledBytes + size <= window.bytes());
  }

  /** Waits until no other thread is in the handler. */
  private void awaitQuiet() {
    while (delivering != null && !delivering.equals(Thread.currentThread())) {
      changed.awaitUninterruptibly();
    }
  }

  /** The number of the last message that was handed out; 0: none was. */
  long handedOut() {
    lock.lock();
    try {
      return handedOut;
    } finally {
      lock.unlock();
    }
  }

  /** Since when the socket has been read without a pause; empty while it is not read. */
  OptionalLong readingSince() {
    lock.lock();
    try {
      return waiting ? OptionalLong.empty() : OptionalLong.of(readingSince);
    } finally {
      lock.unlock();
    }
  }

  /** Settles every delivery up to this number. */
  private void acceptThrough(long number) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      while (!unsettled.isEmpty() && unsettled.element().number <= number) {
        unsettledBytes -= unsettled.remove().message.size();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    accepted.accept(number);
  }

  /** What still comes is handed out if there is someone to take it, else forgotten. */
  void closing() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands out nothing more; wakes the thread that reads. Does not wait for the handler.
   *
   * @param why why the connection was lost, which whoever starts this too late is told, too; empty:
   *     it was closed
   */
  void end(Optional<BusException> why) {
    lock.lock();
    try {
      ended = true;
      cause = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the handler has returned, once the source has ended. */
  void awaitEnd() {
    lock.lock();
    try {
      awaitQuiet();
    } finally {
      lock.unlock();
    }
  }

  /** A message that the peer sent: it can be accepted or rejected, not given back. */
  private final class Received implements Delivery {
    /** Its place in the order: 1, 2, 3 ... */
    private final long number;

    private final Message message;

    Received(long number, Message message) {
      this.number = number;
      this.message = message;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public Source source() {
      return WebSocketSource.this;
    }

    @Override
    public void acceptThrough() {
      WebSocketSource.this.acceptThrough(number);
    }

    @Override
    public void reject(Rejection rejection) {
      rejected.accept(rejection);
    }
  }
}
