package org.messagebusbridge.config;

import static org.messagebusbridge.config.Section.WS_API;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The keys of section {@code ws_api}. */
final class WebSocketKeys {
  static final Key<String> CLIENT_ID =
      Key.required(
          WS_API,
          "client_id",
          Types.text("the id that the API's owner gave you"),
          "required for ws_auth jwt and basic",
          "00000000-0000-0000-0000-000000000000",
          "Who the bridge is to the API: the id in the JWT, the user name for basic");
  static final Key<Secret> CLIENT_SECRET =
      Key.required(
              WS_API,
              "client_secret",
              Types.secret("the secret that the API's owner gave you"),
              "required for ws_auth jwt, bearer and basic",
              "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
              "The secret of client_id: hexadecimal for jwt, the token for bearer, the password for"
                  + " basic")
          .asSecret();
  static final Key<String> API_HOST =
      Key.required(
          WS_API,
          "api_host",
          WebSocketTypes.apiHost(),
          "required",
          "wss://api.example.com",
          "The API's scheme, host and optional port; ws:// is without TLS");
  static final Key<String> API_URI =
      Key.required(
          WS_API,
          "api_uri",
          WebSocketTypes.apiUri(),
          "required",
          "/path/to/ws",
          "The API's path and optional query; api_host and api_uri together are the URL");
  static final Key<Duration> PING_INTERVAL =
      Key.standard(
          WS_API,
          "ws_ping_interval",
          Types.seconds(0, 3600),
          "10",
          "Time between pings on an idle connection, in seconds; 0: none");
  static final Key<OptionalInt> MAX_CONNECT_ATTEMPTS =
      Key.standard(
          WS_API,
          "ws_max_connect_attempts",
          Types.wholeOr("unlimited", "attempts", 0, 1_000_000),
          "10",
          "Attempts to connect before the bridge gives up with exit code 1; unlimited: it never"
              + " does");
  static final Key<Duration> ATTEMPT_WINDOW =
      Key.standard(
          WS_API,
          "ws_attempt_window_secs",
          Types.seconds(0, 86_400),
          "60",
          "A connection that lasted longer than this, in seconds, or delivered something resets the"
              + " count of attempts; with both 0 the first loss is final");
  static final Key<WebSocketConfig.Auth> AUTH =
      Key.optional(
          WS_API,
          "ws_auth",
          Types.oneOf(WebSocketConfig.Auth.class),
          "jwt with client_id, client_secret or ws_secret_arn, else none",
          "jwt",
          "How the bridge shows who it is: a JWT in the URL, an Authorization header, or not at"
              + " all");
  static final Key<List<WebSocketConfig.Header>> HEADERS =
      Key.optional(
              WS_API,
              "ws_headers",
              WebSocketTypes.headers(),
              "none",
              "X-Client: bridge|X-Site: 1",
              "More headers for the handshake")
          .asSecret();
  static final Key<List<String>> SUBPROTOCOLS =
      Key.optional(
          WS_API,
          "ws_subprotocols",
          WebSocketTypes.subprotocols(),
          "none",
          "v2.example,v1.example",
          "The subprotocols to offer, the preferred one first");
  static final Key<WebSocketConfig.FrameType> FRAME_TYPE =
      Key.standard(
          WS_API,
          "ws_frame_type",
          Types.oneOf(WebSocketConfig.FrameType.class),
          "auto",
          "The frames to send in; auto: text when the body is valid UTF-8, else binary");
  static final Key<Integer> MAX_MESSAGE_BYTES =
      Key.standard(
          WS_API,
          "ws_max_message_bytes",
          Types.whole("bytes", 1, 1 << 30),
          "16777216",
          "The largest message to take from the API or to send to it, in bytes");
  static final Key<WebSocketConfig.DeliveryConfirm> DELIVERY_CONFIRM =
      Key.standard(
          WS_API,
          "ws_delivery_confirm",
          Types.oneOf(WebSocketConfig.DeliveryConfirm.class),
          "pong",
          "What proves that the API has a message: pong, its answer to a later ping; flush, that"
              + " the bytes were handed to the operating system, so a cut can lose some");
  static final Key<Duration> RECEIPT_INTERVAL =
      Key.standard(
          WS_API,
          "ws_receipt_interval_ms",
          Types.milliseconds(0, 60_000),
          "0",
          "The least time between two pings that ask for a receipt, in milliseconds; 0: as soon as"
              + " the last was answered");
  static final Key<Duration> PONG_TIMEOUT =
      Key.standard(
          WS_API,
          "ws_pong_timeout_secs",
          Types.seconds(1, 900),
          "30",
          "How long a ping may stay unanswered before the connection counts as lost, in seconds");
  static final Key<WebSocketConfig.PongMatch> PONG_MATCH =
      Key.standard(
          WS_API,
          "ws_pong_match",
          Types.oneOf(WebSocketConfig.PongMatch.class),
          "auto",
          "Which pong answers a ping; exact: the one with its payload (RFC 6455); auto: the next"
              + " one where the API returns another payload each time, which is weaker proof");
  static final Key<Duration> RECEIPT_GRACE =
      Key.standard(
          WS_API,
          "ws_receipt_grace_ms",
          Types.milliseconds(0, 60_000),
          "1500",
          "How long a receipt is kept before the message is acknowledged to MQ, while there is"
              + " room, in milliseconds; when the connection breaks meanwhile the message is sent"
              + " again; 0: not at all");
  static final Key<Set<Integer>> REFUSE_CODES =
      Key.standard(
          WS_API,
          "ws_refuse_codes",
          WebSocketTypes.closeCodes(),
          "1003,1007,1009",
          "The close codes with which the API refuses a message rather than a session");
  static final Key<OptionalInt> BREAKER_AFTER =
      Key.standard(
          WS_API,
          "ws_breaker_after",
          Types.wholeOr("off", "messages", 1, 1_000_000),
          "2",
          "How many messages in a row are given up over which the API hung up, before it counts as"
              + " refusing everything and no more are given up");
  static final Key<Duration> HOLD =
      Key.standard(
          WS_API,
          "ws_hold_secs",
          Types.seconds(0, 900),
          "5",
          "How long messages without a receipt are kept for the next connection before they go back"
              + " to the queue, in seconds");
  static final Key<WebSocketConfig.Proxy> PROXY =
      Key.optional(
          WS_API,
          "ws_proxy",
          WebSocketTypes.proxy(),
          "none",
          "http://proxy.example.com:3128",
          "An HTTP proxy to go through; user and password percent-encoded");
  static final Key<WebSocketConfig.Compression> COMPRESSION =
      Key.standard(
          WS_API,
          "ws_compression",
          Types.oneOf(WebSocketConfig.Compression.class),
          "off",
          "Whether to offer compression (RFC 7692)");
  static final Key<Duration> CONNECT_TIMEOUT =
      Key.standard(
          WS_API,
          "ws_connect_timeout_secs",
          Types.seconds(1, 300),
          "10",
          "How long connecting may take, TCP, TLS and handshake together, in seconds");
  static final Key<Duration> MAX_RETRY_AFTER =
      Key.standard(
          WS_API,
          "ws_max_retry_after_secs",
          Types.seconds(1, 86_400),
          "300",
          "The longest that the bridge waits when the API says in Retry-After how long it wants to"
              + " be left alone, in seconds");
  static final Key<String> JWT_REGION =
      Key.standard(
          WS_API,
          "ws_jwt_region",
          Types.text("a region as the API names it"),
          "ny",
          "The region claim of the JWT");
  static final Key<Path> CA_FILE =
      Key.optional(
          WS_API,
          "ws_ca_file",
          Types.file("a PEM file"),
          "the JDK's trust store",
          "/etc/mbb/ws-ca.pem",
          "The certificates to trust instead of the JDK's own");
  static final Key<Path> CLIENT_CERT_FILE =
      Key.optional(
          WS_API,
          "ws_client_cert_file",
          Types.file("a PEM file"),
          "none",
          "/etc/mbb/ws-client.pem",
          "The client certificate to show, its own first, then its issuers");
  static final Key<Path> CLIENT_KEY_FILE =
      Key.optional(
          WS_API,
          "ws_client_key_file",
          Types.file("a PEM file"),
          "none",
          "/etc/mbb/ws-client-key.pem",
          "The private key of ws_client_cert_file (PKCS #8, not encrypted)");
  static final Key<String> SECRET_ARN =
      Key.optional(
          WS_API,
          "ws_secret_arn",
          AwsTypes.secretArn(),
          "none",
          "arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf",
          "A secret in Secrets Manager to read client_id and client_secret from");

  static final List<Key<?>> ALL =
      List.of(
          CLIENT_ID,
          CLIENT_SECRET,
          API_HOST,
          API_URI,
          PING_INTERVAL,
          MAX_CONNECT_ATTEMPTS,
          ATTEMPT_WINDOW,
          AUTH,
          HEADERS,
          SUBPROTOCOLS,
          FRAME_TYPE,
          MAX_MESSAGE_BYTES,
          DELIVERY_CONFIRM,
          RECEIPT_INTERVAL,
          PONG_TIMEOUT,
          PONG_MATCH,
          RECEIPT_GRACE,
          REFUSE_CODES,
          BREAKER_AFTER,
          HOLD,
          PROXY,
          COMPRESSION,
          CONNECT_TIMEOUT,
          MAX_RETRY_AFTER,
          JWT_REGION,
          CA_FILE,
          CLIENT_CERT_FILE,
          CLIENT_KEY_FILE,
          SECRET_ARN);

  private WebSocketKeys() {}
}
