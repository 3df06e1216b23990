package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.messagebusbridge.config.AwsTypes;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Section;
import org.messagebusbridge.config.TlsFileKeys;
import org.messagebusbridge.config.Types;

/** The keys of section {@code ws_api}. */
public final class WebSocketKeys {
  /** The section. */
  public static final Section SECTION =
      new Section("ws_api", "the WebSocket API", WebSocketChecks::check);

  public static final Key<String> CLIENT_ID =
      SECTION
          .required(
              "client_id",
              Types.text("the id that the API's owner gave you"),
              "required for ws_auth jwt and basic",
              "00000000-0000-0000-0000-000000000000",
              "Who the bridge is to the API: the id in the JWT, the user name for basic")
          .renamedFrom("ws_client_id");
  public static final Key<Secret> CLIENT_SECRET =
      SECTION
          .required(
              "client_secret",
              Types.secret("the secret that the API's owner gave you"),
              "required for ws_auth jwt, bearer and basic",
              "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
              "The secret of client_id: hexadecimal for jwt, the token for bearer, the password for"
                  + " basic")
          .asSecret()
          .renamedFrom("ws_client_password");
  public static final Key<String> API_HOST =
      SECTION
          .required(
              "api_host",
              WebSocketTypes.apiHost(),
              "required",
              "wss://api.example.com",
              "The API's scheme, host and optional port; ws:// is without TLS")
          .renamedFrom("ws_api_host");
  public static final Key<String> API_URI =
      SECTION
          .required(
              "api_uri",
              WebSocketTypes.apiUri(),
              "required",
              "/path/to/ws",
              "The API's path and optional query; api_host and api_uri together are the URL")
          .renamedFrom("ws_api_uri");
  public static final Key<Duration> PING_INTERVAL =
      SECTION.standard(
          "ws_ping_interval",
          Types.seconds(0, 3600),
          "10",
          "Time between pings on an idle connection, in seconds; 0: none");
  public static final Key<OptionalInt> MAX_CONNECT_ATTEMPTS =
      SECTION.standard(
          "ws_max_connect_attempts",
          Types.wholeOr("unlimited", "attempts", 0, 1_000_000),
          "10",
          "Attempts to connect before the bridge gives up with exit code 1; unlimited: it never"
              + " does");
  public static final Key<Duration> ATTEMPT_WINDOW =
      SECTION.standard(
          "ws_attempt_window_secs",
          Types.seconds(0, 86_400),
          "60",
          "A connection that lasted longer than this, in seconds, or delivered something resets the"
              + " count of attempts; with both 0 the first loss is final");
  public static final Key<WebSocketConfig.Auth> AUTH =
      SECTION.optional(
          "ws_auth",
          Types.oneOf(WebSocketConfig.Auth.class),
          "jwt with client_id, client_secret or ws_secret_arn, else none",
          "jwt",
          "How the bridge shows who it is: a JWT in the URL, an Authorization header, or not at"
              + " all");
  public static final Key<List<WebSocketConfig.Header>> HEADERS =
      SECTION
          .optional(
              "ws_headers",
              WebSocketTypes.headers(),
              "none",
              "X-Client: bridge|X-Site: 1",
              "More headers for the handshake")
          .asSecret();
  public static final Key<List<String>> SUBPROTOCOLS =
      SECTION.optional(
          "ws_subprotocols",
          WebSocketTypes.subprotocols(),
          "none",
          "v2.example,v1.example",
          "The subprotocols to offer, the preferred one first");
  public static final Key<WebSocketConfig.FrameType> FRAME_TYPE =
      SECTION.standard(
          "ws_frame_type",
          Types.oneOf(WebSocketConfig.FrameType.class),
          "auto",
          "The frames to send in; auto: text when the body is valid UTF-8, else binary");
  public static final Key<Integer> MAX_MESSAGE_BYTES =
      SECTION.standard(
          "ws_max_message_bytes",
          Types.whole("bytes", 1, 1 << 30),
          "16777216",
          "The largest message to take from the API or to send to it, in bytes");
  public static final Key<WebSocketConfig.DeliveryConfirm> DELIVERY_CONFIRM =
      SECTION.standard(
          "ws_delivery_confirm",
          Types.oneOf(WebSocketConfig.DeliveryConfirm.class),
          "pong",
          "What proves that the API has a message: pong, its answer to a later ping; flush, that"
              + " the bytes were handed to the operating system, so a cut can lose some");
  public static final Key<Duration> RECEIPT_INTERVAL =
      SECTION.standard(
          "ws_receipt_interval_ms",
          Types.milliseconds(0, 60_000),
          "0",
          "The least time between two pings that ask for a receipt, in milliseconds; 0: as soon as"
              + " the last was answered");
  public static final Key<Duration> PONG_TIMEOUT =
      SECTION.standard(
          "ws_pong_timeout_secs",
          Types.seconds(1, 900),
          "30",
          "How long a ping may stay unanswered before the connection counts as lost, in seconds");
  public static final Key<WebSocketConfig.PongMatch> PONG_MATCH =
      SECTION.standard(
          "ws_pong_match",
          Types.oneOf(WebSocketConfig.PongMatch.class),
          "auto",
          "Which pong answers a ping; exact: the one with its payload (RFC 6455); auto: the next"
              + " one where the API returns another payload each time, which is weaker proof");
  public static final Key<Duration> RECEIPT_GRACE =
      SECTION.standard(
          "ws_receipt_grace_ms",
          Types.milliseconds(0, 60_000),
          "1500",
          "How long a receipt is kept before the message is acknowledged to MQ, while there is"
              + " room, in milliseconds; when the connection breaks meanwhile the message is sent"
              + " again; 0: not at all");
  public static final Key<Set<Integer>> REFUSE_CODES =
      SECTION.standard(
          "ws_refuse_codes",
          WebSocketTypes.closeCodes(),
          "1003,1007,1009",
          "The close codes with which the API refuses a message rather than a session");
  public static final Key<OptionalInt> BREAKER_AFTER =
      SECTION.standard(
          "ws_breaker_after",
          Types.wholeOr("off", "messages", 1, 1_000_000),
          "2",
          "How many messages in a row are given up over which the API hung up, before it counts as"
              + " refusing everything and no more are given up");
  public static final Key<Duration> HOLD =
      SECTION.standard(
          "ws_hold_secs",
          Types.seconds(0, 900),
          "5",
          "How long messages without a receipt are kept for the next connection before they go back"
              + " to the queue, in seconds");
  public static final Key<WebSocketConfig.Proxy> PROXY =
      SECTION.optional(
          "ws_proxy",
          WebSocketTypes.proxy(),
          "none",
          "http://proxy.example.com:3128",
          "An HTTP proxy to go through; user and password percent-encoded");
  public static final Key<WebSocketConfig.Compression> COMPRESSION =
      SECTION.standard(
          "ws_compression",
          Types.oneOf(WebSocketConfig.Compression.class),
          "off",
          "Whether to offer compression (RFC 7692)");
  public static final Key<Duration> CONNECT_TIMEOUT =
      SECTION.standard(
          "ws_connect_timeout_secs",
          Types.seconds(1, 300),
          "10",
          "How long connecting may take, TCP, TLS and handshake together, in seconds");
  public static final Key<Duration> MAX_RETRY_AFTER =
      SECTION.standard(
          "ws_max_retry_after_secs",
          Types.seconds(1, 86_400),
          "300",
          "The longest that the bridge waits when the API says in Retry-After how long it wants to"
              + " be left alone, in seconds");
  public static final Key<String> JWT_REGION =
      SECTION.standard(
          "ws_jwt_region",
          Types.text("a region as the API names it"),
          "ny",
          "The region claim of the JWT");

  /** Files for TLS. */
  public static final TlsFileKeys TLS_FILES =
      TlsFileKeys.declare(
          SECTION,
          "ws",
          "write ws:// instead of wss:// in api_host if it is meant to be plain, or correct its"
              + " port");

  public static final Key<String> SECRET_ARN =
      SECTION.optional(
          "ws_secret_arn",
          AwsTypes.secretArn(),
          "none",
          "arn:aws:secretsmanager:us-east-1:123456789012:secret:ws-AbCdEf",
          "A secret in Secrets Manager to read client_id and client_secret from");

  private WebSocketKeys() {}
}
