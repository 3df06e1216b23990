package org.messagebusbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message that a {@link Recorder} received, whole, whatever fragments it came in. */
public final class ReceivedMessage {
  private final int connection;
  private final boolean text;
  private final byte[] body;

  ReceivedMessage(int connection, boolean text, byte[] body) {
    this.connection = connection;
    this.text = text;
    this.body = body;
  }

  /** The number of the WebSocket that it came through, counted from 1. */
  public int connection() {
    return connection;
  }

  /** Whether it came in a text frame rather than a binary one. */
  public boolean isText() {
    return text;
  }

  /** The body itself, not a copy; not to be changed. */
  public byte[] body() {
    return body;
  }

  /** The body read as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReceivedMessage that
        && connection == that.connection
        && text == that.text
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * connection + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return connection + (text ? ":text:" : ":binary:") + body.length + " bytes";
  }
}
