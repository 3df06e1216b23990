package org.messagebusbridge.endtoend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState.StopCause;

/** A bridge that runs in this JVM until it is stopped. */
final class RunningBridge {
  private final Bridge bridge;
  private final CompletableFuture<StopCause> ended = new CompletableFuture<>();

  RunningBridge(Bridge bridge) {
    this.bridge = bridge;
    Thread.ofPlatform()
        .daemon()
        .name("bridge")
        .start(
            () -> {
              try {
                ended.complete(bridge.run());
              } catch (InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
  }

  Bridge bridge() {
    return bridge;
  }

  /** Drains and stops it, and says why it ended. */
  StopCause stop() throws Exception {
    bridge.stop("the test");
    return ended();
  }

  /** Why it ended, waiting for it. */
  StopCause ended() throws Exception {
    return ended.get(60, TimeUnit.SECONDS);
  }
}
