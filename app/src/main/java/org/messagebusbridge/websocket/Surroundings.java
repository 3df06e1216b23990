package org.messagebusbridge.websocket;

import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.config.WebSocketConfig;

/**
 * What the connections of one bus have in common.
 *
 * @param timer runs what has its time; shared, never shut down here
 */
record Surroundings(
    WebSocketConfig config,
    FrameChoice frames,
    WebSocketSource.Window window,
    ScheduledExecutorService timer) {}
