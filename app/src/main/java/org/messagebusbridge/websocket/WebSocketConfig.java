package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;

/**
 * Section {@code ws_api}: the WebSocket API and how to talk to it. {@link WebSocketKeys} says what
 * its values are; those that have no method here are read by {@link #get} and {@link #find}.
 */
public record WebSocketConfig(Configuration configuration) {

  /** How the bridge shows who it is. */
  public enum Auth {
    JWT,
    BEARER,
    BASIC,
    NONE;

    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]*");
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]*");

    /** What is wrong with {@code client_secret} for this, as the end of a sentence. */
    public Optional<String> flaw(Secret clientSecret) {
      String secret = clientSecret.reveal();
      if (this == JWT && !HEX.matcher(secret).matches()) {
        return Optional.of(
            "the value holds a character that is not hexadecimal; write digits and a to f only"
                + " (ws_auth jwt needs that).");
      }
      if (this == JWT && secret.length() % 2 != 0) {
        return Optional.of(
            "the value has an odd number of hexadecimal digits ("
                + secret.length()
                + "); write two for each byte, one may have been lost.");
      }
      if (this == BEARER && !VISIBLE_ASCII.matcher(secret).matches()) {
        return Optional.of(
            "the value holds a space or a character that is not ASCII; write the token alone.");
      }
      return Optional.empty();
    }
  }

  /** The WebSocket frame a message from MQ is sent in. */
  public enum FrameType {
    AUTO,
    TEXT,
    BINARY
  }

  /** What counts as proof that the peer has a message. */
  public enum DeliveryConfirm {
    PONG,
    FLUSH
  }

  /** Which pong answers a ping. */
  public enum PongMatch {
    /** The one with its payload; the next one where the peer never returns that. */
    AUTO,
    /** The one with its payload (RFC 6455, section 5.5.3). */
    EXACT
  }

  /** Whether RFC 7692 compression is offered. */
  public enum Compression {
    OFF,
    PERMESSAGE_DEFLATE
  }

  /** An extra header of the handshake; its value may be a credential. */
  public record Header(String name, Secret value) {}

  /** An HTTP proxy to tunnel through with CONNECT. */
  public record Proxy(String host, int port, Optional<String> user, Optional<Secret> password) {}

  /** The value of a key. */
  public <T> T get(Key<T> key) {
    return configuration.get(key);
  }

  /** The value of a key that may be left out. */
  public <T> Optional<T> find(Key<T> key) {
    return configuration.find(key);
  }

  public Optional<String> clientId() {
    return find(WebSocketKeys.CLIENT_ID);
  }

  /** Hexadecimal for a JWT, the token for bearer, the password for basic. */
  public Optional<Secret> clientSecret() {
    return find(WebSocketKeys.CLIENT_SECRET);
  }

  /** Scheme, host and optional port, exactly as written (the JWT's {@code host} claim). */
  public String apiHost() {
    return get(WebSocketKeys.API_HOST);
  }

  /** Path and optional query, exactly as written (the JWT's {@code path} claim). */
  public String apiUri() {
    return get(WebSocketKeys.API_URI);
  }

  public Duration pingInterval() {
    return get(WebSocketKeys.PING_INTERVAL);
  }

  public Auth auth() {
    return get(WebSocketKeys.AUTH);
  }

  public List<Header> headers() {
    return find(WebSocketKeys.HEADERS).orElse(List.of());
  }

  public List<String> subprotocols() {
    return find(WebSocketKeys.SUBPROTOCOLS).orElse(List.of());
  }

  public int maxMessageBytes() {
    return get(WebSocketKeys.MAX_MESSAGE_BYTES);
  }

  public DeliveryConfirm deliveryConfirm() {
    return get(WebSocketKeys.DELIVERY_CONFIRM);
  }

  public Duration receiptInterval() {
    return get(WebSocketKeys.RECEIPT_INTERVAL);
  }

  public Duration pongTimeout() {
    return get(WebSocketKeys.PONG_TIMEOUT);
  }

  public Optional<Proxy> proxy() {
    return find(WebSocketKeys.PROXY);
  }

  public Duration connectTimeout() {
    return get(WebSocketKeys.CONNECT_TIMEOUT);
  }

  public Duration maxRetryAfter() {
    return get(WebSocketKeys.MAX_RETRY_AFTER);
  }

  public Optional<String> secretArn() {
    return find(WebSocketKeys.SECRET_ARN);
  }

  /** The files for TLS. */
  public TlsFiles tls() {
    return WebSocketKeys.TLS_FILES.of(configuration);
  }

  /** The same with another value. */
  public <T> WebSocketConfig with(Key<T> key, T value) {
    return new WebSocketConfig(configuration.with(key, value));
  }

  /** Whether the connection is TLS: {@code wss://}. */
  public boolean secure() {
    return apiHost().regionMatches(true, 0, "wss:", 0, 4);
  }

  /**
   * The host of {@link #apiHost}, an IPv6 address in its brackets. (What {@link java.net.URI} calls
   * a host has no underscore, and begins its last label with a letter.)
   */
  public String host() {
    return hostOf(apiHost());
  }

  static String hostOf(String apiHost) {
    return authority(apiHost).replaceFirst(":\\d+$", "");
  }

  /** The port of {@link #apiHost}, or its scheme's own (RFC 6455, section 3). */
  public int port() {
    String authority = authority(apiHost());
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']')
        ? Integer.parseInt(authority.substring(colon + 1))
        : secure() ? 443 : 80;
  }

  private static String authority(String apiHost) {
    return apiHost.substring(apiHost.indexOf("://") + 3);
  }
}
