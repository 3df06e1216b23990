package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides when a frame comes too slowly. Once one has begun, each period in which the bridge reads
 * has to bring {@link #LEAST} bytes for each of its seconds, or the rest of the frame: nothing else
 * can come before that, no pong and no close frame. For one thread.
 */
final class FrameRate {
  /** Bytes in a second: what Apache httpd, too, asks of those who send to it. */
  static final int LEAST = 500;

  private final long periodNanos;
  private final long leastBytes;

  private boolean counting;
  private long begun;
  private long readingSince;
  private long frames;
  private long bytes;

  FrameRate(Duration period) {
    this.periodNanos = period.toNanos();
    this.leastBytes = period.toMillis() * LEAST / 1_000;
  }

  /**
   * Whether the peer is to be given up. Asked every now and then.
   *
   * @param now the time, as of {@link System#nanoTime}
   * @param reading since when the socket is being read, by the same clock; empty: it is not
   * @param progress how far reading is
   * @param bytesRead how many bytes were read so far
   */
  boolean tooSlow(long now, OptionalLong reading, FrameGuard.Progress progress, long bytesRead) {
    if (reading.isEmpty() || !progress.insideFrame()) {
      counting = false;
      return false;
    }
    if (!counting || frames != progress.frames() || readingSince != reading.getAsLong()) {
      counting = true;
      readingSince = reading.getAsLong();
      frames = progress.frames();
      begin(now, bytesRead);
      return false;
    }
    if (now - begun < periodNanos) {
      return false;
    }
    boolean tooFew = bytesRead - bytes < leastBytes;
    begin(now, bytesRead);
    return tooFew;
  }

  private void begin(long now, long bytesRead) {
    begun = now;
    bytes = bytesRead;
  }
}
