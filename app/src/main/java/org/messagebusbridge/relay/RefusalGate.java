package org.messagebusbridge.relay;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Source;

/**
 * Holds back the source of a side that has refused something, a publish for instance, until its
 * sink has confirmed what is held for it: should that be refused again, nothing was consumed that
 * would have to go back. Any thread.
 */
final class RefusalGate {
  private final ReentrantLock lock = new ReentrantLock();
  private boolean refused;
  private @Nullable Source heldBack;

  /** The side was lost, for this reason. */
  void lost(BusException cause) {
    lock.lock();
    try {
      refused = cause.kind() == BusException.Kind.MISCONFIGURED;
      heldBack = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The side is connected.
   *
   * @param held whether anything is held for its sink
   * @return whether its source may start now
   */
  boolean passes(Source source, boolean held) {
    lock.lock();
    try {
      heldBack = refused && held ? source : null;
      return heldBack == null;
    } finally {
      lock.unlock();
    }
  }

  /** The side's sink has confirmed something: gives the source that may start now, if one waits. */
  Optional<Source> confirmed() {
    lock.lock();
    try {
      refused = false;
      Source next = heldBack;
      heldBack = null;
      return Optional.ofNullable(next);
    } finally {
      lock.unlock();
    }
  }
}
