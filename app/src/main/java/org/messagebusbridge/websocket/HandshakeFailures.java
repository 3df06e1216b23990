package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.OpeningHandshakeException;
import java.io.EOFException;
import java.math.BigInteger;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.tls.Causes;
import org.messagebusbridge.tls.TlsFailures;

/**
 * The reasons why a WebSocket could not be connected: each in one sentence, and whether trying
 * again can help. Never quotes what was asked for: the URL may have a token in its query.
 */
final class HandshakeFailures {
  private final WebSocketConfig config;
  private final Peer peer;
  private final InstantSource clock;

  HandshakeFailures(WebSocketConfig config, Peer peer, InstantSource clock) {
    this.config = config;
    this.peer = peer;
    this.clock = clock;
  }

  /** What a connect that has not come to an end in time means. */
  BusException timedOut() {
    return failure(
        Kind.UNAVAILABLE,
        peer
            + " did not answer within "
            + Sentences.seconds(config.connectTimeout())
            + " (ws_connect_timeout_secs, for connection, TLS and handshake together); check"
            + " api_host, and firewalls on the way.",
        null);
  }

  /** What {@code cause}, thrown while connecting, means. */
  BusException explain(Throwable cause) {
    Optional<ResponseHead.RefusedException> refused =
        Causes.of(cause).first(ResponseHead.RefusedException.class);
    if (refused.isPresent()) {
      ResponseHead head = refused.get().head();
      return refused.get().byProxy() ? proxyRefused(head, cause) : refused(head, cause);
    }
    if (Causes.of(cause).has(ResponseHead.NotHttpException.class)) {
      return failure(
          Kind.MISCONFIGURED,
          whoAnswers()
              + " does not speak HTTP there: check the port and the scheme (ws or wss) of "
              + (config.proxy().isPresent() ? "api_host and ws_proxy." : "api_host."),
          cause);
    }
    if (Causes.of(cause).has(ResponseHead.TooLongException.class)) {
      return failure(
          Kind.MISCONFIGURED,
          whoAnswers()
              + " answered the handshake with more than 64 KiB of headers: check api_uri and what"
              + " is between the bridge and the API.",
          cause);
    }
    Optional<String> tls = TlsFailures.explain(cause, peer.address(), WebSocketKeys.TLS_FILES);
    if (tls.isPresent()) {
      return failure(transientTls(cause) ? Kind.UNAVAILABLE : Kind.MISCONFIGURED, tls.get(), cause);
    }
    Optional<OpeningHandshakeException> opening =
        Causes.of(cause).first(OpeningHandshakeException.class);
    if (opening.isPresent()) {
      return failure(
          Kind.MISCONFIGURED,
          peer
              + " answered the handshake in a way that RFC 6455 forbids ("
              + Sentences.cause(opening.get()).replaceFirst("\\.$", "")
              + "): check api_uri and what is between the bridge and the API.",
          cause);
    }
    return unreachable(cause);
  }

  private BusException unreachable(Throwable cause) {
    String where = config.proxy().map(p -> p.host() + ":" + p.port()).orElse(peer.address());
    String key = config.proxy().isPresent() ? "ws_proxy" : "api_host";
    if (Causes.of(cause).has(UnknownHostException.class)) {
      return failure(
          Kind.UNAVAILABLE,
          "The host of "
              + where
              + " is not known: check "
              + key
              + " for a misspelling, and this machine's DNS.",
          cause);
    }
    if (Causes.of(cause).has(NoRouteToHostException.class)) {
      return failure(
          Kind.UNAVAILABLE,
          "There is no way to " + where + ": check " + key + " and this machine's network.",
          cause);
    }
    if (Causes.of(cause).has(ConnectException.class)) {
      return failure(
          Kind.UNAVAILABLE,
          where + " refused the connection: check " + key + ", or whether the service is down.",
          cause);
    }
    if (Causes.of(cause).has(EOFException.class) || Causes.of(cause).has(SocketException.class)) {
      return failure(
          Kind.UNAVAILABLE,
          whoAnswers()
              + " closed the connection during the handshake, without an answer: check the port"
              + " and the scheme (ws or wss) of api_host, or whether the service is restarting.",
          cause);
    }
    return failure(
        Kind.UNAVAILABLE,
        "The connection to " + peer + " failed: " + Sentences.cause(Causes.of(cause).root()) + ".",
        cause);
  }

  /** The peer's host, or that it or the proxy was meant, when there is one. */
  private String whoAnswers() {
    return config
        .proxy()
        .map(p -> peer.address() + ", or the proxy " + p.host() + ":" + p.port() + ",")
        .orElse(peer.address());
  }

  /** The peer went away in the middle of TLS, for which its certificate is not to blame. */
  private static boolean transientTls(Throwable cause) {
    return !Causes.of(cause).has(CertificateException.class)
        && (Causes.of(cause).has(EOFException.class)
            || Causes.of(cause).has(SocketException.class));
  }

