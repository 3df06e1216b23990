package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketExtension;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/**
 * The compressor of messages for a peer (RFC 7692, section 7.2.1). They have to be sent in the
 * order they were compressed in.
 *
 * <p>The JDK's compressor always looks back as far as {@link #WIDEST_WINDOW} allows. Where the peer
 * keeps less in mind, a message is compressed in pieces of that size, each by itself, so that
 * nothing refers to what the peer has forgotten.
 */
final class Deflation {
  /** How far back a compressed message may refer unless told less, as a power of two bytes. */
  static final int WIDEST_WINDOW = 15;

  private static final String CLIENT_WINDOW = "client_max_window_bits";
  private static final int TAIL_BYTES = 4;

  /** An empty message in its compressed form (RFC 7692, section 7.2.3.6). */
  private static final byte[] NOTHING = {0x00};

  private final ReentrantLock lock = new ReentrantLock();
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final boolean forgetful;
  private final int pieceBytes;
  private final byte[] scratch = new byte[8 * 1024];
  private boolean ended;

  /**
   * @param forgetful whether each message has to be compressed by itself ({@code
   *     client_no_context_takeover})
   * @param windowBits how far back the peer can look, as a power of two bytes, 8 to 15 ({@code
   *     client_max_window_bits})
   */
  Deflation(boolean forgetful, int windowBits) {
    boolean narrow = windowBits < WIDEST_WINDOW;
    this.forgetful = forgetful || narrow;
    this.pieceBytes = narrow ? 1 << windowBits : Integer.MAX_VALUE;
  }

  /** What a handshake offers: the peer may ask for a smaller window (section 7.1.2.2). */
  static WebSocketExtension offer() {
    return new WebSocketExtension(WebSocketExtension.PERMESSAGE_DEFLATE)
        .setParameter(CLIENT_WINDOW, null);
  }

  /** That of a connection on which this extension is in force. */
  static Deflation agreed(WebSocketExtension extension) {
    // The library has seen to it that the value is from 8 to 15.
    return new Deflation(
        extension.containsParameter("client_no_context_takeover"),
        extension.containsParameter(CLIENT_WINDOW)
            ? Integer.parseInt(extension.getParameter(CLIENT_WINDOW))
            : WIDEST_WINDOW);
  }

  /** The compressed body; the body itself once this has ended. */
  byte[] deflate(byte[] body) {
    lock.lock();
    try {
      if (ended) {
        return body;
      }
      if (body.length == 0) {
        return NOTHING.clone();
      }
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 2 + 64);
      for (int at = 0; at < body.length; at += Math.min(pieceBytes, body.length - at)) {
        deflate(body, at, Math.min(pieceBytes, body.length - at), compressed);
      }
      return withoutTail(compressed);
    } finally {
      lock.unlock();
    }
  }

  private void deflate(byte[] body, int from, int length, ByteArrayOutputStream compressed) {
    deflater.setInput(body, from, length);
    int count = scratch.length;
    while (count == scratch.length) {
      count = deflater.deflate(scratch, 0, scratch.length, Deflater.SYNC_FLUSH);
      compressed.write(scratch, 0, count);
    }
    if (forgetful) {
      deflater.reset();
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
