package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketExtension;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The decompressor of a peer's messages (RFC 7692, section 7.2.2), which goes piece by piece and
 * never further than a bound. The library's own code for it stays unused: it takes as much memory
 * as the peer's data swells to, and time that grows with its square. For one thread, but for {@link
 * #end}.
 */
final class Inflation {
  private static final byte[] TAIL = {0x00, 0x00, (byte) 0xFF, (byte) 0xFF};

  private final Inflater inflater = new Inflater(true);
  private final boolean forgetful;
  private final byte[] scratch = new byte[8 * 1024];

  /**
   * @param forgetful whether each message is compressed by itself ({@code
   *     server_no_context_takeover})
   */
  Inflation(boolean forgetful) {
    this.forgetful = forgetful;
  }

  /** That of a connection on which this extension is in force. */
  static Inflation agreed(WebSocketExtension extension) {
    return new Inflation(extension.containsParameter("server_no_context_takeover"));
  }

  /**
   * Decompresses the payload of the next frame of a message.
   *
   * @param last whether it is the message's last
   * @throws DataFormatException when it is not compressed as it should be
   * @throws Body.FullException when the message would become larger than {@code body} may be
   */
  void inflate(byte[] piece, boolean last, Body body)
      throws DataFormatException, Body.FullException {
    inflate(piece, body);
    if (last) {
      inflate(TAIL, body);
      if (forgetful) {
        inflater.reset();
      }
    }
  }

  private void inflate(byte[] piece, Body body) throws DataFormatException, Body.FullException {
    inflater.setInput(piece);
    while (true) {
      int count = inflater.inflate(scratch);
      body.append(scratch, count);
      if (inflater.finished()) {
        // A block marked as the last one may end a message (RFC 7692, section 7.2.3.4).
        int left = inflater.getRemaining();
        inflater.reset();
        if (left == 0) {
          return;
        }
        inflater.setInput(piece, piece.length - left, left);
      } else if (inflater.needsDictionary()) {
        throw new DataFormatException("a preset dictionary is asked for");
      } else if (count == 0) {
        return;
      }
    }
  }

  /** Gives native memory back; nothing is decompressed afterwards. */
  void end() {
    inflater.end();
  }
}
