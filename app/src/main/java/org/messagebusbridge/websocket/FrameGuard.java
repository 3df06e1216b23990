package org.messagebusbridge.websocket;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The check of what a peer sends: reads the headers of its frames (RFC 6455, section 5.2) while
 * they pass by, and stops the first that is illegal or that declares more than may be taken: before
 * anyone allocates what it declares. Used by the reading thread alone, but for {@link #progress}.
 */
final class FrameGuard {
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xA;
  private static final int MAX_CONTROL_BYTES = 125;

  /**
   * Why the connection has to be failed.
   *
   * @param closeCode what to close it with
   * @param what what the peer did, to follow its name in a sentence: {@code sent a masked frame}
   */
  record Violation(int closeCode, String what) {}

  /**
   * How far reading is.
   *
   * @param frames how many frames have passed whole
   * @param insideFrame whether a further one has begun
   */
  record Progress(long frames, boolean insideFrame) {}

  private final long maxMessageBytes;
  private final boolean compressed;

  private int headerBytes;
  private int headerLength;
  private int first;
  private long declared;
  private long payloadLeft;
  private boolean insideMessage;
  private long messageBytes;
  private @Nullable Violation violation;

  private long frames;
  private volatile Progress progress = new Progress(0, false);

  /**
   * @param maxMessageBytes the most that a message may have, as it is on the wire
   * @param compressed whether permessage-deflate was agreed on, which gives RSV1 a meaning
   */
  FrameGuard(long maxMessageBytes, boolean compressed) {
    this.maxMessageBytes = maxMessageBytes;
    this.compressed = compressed;
  }

  /**
   * Looks at the next bytes from the peer.
   *
   * @return how many of them may be passed on: all, or those before the frame that violates
   */
  int inspect(byte[] bytes, int offset, int count) {
    int end = offset + count;
    int frameStart = offset;
    int at = offset;
    while (at < end) {
      if (payloadLeft > 0) {
        long step = Math.min(payloadLeft, end - at);
        payloadLeft -= step;
        at += (int) step;
        if (payloadLeft == 0) {
          frames++;
        }
      } else {
        if (headerBytes == 0) {
          frameStart = at;
        }
        take(bytes[at++] & 0xFF);
        if (violation != null) {
          return frameStart - offset;
        }
      }
    }
    progress = new Progress(frames, payloadLeft > 0 || headerBytes > 0);
    return count;
  }

  /** What the peer did wrong, once it did. */
  Optional<Violation> violation() {
    return Optional.ofNullable(violation);
  }

  /** How far reading is; from any thread. */
  Progress progress() {
    return progress;
  }

  private void take(int b) {
    headerBytes++;
    if (headerBytes == 1) {
      first = b;
      violation = firstByte();
    } else if (headerBytes == 2) {
      secondByte(b);
    } else {
      declared = declared << 8 | b;
    }
    if (violation == null && headerBytes >= 2 && headerBytes == headerLength) {
      header();
    }
  }

  private @Nullable Violation firstByte() {
    int opcode = first & 0x0F;
    boolean fin = (first & 0x80) != 0;
    if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) {
      return illegal("sent a frame of the unknown opcode 0x" + Integer.toHexString(opcode));
    }
    if ((first & 0x30) != 0
        || ((first & 0x40) != 0 && !(compressed && (opcode == TEXT || opcode == BINARY)))) {
      return illegal("sent a frame with a reserved bit set");
    }
    if (opcode >= CLOSE && !fin) {
      return illegal("sent a control frame in fragments");
    }
    if (opcode == CONTINUATION && !insideMessage) {
      return illegal("sent a continuation of no message");
    }
    if ((opcode == TEXT || opcode == BINARY) && insideMessage) {
      return illegal("began a message inside another");
    }
    return null;
  }

  private void secondByte(int b) {
    int length = b & 0x7F;
    if ((b & 0x80) != 0) {
      violation = illegal("sent a masked frame");
    } else if ((first & 0x08) != 0 && length > MAX_CONTROL_BYTES) {
      violation = illegal("sent a control frame of more than 125 bytes");
    }
    headerLength = length == 127 ? 10 : length == 126 ? 4 : 2;
    declared = headerLength == 2 ? length : 0;
  }

  private void header() {
    boolean control = (first & CLOSE) != 0;
    if (declared < 0) {
      violation = illegal("sent a frame whose length has its highest bit set");
      return;
    }
    if (!control) {
      if (declared > maxMessageBytes - messageBytes) {
        violation =
            new Violation(
                CloseCodes.TOO_BIG,
                compressed
                    ? "sent a compressed message larger than ws_max_message_bytes allows"
                    : "sent a message of more than "
                        + maxMessageBytes
                        + " bytes (ws_max_message_bytes)");
        return;
      }
      insideMessage = (first & 0x80) == 0;
      messageBytes = insideMessage ? messageBytes + declared : 0;
    }
    payloadLeft = declared;
    headerBytes = 0;
    if (payloadLeft == 0) {
      frames++;
    }
  }

  private static Violation illegal(String what) {
    return new Violation(CloseCodes.PROTOCOL_ERROR, what);
  }
}
