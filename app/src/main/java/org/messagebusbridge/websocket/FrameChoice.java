package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketOpcode;
import java.util.concurrent.atomic.AtomicBoolean;
import org.messagebusbridge.bus.Utf8;
import org.messagebusbridge.websocket.WebSocketConfig.FrameType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice of the frame that a message is sent in, text or binary. A text frame holds UTF-8 by
 * definition (RFC 6455, section 5.6), so where text is asked for, a body that is not UTF-8 goes in
 * a binary frame all the same: a peer would have to close the connection over anything else.
 */
final class FrameChoice {
  private static final Logger log = LoggerFactory.getLogger(FrameChoice.class);

  private final FrameType type;
  private final AtomicBoolean warned = new AtomicBoolean();

  FrameChoice(FrameType type) {
    this.type = type;
  }

  /** The opcode for a message of this body. */
  int opcode(byte[] body) {
    if (type == FrameType.BINARY) {
      return WebSocketOpcode.BINARY;
    }
    if (Utf8.valid(body)) {
      return WebSocketOpcode.TEXT;
    }
    if (type == FrameType.TEXT && warned.compareAndSet(false, true)) {
      log.warn(
          "A message that is not valid UTF-8 is sent in a binary frame although ws_frame_type=text;"
              + " set ws_frame_type=auto if that is as it should be (said once)");
    }
    return WebSocketOpcode.BINARY;
  }
}
