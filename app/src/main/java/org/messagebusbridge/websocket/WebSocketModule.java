package org.messagebusbridge.websocket;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Section;
import org.messagebusbridge.tls.TlsContexts;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/** The WebSocket API as a bus that the bridge finds. */
public final class WebSocketModule implements BusModule {
  private static final String CLIENT_ID = "client_id";
  private static final String CLIENT_SECRET = "client_secret";

  @Override
  public Side side() {
    return Side.API;
  }

  @Override
  public Optional<Section> section() {
    return Optional.of(WebSocketKeys.SECTION);
  }

  @Override
  public Bus open(Opening opening) {
    Configuration initial = opening.configuration().get();
    WebSocketBus bus =
        new WebSocketBus(
            new WebSocketConfig(initial),
            opening.timer(),
            () -> Credentials.of(new WebSocketConfig(opening.configuration().get())),
            InstantSource.system(),
            UUID::randomUUID);
    return initial.get(BridgeKeys.HA_MODE) == BridgeKeys.HaMode.STANDBY
        ? bus.writingOnlyWhile(opening.isOurTurn())
        : bus;
  }

  /** Without its path and query, which may hold a token. */
  @Override
  public String address(Configuration configuration) {
    return configuration.get(WebSocketKeys.API_HOST);
  }

  @Override
  public Attempts attempts(Configuration configuration) {
    return new Attempts(
        configuration.get(WebSocketKeys.MAX_CONNECT_ATTEMPTS),
        Optional.of(configuration.get(WebSocketKeys.ATTEMPT_WINDOW)),
        WebSocketKeys.MAX_CONNECT_ATTEMPTS.name());
  }

  @Override
  public Duration hold(Configuration configuration) {
    return configuration.get(WebSocketKeys.HOLD);
  }

  /** Without pongs there are no receipts to keep: {@code flush} trusts the operating system. */
  @Override
  public Optional<Caution> caution(Configuration configuration) {
    boolean receipts = configuration.get(WebSocketKeys.DELIVERY_CONFIRM) == DeliveryConfirm.PONG;
    return Optional.of(
        new Caution(
            receipts ? configuration.get(WebSocketKeys.RECEIPT_GRACE) : Duration.ZERO,
            configuration.get(WebSocketKeys.BREAKER_AFTER)));
  }

  @Override
  public Optional<Key<Integer>> maxMessageBytes() {
    return Optional.of(WebSocketKeys.MAX_MESSAGE_BYTES);
  }

  @Override
  public List<Key<?>> credentials() {
    return List.of(WebSocketKeys.CLIENT_ID, WebSocketKeys.CLIENT_SECRET);
  }

  @Override
  public Optional<StoredSecret> secret(Configuration configuration) {
    return configuration
        .find(WebSocketKeys.SECRET_ARN)
        .map(arn -> new StoredSecret(WebSocketKeys.SECRET_ARN, arn, fields(configuration)));
  }

  private static List<String> fields(Configuration configuration) {
    return switch (configuration.get(WebSocketKeys.AUTH)) {
      case JWT, BASIC -> List.of(CLIENT_ID, CLIENT_SECRET);
      case BEARER, NONE -> List.of(CLIENT_SECRET);
    };
  }

  @Override
  public Configuration withSecret(Configuration configuration, Map<String, String> fields)
      throws ConfigurationException {
    Secret secret = new Secret(fields.getOrDefault(CLIENT_SECRET, ""));
    Optional<String> flaw = configuration.get(WebSocketKeys.AUTH).flaw(secret);
    if (flaw.isPresent()) {
      String where =
          "%s (client_secret in %s)"
              .formatted(WebSocketKeys.SECRET_ARN, configuration.get(WebSocketKeys.SECRET_ARN));
      throw new ConfigurationException(List.of(new Problem(where, flaw.get())), List.of());
    }
    Configuration complete = configuration.with(WebSocketKeys.CLIENT_SECRET, secret);
    String id = fields.get(CLIENT_ID);
    return id == null ? complete : complete.with(WebSocketKeys.CLIENT_ID, id);
  }

  @Override
  public Optional<String> flaw(Configuration configuration) {
    WebSocketConfig config = new WebSocketConfig(configuration);
    return config.secure()
        ? TlsContexts.flaw(config.tls(), WebSocketKeys.TLS_FILES)
        : Optional.empty();
  }
}
