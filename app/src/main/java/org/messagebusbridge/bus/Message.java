package org.messagebusbridge.bus;

import java.util.Arrays;

/**
 * What a bus carries: a body and what is known of its form. The body is neither copied nor changed
 * by anyone who is handed one.
 */
public final class Message {

  /** What the body is, as far as the bus it came from knows. */
  public enum Form {
    /**
     * UTF-8 text: a WebSocket text frame (RFC 6455, section 5.6), a {@code text/plain} AMQP
     * message.
     */
    TEXT,
    /**
     * Bytes of no known form: a WebSocket binary frame, an {@code application/octet-stream} AMQP
     * message.
     */
    BINARY,
    /** Not known: the sink decides by the body. */
    UNKNOWN
  }

  private final byte[] body;
  private final Form form;

  private Message(byte[] body, Form form) {
    this.body = body;
    this.form = form;
  }

  /** A message around {@code body}, which is not copied and must not be changed afterwards. */
  public static Message of(byte[] body, Form form) {
    return new Message(body, form);
  }

  /** The body itself, not a copy; not to be changed. */
  public byte[] body() {
    return body;
  }

  /** The length of the body in bytes. */
  public int size() {
    return body.length;
  }

  /** What the body is known to be. */
  public Form form() {
    return form;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Message that && form == that.form && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * form.hashCode() + Arrays.hashCode(body);
  }

  /** The form and the size, never the body: a payload has no place in a log. */
  @Override
  public String toString() {
    return "Message[" + form + ", " + body.length + " bytes]";
  }
}
