package org.messagebusbridge.sandbox.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of the result.
 *
 * @param way what the messages went through
 * @param bridge what the bridge used; empty when there was none
 */
record Row(Way way, Figures figures, Optional<BridgeUse> bridge) {

  /** What lies between the two ends of the load. */
  enum Way {
    /** One queue: what the broker and the load can do without a bridge. */
    DIRECT,
    /** The bridge alone, with {@code -X}. */
    LOOPBACK,
    /** The bridge and the WebSocket service. */
    WEBSOCKET;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the bridge's process used.
   *
   * @param cpuMicrosPerMessage processor time for one round trip, in the measured time
   * @param peakResidentKib in its whole life
   */
  record BridgeUse(double cpuMicrosPerMessage, OptionalLong peakResidentKib) {}
}
