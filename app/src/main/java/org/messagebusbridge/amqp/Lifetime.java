package org.messagebusbridge.amqp;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusException;

/**
 * Whether a connection still stands. It ends once: by a loss, which the listener hears of, or by
 * being closed, which it does not. Safe for use by several threads.
 */
final class Lifetime {
  private final Bus.ConnectionListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean over;
  private volatile @Nullable BusException loss;

  Lifetime(Bus.ConnectionListener listener) {
    this.listener = listener;
  }

  boolean isOver() {
    return over;
  }

  /** Runs what must not happen once the loss was reported, or not at all. It must not wait. */
  void whileItLasts(Runnable action) {
    lock.lock();
    try {
      if (!over) {
        action.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns while the connection stands.
   *
   * @throws BusException the loss, or when there was none, for it was closed, the one given
   */
  void check(BusException closed) throws BusException {
    if (over) {
      BusException lost = loss;
      throw lost == null ? closed : lost;
    }
  }

  /** The connection is lost; only the first reason counts. */
  void lose(BusException reason) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      loss = reason;
      over = true;
    } finally {
      lock.unlock();
    }
    listener.lost(reason);
  }

  /** The connection is closed from this side; no loss is reported any more. */
  void end() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
  }
}
