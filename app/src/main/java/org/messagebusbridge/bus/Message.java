package org.messagebusbridge.bus;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What a bus carries: a body, what is known of its form, and what a bus may know beside. The body
 * is neither copied nor changed by anyone who is handed one. A bus that cannot carry what is known
 * beside leaves it out.
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

  /**
   * What a bus may know of a message beside its body.
   *
   * @param headers by name
   * @param key by which messages belong together: those of one key keep their order
   * @param id given by whoever made the message
   * @param timestamp when it was made
   */
  public record Attributes(
      Map<String, String> headers,
      Optional<String> key,
      Optional<String> id,
      Optional<Instant> timestamp) {
    /** Nothing. */
    public static final Attributes NONE =
        new Attributes(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public Attributes {
      headers = Map.copyOf(headers);
    }
  }

  private final byte[] body;
  private final Form form;
  private final Attributes attributes;

  private Message(byte[] body, Form form, Attributes attributes) {
    this.body = body;
    this.form = form;
    this.attributes = attributes;
  }

  /** A message around {@code body}, which is not copied and must not be changed afterwards. */
  public static Message of(byte[] body, Form form) {
    return of(body, form, Attributes.NONE);
  }

  /** The same, with what is known beside. */
  public static Message of(byte[] body, Form form, Attributes attributes) {
    return new Message(body, form, attributes);
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

  /** Headers by name; none where the bus has none. */
  public Map<String, String> headers() {
    return attributes.headers();
  }

  /** By which messages belong together, if it has one. */
  public Optional<String> key() {
    return attributes.key();
  }

  /** Given by whoever made it, if it has one. */
  public Optional<String> id() {
    return attributes.id();
  }

  /** When it was made, if that is known. */
  public Optional<Instant> timestamp() {
    return attributes.timestamp();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Message that
        && form == that.form
        && Arrays.equals(body, that.body)
        && attributes.equals(that.attributes);
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
