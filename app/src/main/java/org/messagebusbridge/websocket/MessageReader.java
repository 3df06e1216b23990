package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Utf8;
import org.messagebusbridge.websocket.FrameGuard.Violation;

/**
 * The assembler of messages from data frames: joins fragments, decompresses, and checks that text
 * is UTF-8 as its frames come (RFC 6455, sections 5.4, 5.6 and 8.1). For the thread that reads.
 */
final class MessageReader {
  private static final byte[] EMPTY = new byte[0];

  private final int maxMessageBytes;
  private final Optional<Inflation> inflation;
  private final Body body;
  private final Utf8 utf8 = new Utf8();
  private boolean text;
  private boolean compressed;

  /** The peer has sent a message that cannot be taken. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Violation violation;

    private RefusedException(int closeCode, String what) {
      super(what);
      this.violation = new Violation(closeCode, what);
    }

    Violation violation() {
      return violation;
    }
  }

  MessageReader(int maxMessageBytes, Optional<Inflation> inflation) {
    this.maxMessageBytes = maxMessageBytes;
    this.inflation = inflation;
    this.body = new Body(maxMessageBytes);
  }

  /**
   * Takes the next data frame. Of the frame itself is left what the library needs to follow the
   * order of the frames, and nothing that it would keep or decompress again.
   *
   * @return the message that this frame completes, if it does
   */
  Optional<Message> read(WebSocketFrame frame) throws RefusedException {
    byte[] payload = payload(frame);
    boolean first = frame.getOpcode() != WebSocketOpcode.CONTINUATION;
    boolean last = frame.getFin();
    if (first) {
      text = frame.getOpcode() == WebSocketOpcode.TEXT;
      compressed = frame.getRsv1();
      utf8.reset();
    }
    neutralize(frame);
    boolean asItIs = first && last && !compressed;
    if (asItIs) {
      check(!text || utf8.feed(payload, 0, payload.length));
    } else {
      int before = body.size();
      append(payload, last);
      check(!text || body.continues(utf8, before));
    }
    if (!last) {
      return Optional.empty();
    }
    check(utf8.complete());
    return Optional.of(
        Message.of(asItIs ? payload : body.take(), text ? Message.Form.TEXT : Message.Form.BINARY));
  }

  private static void check(boolean utf8) throws RefusedException {
    if (!utf8) {
      throw new RefusedException(
          CloseCodes.NOT_UTF8, "sent a text message that is not valid UTF-8");
    }
  }

  private static byte[] payload(WebSocketFrame frame) {
    byte[] payload = frame.getPayload();
    return payload == null ? EMPTY : payload;
  }

  /** Takes out of a data frame what the library would keep, join, decompress or decode. */
  static void neutralize(WebSocketFrame frame) {
    frame.setRsv1(false).setPayload(EMPTY);
    if (frame.getOpcode() == WebSocketOpcode.CONTINUATION && !frame.getFin()) {
      frame.setOpcode(WebSocketOpcode.PONG);
    }
  }

  private void append(byte[] payload, boolean last) throws RefusedException {
    try {
      if (compressed) {
        inflation.orElseThrow().inflate(payload, last, body);
      } else {
        body.append(payload, payload.length);
      }
    } catch (DataFormatException e) {
      throw new RefusedException(
          CloseCodes.NOT_UTF8, "sent a message whose compressed data is corrupt");
    } catch (Body.FullException e) {
      throw new RefusedException(
          CloseCodes.TOO_BIG,
          "sent a message of more than " + maxMessageBytes + " bytes (ws_max_message_bytes)");
    }
  }
}
