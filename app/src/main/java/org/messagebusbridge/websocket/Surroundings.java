package org.messagebusbridge.websocket;

import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.bus.Source;

/**
 * What the connections of one bus have in common.
 *
 * @param timer runs what has its time; shared, never shut down here
 * @param pings how often the peer may be pinged
 * @param weakProof told when a peer turns out to answer pings with payloads of its own
 */
record Surroundings(
    WebSocketConfig config,
    FrameChoice frames,
    Source.Window window,
    ScheduledExecutorService timer,
    PingAllowance pings,
    Runnable weakProof) {

  /** The same for a bus whose user need not be told how strong the proof is. */
  Surroundings(
      WebSocketConfig config,
      FrameChoice frames,
      Source.Window window,
      ScheduledExecutorService timer) {
    this(config, frames, window, timer, new PingAllowance(config.receiptInterval()), () -> {});
  }
}
