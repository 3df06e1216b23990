package org.messagebusbridge.sandbox;

/** What a peer does about a message that it has received. */
public sealed interface Answer {

  /** Has it. */
  record Take() implements Answer {}

  /**
   * Refuses it with a close frame.
   *
   * @param code 1000 to 1003, 1007 to 1014 or 3000 to 4999
   * @param reason may be empty
   */
  record Close(int code, String reason) implements Answer {}

  /** Dies of it: the TCP connection is reset. */
  record Crash() implements Answer {}

  /** Has it. */
  static Answer take() {
    return new Take();
  }

  /** Refuses it with a close frame of this code. */
  static Answer close(int code, String reason) {
    return new Close(code, reason);
  }

  /** Dies of it. */
  static Answer crash() {
    return new Crash();
  }
}
