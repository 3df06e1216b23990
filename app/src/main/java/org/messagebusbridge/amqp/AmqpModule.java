package org.messagebusbridge.amqp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.Section;
import org.messagebusbridge.tls.TlsContexts;

/** The broker as a bus that the bridge finds. */
public final class AmqpModule implements BusModule {
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password";

  @Override
  public Side side() {
    return Side.MQ;
  }

  @Override
  public Optional<Section> section() {
    return Optional.of(AmqpKeys.SECTION);
  }

  @Override
  public Bus open(Opening opening) {
    Supplier<AmqpConfig> config = () -> new AmqpConfig(opening.configuration().get());
    return config.get().get(BridgeKeys.HA_MODE) == BridgeKeys.HaMode.STANDBY
        ? AmqpBus.inTurn(config, AmqpBus.Tuning.DEFAULT)
        : new AmqpBus(config, AmqpBus.Tuning.DEFAULT);
  }

  @Override
  public String address(Configuration configuration) {
    return new AmqpConfig(configuration).address();
  }

  @Override
  public Attempts attempts(Configuration configuration) {
    Key<Integer> key = AmqpKeys.MAX_CONNECT_ATTEMPTS;
    return new Attempts(OptionalInt.of(configuration.get(key)), Optional.empty(), key.name());
  }

  @Override
  public int maxDeliveries(Configuration configuration) {
    return configuration.get(AmqpKeys.MAX_DELIVERIES);
  }

  @Override
  public Optional<Queues> queues(Configuration configuration) {
    AmqpConfig config = new AmqpConfig(configuration);
    return Optional.of(new Queues(config.queueToWs(), config.queueFromWs()));
  }

  @Override
  public Optional<Depths> depths(Supplier<Configuration> configuration) {
    return Optional.of(new QueueDepths(() -> new AmqpConfig(configuration.get())));
  }

  @Override
  public List<Key<?>> credentials() {
    return List.of(AmqpKeys.USER_ID, AmqpKeys.PASSWORD);
  }

  @Override
  public Optional<StoredSecret> secret(Configuration configuration) {
    return configuration
        .find(AmqpKeys.SECRET_ARN)
        .map(arn -> new StoredSecret(AmqpKeys.SECRET_ARN, arn, List.of(USERNAME, PASSWORD)));
  }

  @Override
  public Configuration withSecret(Configuration configuration, Map<String, String> fields) {
    return configuration
        .with(AmqpKeys.USER_ID, fields.getOrDefault(USERNAME, ""))
        .with(AmqpKeys.PASSWORD, new Secret(fields.getOrDefault(PASSWORD, "")));
  }

  @Override
  public Optional<String> flaw(Configuration configuration) {
    return configuration.get(AmqpKeys.TLS)
        ? TlsContexts.flaw(AmqpKeys.TLS_FILES.of(configuration), AmqpKeys.TLS_FILES)
        : Optional.empty();
  }
}
