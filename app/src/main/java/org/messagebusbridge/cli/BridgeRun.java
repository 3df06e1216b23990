package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.Optional;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.ExportCounters;

/**
 * One run of the bridge.
 *
 * @param logins with a configuration that is complete for it
 * @param stub whether the loopback bus stands in for the WebSocket
 * @param limit how long to run; empty: until a signal
 * @param observer watches it
 * @param counters of what the observer cannot tell
 */
record BridgeRun(
    Logins logins,
    boolean stub,
    Optional<Duration> limit,
    BridgeObserver observer,
    ExportCounters counters) {

  Configuration configuration() {
    return logins.initial();
  }
}
