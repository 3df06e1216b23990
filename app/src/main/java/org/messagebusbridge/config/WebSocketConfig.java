package org.messagebusbridge.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Section {@code ws_api}: the WebSocket API and how to talk to it. The keys of the file are named
 * in {@code docs/configuration.md}.
 *
 * @param clientId {@code client_id}
 * @param clientSecret {@code client_secret}: hexadecimal for {@link Auth#JWT}, the token for {@link
 *     Auth#BEARER}, the password for {@link Auth#BASIC}
 * @param apiHost {@code api_host}: scheme, host and optional port, exactly as written (the JWT's
 *     {@code host} claim)
 * @param apiUri {@code api_uri}: path and optional query, exactly as written (the JWT's {@code
 *     path} claim)
 * @param pingInterval {@code ws_ping_interval}: between pings on an idle connection; zero: none
 * @param maxConnectAttempts {@code ws_max_connect_attempts}; empty: unlimited
 * @param attemptWindow {@code ws_attempt_window_secs}
 * @param auth {@code ws_auth}
 * @param headers {@code ws_headers}: extra handshake headers, {@code Name: value} separated by
 *     {@code |}
 * @param subprotocols {@code ws_subprotocols}, in order of preference
 * @param frameType {@code ws_frame_type}
 * @param maxMessageBytes {@code ws_max_message_bytes}: the largest message taken from the peer or
 *     sent to it
 * @param deliveryConfirm {@code ws_delivery_confirm}
 * @param receiptInterval {@code ws_receipt_interval_ms}: the least time between two receipt pings
 * @param pongTimeout {@code ws_pong_timeout_secs}: how long a ping may stay unanswered
 * @param evidence {@code ws_pong_match}, {@code ws_receipt_grace_ms}, {@code ws_refuse_codes},
 *     {@code ws_breaker_after}
 * @param hold {@code ws_hold_secs}: how long deliveries are held for a lost connection
 * @param proxy {@code ws_proxy}: an HTTP proxy, {@code http://[user:password@]host:port}
 * @param compression {@code ws_compression}
 * @param connectTimeout {@code ws_connect_timeout_secs}: for TCP, TLS and handshake together
 * @param maxRetryAfter {@code ws_max_retry_after_secs}: the longest pause that a {@code
 *     Retry-After} may ask for
 * @param jwtRegion {@code ws_jwt_region}: the JWT's {@code region} claim
 * @param tls {@code ws_ca_file}, {@code ws_client_cert_file}, {@code ws_client_key_file}
 * @param secretArn {@code ws_secret_arn}
 */
public record WebSocketConfig(
    Optional<String> clientId,
    Optional<Secret> clientSecret,
    String apiHost,
    String apiUri,
    Duration pingInterval,
    OptionalInt maxConnectAttempts,
    Duration attemptWindow,
    Auth auth,
    List<Header> headers,
    List<String> subprotocols,
    FrameType frameType,
    int maxMessageBytes,
    DeliveryConfirm deliveryConfirm,
    Duration receiptInterval,
    Duration pongTimeout,
    Evidence evidence,
    Duration hold,
    Optional<Proxy> proxy,
    Compression compression,
    Duration connectTimeout,
    Duration maxRetryAfter,
    String jwtRegion,
    TlsFiles tls,
    Optional<String> secretArn) {

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

  /**
   * What is made of what the peer answers, and of how it hangs up.
   *
   * @param pongMatch which pong answers a ping
   * @param receiptGrace how long a receipt is kept before it counts; zero: it counts at once
   * @param refuseCodes the close codes that speak of a message
   * @param breakerAfter how many messages given up in a row open the circuit breaker; empty: none
   *     do
   */
  public record Evidence(
      PongMatch pongMatch,
      Duration receiptGrace,
      Set<Integer> refuseCodes,
      OptionalInt breakerAfter) {

    /** The defaults. */
    public static final Evidence DEFAULT =
        new Evidence(
            PongMatch.AUTO, Duration.ofMillis(1_500), Set.of(1003, 1007, 1009), OptionalInt.of(2));

    public Evidence {
      Check.notNegative("receiptGrace", receiptGrace);
      Check.range("breakerAfter", breakerAfter.orElse(1), 1, Integer.MAX_VALUE);
      refuseCodes = Set.copyOf(refuseCodes);
    }
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

  public WebSocketConfig {
    headers = List.copyOf(headers);
    subprotocols = List.copyOf(subprotocols);
    String scheme = apiHost.substring(0, apiHost.indexOf(':') + 1).toLowerCase(Locale.ROOT);
    Check.that(scheme.equals("ws:") || scheme.equals("wss:"), "apiHost has to be ws:// or wss://");
    Check.that(apiUri.startsWith("/"), "apiUri has to begin with /");
    Check.that(
        auth == Auth.NONE || secretArn.isPresent() || clientSecret.isPresent(),
        "auth needs clientSecret");
    Check.that(
        auth == Auth.NONE || auth == Auth.BEARER || secretArn.isPresent() || clientId.isPresent(),
        "auth needs clientId");
    Check.notNegative("pingInterval", pingInterval);
    Check.range("maxConnectAttempts", maxConnectAttempts.orElse(0), 0, Integer.MAX_VALUE);
    Check.notNegative("attemptWindow", attemptWindow);
    Check.range("maxMessageBytes", maxMessageBytes, 1, Integer.MAX_VALUE);
    Check.notNegative("receiptInterval", receiptInterval);
    Check.positive("pongTimeout", pongTimeout);
    Check.notNegative("hold", hold);
    Check.positive("connectTimeout", connectTimeout);
    Check.positive("maxRetryAfter", maxRetryAfter);
  }

  /** The same with other credentials. */
  public WebSocketConfig withClient(Optional<String> id, Secret secret) {
    return new WebSocketConfig(
        id,
        Optional.of(secret),
        apiHost,
        apiUri,
        pingInterval,
        maxConnectAttempts,
        attemptWindow,
        auth,
        headers,
        subprotocols,
        frameType,
        maxMessageBytes,
        deliveryConfirm,
        receiptInterval,
        pongTimeout,
        evidence,
        hold,
        proxy,
        compression,
        connectTimeout,
        maxRetryAfter,
        jwtRegion,
        tls,
        secretArn);
  }

  /** Whether the connection is TLS: {@code wss://}. */
  public boolean secure() {
    return apiHost.regionMatches(true, 0, "wss:", 0, 4);
  }

  /**
   * The host of {@link #apiHost}, an IPv6 address in its brackets. (What {@link java.net.URI} calls
   * a host has no underscore, and begins its last label with a letter.)
   */
  public String host() {
    return hostOf(apiHost);
  }

  static String hostOf(String apiHost) {
    return authority(apiHost).replaceFirst(":\\d+$", "");
  }

  /** The port of {@link #apiHost}, or its scheme's own (RFC 6455, section 3). */
  public int port() {
    String authority = authority(apiHost);
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']')
        ? Integer.parseInt(authority.substring(colon + 1))
        : secure() ? 443 : 80;
  }

  private static String authority(String apiHost) {
    return apiHost.substring(apiHost.indexOf("://") + 3);
  }
}
