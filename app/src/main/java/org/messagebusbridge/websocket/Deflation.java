package org.messagebusbridge.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/**
 * Compresses messages for a peer (RFC 7692, section 7.2.1). They have to be sent in the order they
 * were compressed in.
 */
final class Deflation {
  private static final int TAIL_BYTES = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final boolean forgetful;
  private final byte[] scratch = new byte[8 * 1024];
  private boolean ended;

  /**
   * @param forgetful whether each message has to be compressed by itself ({@code
   *     client_no_context_takeover})
   */
  Deflation(boolean forgetful) {
    this.forgetful = forgetful;
  }

  /** The compressed body; the body itself once this has ended. */
  byte[] deflate(byte[] body) {
    lock.lock();
    try {
      if (ended) {
        return body;
      }
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 2 + 64);
      deflater.setInput(body);
      int count = scratch.length;
      while (count == scratch.length) {
        count = deflater.deflate(scratch, 0, scratch.length, Deflater.SYNC_FLUSH);
        compressed.write(scratch, 0, count);
      }
      if (forgetful) {
        deflater.reset();
      }
      return withoutTail(compressed);
    } finally {
      lock.unlock();
    }
  }

  private static byte[] withoutTail(ByteArrayOutputStream compressed) {
    byte[] bytes = compressed.toByteArray();
    return Arrays.copyOf(bytes, bytes.length - TAIL_BYTES);
  }

  /** Gives native memory back. */
  void end() {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        deflater.end();
      }
    } finally {
      lock.unlock();
    }
  }
}
