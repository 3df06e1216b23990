package org.messagebusbridge.relay;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Source;

/** The source of a relay, while there is one, and how far it is started. Used by one thread. */
final class Intake {
  private final Source.Handler handler;
  private final Relay.Listener listener;
  private @Nullable Source source;
  private Start started = Start.NOT;

  private enum Start {
    NOT,
    /** One delivery at a time. */
    WITH_ONE,
    WHOLE
  }

  /**
   * @param handler of what it hands out
   * @param listener hears whether it could be started
   */
  Intake(Source.Handler handler, Relay.Listener listener) {
    this.handler = handler;
    this.listener = listener;
  }

  /** There is one, not started yet. */
  void up(Source up) {
    source = up;
  }

  /** Its connection is gone. */
  void down() {
    source = null;
    started = Start.NOT;
  }

  /** Whether it is this one. */
  boolean is(Source some) {
    return some.equals(source);
  }

  /** Whether there is one that takes deliveries back. */
  boolean canGiveBack() {
    return source != null && source.canGiveBack();
  }

  /**
   * Stops it, and gives back to it all of its own that is not settled; to be asked first whether
   * that is {@linkplain #canGiveBack possible}.
   *
   * @return how many messages
   */
  int giveBack(Ledger from) {
    stop();
    return source == null ? 0 : from.giveBack(source);
  }

  /** What bounds it, if there is one. */
  Optional<Source.Window> window() {
    return Optional.ofNullable(source).map(Source::window);
  }

  /** Whether it hands out one delivery at a time. */
  boolean isOfOne() {
    return started == Start.WITH_ONE;
  }

  /** Starts it, or widens it, to its whole window. */
  void start() {
    start(Start.WHOLE);
  }

  /** Starts it with one delivery at a time, unless it is started. */
  void startWithOne() {
    start(Start.WITH_ONE);
  }

  private void start(Start wanted) {
    Source starting = source;
    if (starting == null || started == Start.WHOLE || started == wanted) {
      return;
    }
    Start before = started;
    try {
      started = wanted;
      if (wanted == Start.WITH_ONE) {
        starting.startWithOne(handler);
      } else {
        starting.start(handler);
      }
      if (before == Start.NOT) {
        listener.sourceStarted(starting);
      }
    } catch (BusException e) {
      started = Start.NOT;
      source = null;
      listener.sourceFailed(e);
    }
  }

  /** Stops it, if it is started. */
  void stop() {
    if (source != null && started != Start.NOT) {
      started = Start.NOT;
      source.stop();
    }
  }
}
