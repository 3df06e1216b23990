package org.messagebusbridge.bus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bus could not be connected to, or its connection was lost. The message is one sentence for an
 * operator: what happened, where, and what to do; it never holds a secret.
 */
public final class BusException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the failure means for what to do next. */
  public enum Kind {
    /** Not reachable, or gone: trying again may help. */
    UNAVAILABLE,
    /**
     * The credentials were refused: reading them again may help, trying again with the same ones
     * will not.
     */
    UNAUTHORIZED,
    /** Refused for a reason that only a change of configuration, here or there, can cure. */
    MISCONFIGURED,
    /** The peer closed the connection and said that it will not take a message it was sent. */
    MESSAGE_REFUSED,
    /**
     * The peer, or this bridge, closed the connection in an orderly way and objects to nothing:
     * what was confirmed on it stays so.
     */
    CLOSED_BY_PEER
  }

  private final Kind kind;
  private final transient Map<String, Object> details;
  private final @Nullable Duration retryAfter;

  public BusException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, Map.of(), null);
  }

  private BusException(
      Kind kind,
      String message,
      @Nullable Throwable cause,
      Map<String, Object> details,
      @Nullable Duration retryAfter) {
    super(message, cause);
    this.kind = kind;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  /**
   * The same failure, with something that the peer said of it: {@code close-code} and the code (RFC
   * 6455, section 7.4), for instance.
   *
   * @param value a number or a text
   */
  public BusException withDetail(String name, Object value) {
    Map<String, Object> more = new HashMap<>(details);
    more.put(name, value);
    return new BusException(kind, sentence(), getCause(), Map.copyOf(more), retryAfter);
  }

  /**
   * The same failure, with the time that the peer asked to be left alone ({@code Retry-After}, RFC
   * 9110, section 10.2.3).
   */
  public BusException withRetryAfter(Duration pause) {
    return new BusException(kind, sentence(), getCause(), details, pause);
  }

  /** What the failure means for what to do next. */
  public Kind kind() {
    return kind;
  }

  /** What happened, where, and what to do: the message, never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** What the peer said of it, by name; empty where it said nothing, as when a network was cut. */
  public Map<String, Object> details() {
    return details;
  }

  /** How long the peer asked to be left alone, if it did. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
