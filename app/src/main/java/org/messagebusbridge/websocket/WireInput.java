package org.messagebusbridge.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of what a WebSocket peer sends: the head of its handshake response, then frames,
 * watched by a {@link FrameGuard} and cut by a {@link FrameCutter}. A response that is not {@code
 * 101} is an exception here, before the library reads its body. For one thread, but for those that
 * tell of progress.
 */
final class WireInput extends InputStream {
  private final InputStream peer;
  private final long maxMessageBytes;

  private byte[] head = new byte[0];
  private int headRead;
  private final FrameCutter cut = new FrameCutter(new Frames());
  private volatile @Nullable FrameGuard guard;
  private volatile long lastReadNanos = System.nanoTime();
  private long framesBytes;
  private volatile long bytesRead;
  private boolean ended;
  private volatile @Nullable Dispatcher dispatcher;

  WireInput(InputStream peer, long maxMessageBytes) {
    this.peer = peer;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** From now on {@code to} is told when and why no more frames come. */
  void open(Dispatcher to) {
    dispatcher = to;
  }

  private void tell(Consumer<Dispatcher> event) {
    Dispatcher to = dispatcher;
    if (to != null) {
      event.accept(to);
    }
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

  /** How many bytes of frames have come. */
  long bytesRead() {
    return bytesRead;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (guard == null) {
      guard = readHead();
    }
    if (headRead < head.length) {
      int count = Math.min(length, head.length - headRead);
      System.arraycopy(head, headRead, bytes, offset, count);
      headRead += count;
      return count;
    }
    return cut.read(bytes, offset, length);
  }

  /** The frames as the peer sends them. */
  private final class Frames extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return readFrames(Objects.requireNonNull(guard), bytes, offset, length);
    }
  }

  private FrameGuard readHead() throws IOException {
    ResponseHead response = ResponseHead.read(peer);
    if (!response.switchesProtocols()) {
      throw new ResponseHead.RefusedException(response, false);
    }
    head = response.bytes();
    boolean compressed = response.agreesToDeflate();
    return new FrameGuard(compressed ? withOverhead(maxMessageBytes) : maxMessageBytes, compressed);
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
      tell(to -> to.inputFailed(e));
      throw e;
    }
    if (count < 0) {
      ended = true;
      tell(Dispatcher::inputEnded);
      return -1;
    }
    lastReadNanos = System.nanoTime();
    framesBytes += count;
    bytesRead = framesBytes;
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
    tell(to -> to.violated(violation));
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
