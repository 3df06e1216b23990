package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.messagebusbridge.sandbox.child.Settings;

/**
 * A bridge that runs between the broker and the peer of a {@link Stage}. Safe for use by several
 * threads.
 */
public interface BridgeUnderTest extends AutoCloseable {

  /** Starts bridges of one kind: as processes, or within this one. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts one; it need not be connected yet.
     *
     * @param settings broker, service and queues
     * @param keys further keys of the configuration by the names of the environment overrides:
     *     {@code MBB_WS_API_WS_HOLD_SECS}
     */
    BridgeUnderTest start(Settings settings, Map<String, String> keys);
  }

  /**
   * Waits until it relays.
   *
   * @throws org.messagebusbridge.sandbox.SandboxException with its reason, when it does not in time
   *     or has ended
   */
  void awaitRelaying(Duration timeout) throws InterruptedException;

  boolean isRunning();

  /** Asks it to stop, as SIGTERM does; returns at once. */
  void terminate();

  /** Ends it at once, as SIGKILL does, and waits until it is gone. */
  void kill() throws InterruptedException;

  /**
   * Waits for its end.
   *
   * @return its exit code; empty when it still runs after that time
   */
  OptionalInt awaitExit(Duration timeout) throws InterruptedException;

  /**
   * Sets its time of day forward, or back when it is negative.
   *
   * @throws UnsupportedOperationException unless it is a {@link BridgeKind#OWN_CLOCK}
   */
  default void stepClock(Duration step) {
    throw new UnsupportedOperationException("the clock of a process is the machine's");
  }

  /** How many messages it said that it gave back to their queue. */
  long requeued();

  /** What it complained of last. */
  String lastWords();

  /** The process to be measured; empty when it runs within this one. */
  OptionalLong pid();

  /** Ends it, if it still runs. */
  @Override
  void close();
}
