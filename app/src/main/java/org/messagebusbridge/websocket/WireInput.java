package org.messagebusbridge.websocket;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a WebSocket peer sends: the head of its handshake response, then frames, watched by a {@link
 * FrameGuard}. A response that is not {@code 101} is an exception here, before the library reads
 * its body. For one thread, but for the two that tell of progress.
 */
final class WireInput extends InputStream {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final InputStream peer;
  private final long maxMessageBytes;
  private final WireEvents events;

  private byte[] head = new byte[0];
  private int headRead;
  private volatile @Nullable FrameGuard guard;
  private volatile long lastReadNanos = System.nanoTime();
  private boolean ended;

  WireInput(InputStream peer, long maxMessageBytes, WireEvents events) {
    this.peer = peer;
    this.maxMessageBytes = maxMessageBytes;
    this.events = events;
  }

  /** How far reading is. */
  FrameGuard.Progress progress() {
    FrameGuard frames = guard;
    return frames == null ? new FrameGuard.Progress(0, false) : frames.progress();
  }

  /** When the peer's last bytes came, by {@link System#nanoTime}. */
  long lastReadNanos() {
    return lastReadNanos;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    FrameGuard frames = guard;
    if (frames == null) {
      frames = readHead();
    }
    if (headRead < head.length) {
      int count = Math.min(length, head.length - headRead);
      System.arraycopy(head, headRead, bytes, offset, count);
      headRead += count;
      return count;
    }
    return length == 0 ? 0 : readFrames(frames, bytes, offset, length);
  }

  private FrameGuard readHead() throws IOException {
    ResponseHead response = ResponseHead.read(peer);
    if (response.status() != SWITCHING_PROTOCOLS) {
      throw new ResponseHead.RefusedException(response, false);
    }
    head = response.bytes();
    boolean compressed = response.agreesToDeflate();
    FrameGuard frames =
        new FrameGuard(compressed ? withOverhead(maxMessageBytes) : maxMessageBytes, compressed);
    guard = frames;
    return frames;
  }

  /** Data that cannot be compressed becomes a little larger (RFC 1951, section 3.2.4). */
  private static long withOverhead(long bytes) {
    return bytes + bytes / 1_000 + 1_024;
  }

  private int readFrames(FrameGuard frames, byte[] bytes, int offset, int length)
      throws IOException {
    if (ended) {
      return -1;
    }
    if (frames.violation().isPresent()) {
      return refuse(frames.violation().get(), bytes);
    }
    int count;
    try {
      count = peer.read(bytes, offset, length);
    } catch (IOException e) {
      ended = true;
      events.inputFailed(e);
      throw e;
    }
    if (count < 0) {
      ended = true;
      events.inputEnded();
      return -1;
    }
    lastReadNanos = System.nanoTime();
    int legal = frames.inspect(bytes, offset, count);
    return legal > 0 || frames.violation().isEmpty()
        ? legal
        : refuse(frames.violation().get(), bytes);
  }

  /**
   * Tells, and then reads what still comes until the peer closes or the socket is closed here:
   * closing over unread bytes would reset the connection, and our close frame could be lost in it.
   */
  private int refuse(FrameGuard.Violation violation, byte[] scratch) throws IOException {
    ended = true;
    events.violated(violation);
    int count = 0;
    while (count >= 0) {
      count = peer.read(scratch, 0, scratch.length);
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
