package org.messagebusbridge.websocket;

import java.util.Optional;
import org.messagebusbridge.config.Secret;

/**
 * What the bridge shows the API to be let in; asked for at each connect, so that it can change
 * without a restart.
 *
 * @param clientId {@code client_id}
 * @param clientSecret {@code client_secret}
 */
public record Credentials(Optional<String> clientId, Optional<Secret> clientSecret) {

  /** Those that the configuration holds. */
  public static Credentials of(WebSocketConfig config) {
    return new Credentials(config.clientId(), config.clientSecret());
  }
}
