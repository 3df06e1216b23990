package org.messagebusbridge.endtoend;

import java.util.Optional;
import org.messagebusbridge.config.BrokerKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.WebSocketConfig.Auth;
import org.messagebusbridge.config.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.config.WebSocketKeys;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.WebSocketService;

/**
 * Configurations of a bridge between a broker and a WebSocket service of the sandbox, defaults
 * where nothing is said.
 */
final class Settings {
  static final String CLIENT_ID = "client-7";
  static final String CLIENT_SECRET = "00ff10a0deadbeef";

  private Settings() {}

  /** {@code name} makes the queues' names. */
  static Configuration of(
      Broker broker, WebSocketService service, String name, boolean tls, DeliveryConfirm confirm) {
    return of(broker, service.host(), service.uri(), name, tls, confirm);
  }

  /** The same, with the WebSocket API elsewhere: behind a proxy. */
  static Configuration of(
      Broker broker,
      String apiHost,
      String apiUri,
      String name,
      boolean tls,
      DeliveryConfirm confirm) {
    Configuration plain =
        Configuration.DEFAULTS
            .with(WebSocketKeys.CLIENT_ID, CLIENT_ID)
            .with(WebSocketKeys.CLIENT_SECRET, new Secret(CLIENT_SECRET))
            .with(WebSocketKeys.API_HOST, apiHost)
            .with(WebSocketKeys.API_URI, apiUri)
            .with(WebSocketKeys.AUTH, Auth.JWT)
            .with(WebSocketKeys.DELIVERY_CONFIRM, confirm)
            .with(BrokerKeys.HOST, broker.host())
            .with(BrokerKeys.PORT, tls ? broker.tlsPort().orElseThrow() : broker.port())
            .with(BrokerKeys.TLS, tls)
            .with(BrokerKeys.VHOST, broker.vhost())
            .with(BrokerKeys.USER_ID, broker.user())
            .with(BrokerKeys.PASSWORD, new Secret(broker.password()))
            .with(BrokerKeys.QUEUE_TO_WS, name + ".to_ws")
            .with(BrokerKeys.QUEUE_FROM_WS, name + ".from_ws")
            .with(BrokerKeys.QUEUE_DEAD_LETTER, Optional.of(name + ".to_ws.dead"));
    return tls
        ? plain.with(BrokerKeys.TLS_FILES.caFile(), broker.certificates().orElseThrow().caFile())
        : plain;
  }
}
