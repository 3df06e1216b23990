package org.messagebusbridge.sandbox;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What befalls the bytes of one direction of a {@link FaultProxy}, and how many went through. */
final class Faults {
  private final Monitor monitor = new Monitor();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean stalled;
  private long forwarded;
  private long cutAt = Long.MAX_VALUE;

  /**
   * Leave to forward.
   *
   * @param bytes how many may go, at most what was asked for
   * @param thenCut whether all is to be cut when they are gone
   */
  record Leave(long bytes, boolean thenCut) {}

  void stall(boolean on) {
    monitor.change(() -> stalled = on);
  }

  /** Waits while bytes stand still, unless there is no point in it any more. */
  void awaitFlow(BooleanSupplier pointless) throws InterruptedException {
    if (stalled) {
      monitor.await(() -> !stalled || pointless.getAsBoolean());
    }
  }

  /** Asks all who wait whether there is still a point in it. */
  void wake() {
    monitor.change(() -> {});
  }

  void delay(Duration delay) {
    this.delay = delay;
  }

  Duration delay() {
    return delay;
  }

  void cutAfter(long bytes) {
    monitor.change(() -> cutAt = forwarded + bytes);
  }

  /** Asks to forward this many bytes, one at least, and counts those that may go. */
  Leave ask(long bytes) {
    long[] leave = new long[1];
    boolean[] cut = new boolean[1];
    monitor.change(
        () -> {
          leave[0] = Math.min(bytes, cutAt - forwarded);
          forwarded += leave[0];
          cut[0] = forwarded == cutAt;
          if (cut[0]) {
            cutAt = Long.MAX_VALUE;
          }
        });
    return new Leave(leave[0], cut[0]);
  }

  long forwarded() {
    return monitor.read(() -> forwarded);
  }

  void awaitForwarded(long bytes, Duration timeout) throws InterruptedException {
    monitor.await(
        () -> forwarded >= bytes,
        timeout,
        () -> "The proxy moved " + forwarded + " of " + bytes + " bytes");
  }
}
