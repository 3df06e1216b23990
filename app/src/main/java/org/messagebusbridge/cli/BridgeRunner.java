package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.Optional;
import org.messagebusbridge.config.Configuration;

/** Runs a bridge until it ends. */
@FunctionalInterface
interface BridgeRunner {

  /**
   * Runs it.
   *
   * @param stub whether the loopback bus stands in for the WebSocket
   * @param limit how long to run; empty: until a signal
   * @return the exit code
   * @throws CommandException with the reason when the bridge ended because it failed
   */
  int run(Configuration configuration, boolean stub, Optional<Duration> limit)
      throws CommandException, InterruptedException;
}
