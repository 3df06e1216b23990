package org.messagebusbridge.cli;

import java.util.function.Supplier;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.relay.Bridge;

/** Watches a bridge that runs, and tells others of it. */
interface BridgeObserver {

  /** Nobody watches. */
  BridgeObserver NOBODY =
      new BridgeObserver() {
        @Override
        public void begins(Bridge bridge, Supplier<Reading> readings) {}

        @Override
        public void ended() {}
      };

  /** Both watch; {@code one} is told first. */
  static BridgeObserver both(BridgeObserver one, BridgeObserver other) {
    return new BridgeObserver() {
      @Override
      public void begins(Bridge bridge, Supplier<Reading> readings) {
        one.begins(bridge, readings);
        other.begins(bridge, readings);
      }

      @Override
      public void ended() {
        one.ended();
        other.ended();
      }
    };
  }

  /**
   * The bridge is about to run.
   *
   * @param readings its numbers, at any time, from any thread; the first one has a connection
   *     opened, by which the depths of the queues are known from then on
   */
  void begins(Bridge bridge, Supplier<Reading> readings);

  /** The bridge has ended; its last readings can still be had. Returns at once. */
  void ended();
}
