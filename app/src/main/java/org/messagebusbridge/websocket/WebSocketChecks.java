package org.messagebusbridge.websocket;

import java.util.List;
import java.util.Optional;
import org.messagebusbridge.config.HostNames;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Origin;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Types;
import org.messagebusbridge.config.Values;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;

/** What concerns more than one key of section {@code ws_api}. */
final class WebSocketChecks {
  private final Values values;

  private WebSocketChecks(Values values) {
    this.values = values;
  }

  static void check(Values values) {
    new WebSocketChecks(values).check();
  }

  private void check() {
    Optional<String> apiHost =
        values.required(WebSocketKeys.API_HOST, "the bridge has to know where the API is");
    values.required(WebSocketKeys.API_URI, "the bridge has to know the API's path (/ at least)");
    values.optional(WebSocketKeys.SECRET_ARN);
    Auth auth = auth();
    checkClientId(auth);
    checkClientSecret(auth);
    checkHeaders(auth);
    WebSocketKeys.TLS_FILES.check(values);
    apiHost.ifPresent(host -> warnOfPlaintext(host, auth));
  }

  /** As it was set; else a JWT when there is anything to make it of. */
  private Auth auth() {
    boolean credentials =
        values.isSet(WebSocketKeys.CLIENT_ID)
            || values.isSet(WebSocketKeys.CLIENT_SECRET)
            || values.isSet(WebSocketKeys.SECRET_ARN);
    Auth unset = credentials ? Auth.JWT : Auth.NONE;
    values.derived(WebSocketKeys.AUTH, unset, Types.text(unset), Origin.DEFAULT);
    return values.optional(WebSocketKeys.AUTH).orElse(unset);
  }

  private void checkClientId(Auth auth) {
    Key<String> key = WebSocketKeys.CLIENT_ID;
    boolean needed = (auth == Auth.JWT || auth == Auth.BASIC) && !inSecretsManager();
    Optional<String> id = needed ? values.required(key, why(auth)) : values.optional(key);
    if (auth == Auth.BASIC && id.filter(name -> name.contains(":")).isPresent()) {
      values.wrong(
          key,
          "the user name holds a colon, which ws_auth basic does not allow (RFC 7617, section 2);"
              + " use another.");
    }
  }

  private void checkClientSecret(Auth auth) {
    Key<Secret> key = WebSocketKeys.CLIENT_SECRET;
    boolean needed = auth != Auth.NONE && !inSecretsManager();
    Optional<Secret> secret = needed ? values.required(key, why(auth)) : values.optional(key);
    secret.flatMap(auth::flaw).ifPresent(flaw -> values.wrong(key, flaw));
  }

  private static String why(Auth auth) {
    return "ws_auth " + Types.text(auth) + " needs it";
  }

  private boolean inSecretsManager() {
    return values.isSet(WebSocketKeys.SECRET_ARN);
  }

  private void checkHeaders(Auth auth) {
    boolean authorization =
        values.optional(WebSocketKeys.HEADERS).orElse(List.of()).stream()
            .anyMatch(header -> header.name().equalsIgnoreCase("Authorization"));
    if (authorization && (auth == Auth.BEARER || auth == Auth.BASIC)) {
      values.wrong(
          WebSocketKeys.HEADERS,
          "the value sets Authorization, and so does ws_auth "
              + Types.text(auth)
              + "; remove the header, or set ws_auth=none.");
    }
  }

  private void warnOfPlaintext(String apiHost, Auth auth) {
    if (apiHost.regionMatches(true, 0, "wss:", 0, 4)) {
      return;
    }
    WebSocketKeys.TLS_FILES.warnOfUnused(
        values, "api_host begins with ws:// and so is without TLS");
    if (auth != Auth.NONE && !HostNames.isLoopback(WebSocketConfig.hostOf(apiHost))) {
      values.warn(
          WebSocketKeys.API_HOST,
          "credentials and messages go over the network unencrypted; write wss:// if the API has"
              + " it.");
    }
  }
}
