package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits of what is waited for: decides when a peer is to be given up, for it owes a pong for
 * too long, or sends a frame too slowly. Time in which the bridge itself does not read does not
 * count.
 *
 * <p>For a pong, time counts from the peer's last answer, and there is more of it for what the peer
 * has to read first: a slow peer is no dead one. A frame that is still coming does not count
 * either, for the pong cannot overtake it.
 *
 * <p>Once a frame has begun, each period has to bring {@link #LEAST_RATE} bytes for each of its
 * seconds, or the rest of the frame: nothing else can come before that, no pong and no close frame.
 * For one thread.
 */
final class Watchdog {
  /** So many messages before the ping double the time that there is for it. */
  private static final int DOUBLING = 30;

  /** More messages than these make no difference, so that a dead peer is found in bounded time. */
  private static final int MOST_COUNTED = 2 * DOUBLING;

  /** Bytes of a frame in a second: what Apache httpd, too, asks of those who send to it. */
  private static final int LEAST_RATE = 500;

  private final Peer peer;
  private final Duration timeout;
  private final long timeoutNanos;
  private final long leastBytes;
  private long excusedSince;
  private long excusedFrames = -1;

  private boolean timingFrame;
  private long periodBegun;
  private long periodReadingSince;
  private long periodFrames;
  private long periodBytes;

  /**
   * @param timeout {@code ws_pong_timeout_secs}: for a pong, and the period of a frame's rate
   */
  Watchdog(Peer peer, Duration timeout) {
    this.peer = peer;
    this.timeout = timeout;
    this.timeoutNanos = timeout.toNanos();
    this.leastBytes = timeout.toMillis() * LEAST_RATE / 1_000;
  }

  /**
   * Why the peer is to be given up, in a sentence; empty: it is not. Asked every now and then.
   *
   * @param now the time, as of {@link System#nanoTime}, like all the others
   * @param debt what the peer owes; empty: nothing
   * @param readingSince since when the socket is being read; empty: it is not
   */
  Optional<String> verdict(
      long now, Optional<ReceiptPings.Debt> debt, OptionalLong readingSince, WireInput input) {
    if (silent(now, debt, readingSince, input.lastReadNanos(), input.progress())) {
      return debt.map(this::silence);
    }
    return slow(now, readingSince, input.progress(), input.bytesRead())
        ? Optional.of(slowness())
        : Optional.empty();
  }

  /**
   * Whether the peer owes a pong for too long.
   *
   * @param lastRead when the last bytes came
   * @param progress how far reading is
   */
  boolean silent(
      long now,
      Optional<ReceiptPings.Debt> debt,
      OptionalLong readingSince,
      long lastRead,
      FrameGuard.Progress progress) {
    if (debt.isEmpty() || readingSince.isEmpty()) {
      return false;
    }
    long since = later(debt.get().since(), readingSince.getAsLong());
    long counted = Math.min(debt.get().inFront(), MOST_COUNTED);
    if (now - since < timeoutNanos + timeoutNanos / DOUBLING * counted) {
      return false;
    }
    return !excused(since, now - lastRead, progress);
  }

  private boolean excused(long since, long idle, FrameGuard.Progress progress) {
    if (!progress.insideFrame() || idle >= timeoutNanos) {
      return false;
    }
    if (excusedFrames < 0 || excusedSince != since) {
      excusedSince = since;
      excusedFrames = progress.frames();
    }
    return excusedFrames == progress.frames();
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /**
   * Whether a frame comes too slowly.
   *
   * @param progress how far reading is
   * @param bytesRead how many bytes were read so far
   */
  boolean slow(long now, OptionalLong readingSince, FrameGuard.Progress progress, long bytesRead) {
    if (readingSince.isEmpty() || !progress.insideFrame()) {
      timingFrame = false;
      return false;
    }
    if (!timingFrame
        || periodFrames != progress.frames()
        || periodReadingSince != readingSince.getAsLong()) {
      timingFrame = true;
      periodReadingSince = readingSince.getAsLong();
      periodFrames = progress.frames();
      beginPeriod(now, bytesRead);
      return false;
    }
    if (now - periodBegun < timeoutNanos) {
      return false;
    }
    boolean tooFew = bytesRead - periodBytes < leastBytes;
    beginPeriod(now, bytesRead);
    return tooFew;
  }

  private void beginPeriod(long now, long bytesRead) {
    periodBegun = now;
    periodBytes = bytesRead;
  }

  private String slowness() {
    return peer
        + " sent a frame at less than "
        + LEAST_RATE
        + " bytes a second for "
        + Sentences.seconds(timeout)
        + " (ws_pong_timeout_secs), and nothing can come before its end.";
  }

  private String silence(ReceiptPings.Debt debt) {
    String time = Sentences.seconds(timeout) + " (ws_pong_timeout_secs)";
    if (!debt.everAnswered()) {
      return peer
          + " has not answered a single ping in "
          + time
          + ", so nothing can be known to arrive there; if it never does, set ws_delivery_confirm ="
          + " flush.";
    }
    String before =
        debt.inFront() == 0
            ? ""
            : ", with "
                + (debt.inFront() == 1 ? "1 message" : debt.inFront() + " messages")
                + " before it";
    return peer + " did not answer a ping for " + time + before + ".";
  }
}
