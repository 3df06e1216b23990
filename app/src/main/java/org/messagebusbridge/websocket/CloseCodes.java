package org.messagebusbridge.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.messagebusbridge.bus.BusException;

/** WebSocket close codes (RFC 6455, section 7.4, and IANA's registry of them). */
final class CloseCodes {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int NO_CODE = 1005;
  static final int NOT_UTF8 = 1007;
  static final int POLICY_VIOLATION = 1008;
  static final int TOO_BIG = 1009;
  static final int INTERNAL_ERROR = 1011;
  static final int SERVICE_RESTART = 1012;

  /** What a close frame has room for beside its code (RFC 6455, section 5.5). */
  private static final int MAX_REASON_BYTES = 123;

  private CloseCodes() {}

  /** Whether a peer may send this code in a close frame (RFC 6455, section 7.4.2). */
  static boolean sendable(int code) {
    return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006))
        || (code >= 3000 && code <= 4999);
  }

  /**
   * What a peer that closes with this code means for what to do next.
   *
   * @param refusing the codes that speak of a message
   */
  static BusException.Kind kind(int code, Set<Integer> refusing) {
    if (refusing.contains(code)) {
      return BusException.Kind.MESSAGE_REFUSED;
    }
    return switch (code) {
      case NORMAL, GOING_AWAY, SERVICE_RESTART -> BusException.Kind.CLOSED_BY_PEER;
      default -> BusException.Kind.UNAVAILABLE;
    };
  }

  /** The code with its registered name, for a sentence: {@code 1009 (message too big)}. */
  static String describe(int code) {
    String name =
        switch (code) {
          case NORMAL -> "normal closure";
          case GOING_AWAY -> "going away";
          case PROTOCOL_ERROR -> "protocol error";
          case 1003 -> "unsupported data";
          case NO_CODE -> "no code given";
          case NOT_UTF8 -> "invalid data";
          case 1008 -> "policy violation";
          case TOO_BIG -> "message too big";
          case 1010 -> "extension missing";
          case INTERNAL_ERROR -> "internal error";
          case SERVICE_RESTART -> "service restart";
          case 1013 -> "try again later";
          case 1014 -> "bad gateway";
          default -> "";
        };
    return name.isEmpty() ? Integer.toString(code) : code + " (" + name + ")";
  }

  /** The reason cut to what a close frame has room for, at a character's border. */
  static String fitting(String reason) {
    ByteBuffer room = ByteBuffer.allocate(MAX_REASON_BYTES);
    CharBuffer characters = CharBuffer.wrap(reason);
    StandardCharsets.UTF_8.newEncoder().encode(characters, room, true);
    return reason.substring(0, characters.position());
  }
}
