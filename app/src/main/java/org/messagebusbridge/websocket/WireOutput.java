package org.messagebusbridge.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What goes to a WebSocket peer. The library flushes whenever it has nothing more to write, be it
 * for a microsecond; while this is <em>corked</em> such a flush waits, so that messages sent one
 * after the other share a packet and a system call. For any thread.
 */
final class WireOutput extends OutputStream {
  private static final int BUFFER_BYTES = 32 * 1024;

  private final OutputStream peer;
  private final WireEvents events;
  private final BooleanSupplier permitted;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private volatile boolean corked;
  private volatile boolean released;
  private boolean open;
  private volatile long lastWriteNanos = System.nanoTime();

  WireOutput(OutputStream peer, WireEvents events) {
    this(peer, events, () -> true);
  }

  /**
   * @param permitted asked before each write: whether anything may be written still
   */
  WireOutput(OutputStream peer, WireEvents events, BooleanSupplier permitted) {
    this.peer = peer;
    this.events = events;
    this.permitted = permitted;
  }

  /**
   * The handshake is over. Until then a connection that is broken is no failure of writing: what
   * the peer said before it broke it, a TLS alert or an HTTP status, is still to be read.
   */
  void open() {
    lock.lock();
    try {
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets flushes wait until {@link #uncork}, unless there is no holding back any more. */
  void cork() {
    corked = true;
  }

  /** Lets every later flush through, for good: the next one may be the last. Does not wait. */
  void release() {
    released = true;
  }

  /**
   * Makes up for the flushes that have waited, and lets later ones through. A failure is told to
   * {@link WireEvents#outputFailed}.
   */
  void uncork() {
    corked = false;
    lock.lock();
    try {
      writeOut();
    } catch (IOException e) {
      events.outputFailed(e);
    } finally {
      lock.unlock();
    }
  }

  /** When bytes last went to the operating system, by {@link System#nanoTime}. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      int from = offset;
      int end = offset + length;
      while (from < end) {
        if (buffered == BUFFER_BYTES) {
          writeOut();
        }
        int step = Math.min(end - from, BUFFER_BYTES - buffered);
        System.arraycopy(bytes, from, buffer, buffered, step);
        buffered += step;
        from += step;
      }
    } catch (IOException e) {
      events.outputFailed(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      if (corked && !released) {
        return;
      }
      writeOut();
    } catch (IOException e) {
      events.outputFailed(e);
      throw e;
    } finally {
      lock.unlock();
    }
    events.flushed();
  }

  private void writeOut() throws IOException {
    if (buffered > 0) {
      int count = buffered;
      buffered = 0;
      if (!permitted.getAsBoolean()) {
        throw new IOException("it may be another bridge's turn to write");
      }
      try {
        peer.write(buffer, 0, count);
        peer.flush();
      } catch (SocketException e) {
        if (open) {
          throw e;
        }
      }
      lastWriteNanos = System.nanoTime();
    }
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