  private BusException refused(ResponseHead head, Throwable cause) {
    int status = head.status();
    String answered = peer + " answered " + head.describeStatus() + " to the handshake";
    BusException failure =
        switch (status) {
          case 401, 403 -> failure(Kind.UNAUTHORIZED, answered + ": check " + credentials(), cause);
          case 404 -> failure(Kind.MISCONFIGURED, answered + ": check api_uri.", cause);
          case 408, 425, 429 -> failure(Kind.UNAVAILABLE, answered + later(head), cause);
          default -> refused(status, head, answered, cause);
        };
    Optional<Duration> pause = retryAfter(head);
    return pause.isPresent() && failure.kind() == Kind.UNAVAILABLE
        ? failure.withRetryAfter(atMostAllowed(pause.get()))
        : failure;
  }

  private BusException refused(int status, ResponseHead head, String answered, Throwable cause) {
    if (status >= 500) {
      return failure(Kind.UNAVAILABLE, answered + later(head), cause);
    }
    if (status >= 400) {
      return failure(
          Kind.MISCONFIGURED, answered + ": check api_uri, ws_headers and ws_subprotocols.", cause);
    }
    if (status >= 300) {
      return failure(
          Kind.MISCONFIGURED,
          answered
              + head.header("location").map(l -> ", pointing to " + withoutQuery(l)).orElse("")
              + ": correct api_host and api_uri.",
          cause);
    }
    return failure(
        Kind.MISCONFIGURED,
        peer
            + " answered with "
            + (html(head) ? "a web page" : head.describeStatus())
            + ", not a WebSocket: check api_host and api_uri.",
        cause);
  }

  private static boolean html(ResponseHead head) {
    return head.header("content-type")
        .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/html"))
        .orElse(false);
  }

  private String credentials() {
    if (config.secretArn().isPresent() && config.auth() != WebSocketConfig.Auth.NONE) {
      return "client_id and client_secret in the secret %s (ws_secret_arn)."
          .formatted(config.secretArn().get());
    }
    return switch (config.auth()) {
      case JWT -> "client_id and client_secret (ws_auth=jwt), and this machine's clock.";
      case BEARER -> "client_secret, the token (ws_auth=bearer).";
      case BASIC -> "client_id and client_secret (ws_auth=basic).";
      case NONE ->
          config.headers().isEmpty()
              ? "whether it wants credentials (client_id and client_secret, or ws_auth)."
              : "ws_headers, or whether it wants other credentials (ws_auth=none).";
    };
  }

  private String later(ResponseHead head) {
    return retryAfter(head)
        .map(
            pause ->
                ", and asks to be tried again in "
                    + (pause.equals(atMostAllowed(pause))
                        ? pause.toSeconds() + " s."
                        : "more than "
                            + Sentences.seconds(config.maxRetryAfter())
                            + ", the longest that it is left alone (ws_max_retry_after_secs)."))
        .orElse("; it may do better later.");
  }

  private Duration atMostAllowed(Duration pause) {
    return pause.compareTo(config.maxRetryAfter()) > 0 ? config.maxRetryAfter() : pause;
  }

  /** {@code Retry-After}: seconds, or a date (RFC 9110, sections 5.6.7 and 10.2.3). */
  private Optional<Duration> retryAfter(ResponseHead head) {
    return head.header("retry-after").flatMap(this::pause);
  }

  private Optional<Duration> pause(String value) {
    if (value.matches("[0-9]+")) {
      BigInteger seconds = new BigInteger(value).min(BigInteger.valueOf(Integer.MAX_VALUE));
      return Optional.of(Duration.ofSeconds(seconds.longValue()));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration pause = Duration.between(clock.instant(), date.toInstant());
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private BusException proxyRefused(ResponseHead head, Throwable cause) {
    int status = head.status();
    String proxy = config.proxy().map(p -> p.host() + ":" + p.port()).orElse("");
    String answered = "The proxy " + proxy + " answered " + head.describeStatus() + " to CONNECT";
    if (status == 407) {
      return failure(
          Kind.MISCONFIGURED,
          answered + ": check its user and password (ws_proxy=http://user:password@host:port).",
          cause);
    }
    return status >= 500
        ? failure(
            Kind.UNAVAILABLE,
            answered + ": it cannot reach " + peer.address() + "; check api_host.",
            cause)
        : failure(
            Kind.MISCONFIGURED,
            answered + ": check ws_proxy, and that it may connect to " + peer.address() + ".",
            cause);
  }

  private static String withoutQuery(String location) {
    return Sentences.quoted(location.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//"));
  }

  private static BusException failure(Kind kind, String sentence, @Nullable Throwable cause) {
    return new BusException(kind, sentence, cause);
  }
}
