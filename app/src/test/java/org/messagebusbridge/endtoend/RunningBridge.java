package org.messagebusbridge.endtoend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState;
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

  /** Waits until both sides are connected; fails with the reason when it ends instead. */
  void awaitRelaying() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!(bridge.state() instanceof BridgeState.Relaying)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not relaying after 60 s but " + bridge.state());
      }
      try {
        throw new AssertionError("ended: " + ended.get(10, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // still running
      }
    }
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
