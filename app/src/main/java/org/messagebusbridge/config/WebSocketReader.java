package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;
import org.messagebusbridge.config.WebSocketConfig.Auth;
import org.messagebusbridge.config.WebSocketConfig.Evidence;
import org.messagebusbridge.config.WebSocketConfig.Header;

/** Makes section {@code ws_api}, and checks what concerns more than one of its keys. */
final class WebSocketReader {

  private final Values values;

  WebSocketReader(Values values) {
    this.values = values;
  }

  /** The section; empty when anything in the configuration is wrong. */
  Optional<WebSocketConfig> read() {
    Optional<String> apiHost =
        values.required(WebSocketKeys.API_HOST, "the bridge has to know where the API is");
    Optional<String> apiUri =
        values.required(
            WebSocketKeys.API_URI, "the bridge has to know the API's path (/ at least)");
    Optional<String> secretArn = values.optional(WebSocketKeys.SECRET_ARN);
    Auth auth = auth();
    Optional<String> clientId = clientId(auth);
    Optional<Secret> clientSecret = clientSecret(auth);
    List<Header> headers = headers(auth);
    TlsFiles tls =
        TlsReader.read(
            values,
            WebSocketKeys.CA_FILE,
            WebSocketKeys.CLIENT_CERT_FILE,
            WebSocketKeys.CLIENT_KEY_FILE);
    apiHost.ifPresent(host -> warnOfPlaintext(host, auth));
    var pingInterval = values.standard(WebSocketKeys.PING_INTERVAL);
    var maxConnectAttempts = values.standard(WebSocketKeys.MAX_CONNECT_ATTEMPTS);
    var attemptWindow = values.standard(WebSocketKeys.ATTEMPT_WINDOW);
    var subprotocols = values.optional(WebSocketKeys.SUBPROTOCOLS).orElse(List.of());
    var frameType = values.standard(WebSocketKeys.FRAME_TYPE);
    var maxMessageBytes = values.standard(WebSocketKeys.MAX_MESSAGE_BYTES);
    var deliveryConfirm = values.standard(WebSocketKeys.DELIVERY_CONFIRM);
    var receiptInterval = values.standard(WebSocketKeys.RECEIPT_INTERVAL);
    var pongTimeout = values.standard(WebSocketKeys.PONG_TIMEOUT);
    var pongMatch = values.standard(WebSocketKeys.PONG_MATCH);
    var receiptGrace = values.standard(WebSocketKeys.RECEIPT_GRACE);
    var refuseCodes = values.standard(WebSocketKeys.REFUSE_CODES);
    var breakerAfter = values.standard(WebSocketKeys.BREAKER_AFTER);
    var hold = values.standard(WebSocketKeys.HOLD);
    var proxy = values.optional(WebSocketKeys.PROXY);
    var compression = values.standard(WebSocketKeys.COMPRESSION);
    var connectTimeout = values.standard(WebSocketKeys.CONNECT_TIMEOUT);
    var maxRetryAfter = values.standard(WebSocketKeys.MAX_RETRY_AFTER);
    var jwtRegion = values.standard(WebSocketKeys.JWT_REGION);
    if (values.failed()) {
      return Optional.empty();
    }
    return Optional.of(
        new WebSocketConfig(
            clientId,
            clientSecret,
            apiHost.orElseThrow(),
            apiUri.orElseThrow(),
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
            new Evidence(pongMatch, receiptGrace, refuseCodes, breakerAfter),
            hold,
            proxy,
            compression,
            connectTimeout,
            maxRetryAfter,
            jwtRegion,
            tls,
            secretArn));
  }

  /** As it was set; else a JWT when there is anything to make it of. */
  private Auth auth() {
    boolean credentials =
        values.isSet(WebSocketKeys.CLIENT_ID)
            || values.isSet(WebSocketKeys.CLIENT_SECRET)
            || values.isSet(WebSocketKeys.SECRET_ARN);
    Auth unset = credentials ? Auth.JWT : Auth.NONE;
    values.derived(WebSocketKeys.AUTH, Types.text(unset), Origin.DEFAULT);
    return values.optional(WebSocketKeys.AUTH).orElse(unset);
  }

  private Optional<String> clientId(Auth auth) {
    Key<String> key = WebSocketKeys.CLIENT_ID;
    boolean needed = (auth == Auth.JWT || auth == Auth.BASIC) && !inSecretsManager();
    Optional<String> id = needed ? values.required(key, why(auth)) : values.optional(key);
    if (auth == Auth.BASIC && id.filter(name -> name.contains(":")).isPresent()) {
      values.wrong(
          key,
          "the user name holds a colon, which ws_auth basic does not allow (RFC 7617, section 2);"
              + " use another.");
    }
    return id;
  }

  private Optional<Secret> clientSecret(Auth auth) {
    Key<Secret> key = WebSocketKeys.CLIENT_SECRET;
    boolean needed = auth != Auth.NONE && !inSecretsManager();
    Optional<Secret> secret = needed ? values.required(key, why(auth)) : values.optional(key);
    secret.flatMap(auth::flaw).ifPresent(flaw -> values.wrong(key, flaw));
    return secret;
  }

  private static String why(Auth auth) {
    return "ws_auth " + Types.text(auth) + " needs it";
  }

  private boolean inSecretsManager() {
    return values.isSet(WebSocketKeys.SECRET_ARN);
  }

  private List<Header> headers(Auth auth) {
    List<Header> headers = values.optional(WebSocketKeys.HEADERS).orElse(List.of());
    boolean authorization =
        headers.stream().anyMatch(header -> header.name().equalsIgnoreCase("Authorization"));
    if (authorization && (auth == Auth.BEARER || auth == Auth.BASIC)) {
      values.wrong(
          WebSocketKeys.HEADERS,
          "the value sets Authorization, and so does ws_auth "
              + Types.text(auth)
              + "; remove the header, or set ws_auth=none.");
    }
    return headers;
  }

  private void warnOfPlaintext(String apiHost, Auth auth) {
    if (apiHost.regionMatches(true, 0, "wss:", 0, 4)) {
      return;
    }
    TlsReader.warnOfUnused(
        values,
        "api_host begins with ws:// and so is without TLS",
        List.of(
            WebSocketKeys.CA_FILE, WebSocketKeys.CLIENT_CERT_FILE, WebSocketKeys.CLIENT_KEY_FILE));
    if (auth != Auth.NONE && !HostNames.isLoopback(WebSocketConfig.hostOf(apiHost))) {
      values.warn(
          WebSocketKeys.API_HOST,
          "credentials and messages go over the network unencrypted; write wss:// if the API has"
              + " it.");
    }
  }
}
