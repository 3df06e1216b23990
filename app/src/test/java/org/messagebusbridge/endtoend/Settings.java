package org.messagebusbridge.endtoend;

import java.util.Optional;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.websocket.WebSocketKeys;

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
            .with(AmqpKeys.HOST, broker.host())
            .with(AmqpKeys.PORT, tls ? broker.tlsPort().orElseThrow() : broker.port())
            .with(AmqpKeys.TLS, tls)
            .with(AmqpKeys.VHOST, broker.vhost())
            .with(AmqpKeys.USER_ID, broker.user())
            .with(AmqpKeys.PASSWORD, new Secret(broker.password()))
            .with(AmqpKeys.QUEUE_TO_WS, name + ".to_ws")
            .with(AmqpKeys.QUEUE_FROM_WS, name + ".from_ws")
            .with(AmqpKeys.QUEUE_DEAD_LETTER, Optional.of(name + ".to_ws.dead"));
    return tls
        ? plain.with(AmqpKeys.TLS_FILES.caFile(), broker.certificates().orElseThrow().caFile())
        : plain;
  }
}
