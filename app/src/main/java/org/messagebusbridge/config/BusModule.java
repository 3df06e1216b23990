package org.messagebusbridge.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.QueueDepth;

/**
 * A kind of bus that a side of the bridge can be: all that is its own. It is found by {@link
 * java.util.ServiceLoader}: a jar names its class in {@code
 * META-INF/services/org.messagebusbridge.config.BusModule}. Of several for a side the one is taken
 * whose section sets a key, and the first one when none does.
 */
public interface BusModule {

  /** Where in the bridge it is. */
  enum Side {
    /** What {@code to_ws} comes from and {@code from_ws} goes to. */
    MQ,
    /** What {@code to_ws} goes to and {@code from_ws} comes from. */
    API,
    /** What stands in for the API with {@code -X}. */
    STUB
  }

  /**
   * What a bus is opened with.
   *
   * @param configuration with the credentials of now; to be asked at each connect
   * @param timer runs what has its time, for a moment each; shared, never shut down by a bus
   * @param isOurTurn whether this instance may write to the API now; always, unless {@code
   *     ha_mode=standby}
   */
  record Opening(
      Supplier<Configuration> configuration,
      ScheduledExecutorService timer,
      BooleanSupplier isOurTurn) {}

  /**
   * How often it is tried to connect.
   *
   * @param most in a row, or at the start when there is no window; empty: without end
   * @param window what a connection has to last for so that attempts are counted anew; empty: they
   *     are counted at the start only
   * @param key the name of what sets the most
   */
  record Attempts(OptionalInt most, Optional<Duration> window, String key) {}

  /**
   * How a peer is dealt with that may hang up over a message.
   *
   * @param receiptGrace how long a confirmation is kept before it counts; zero: it counts at once
   * @param breakerAfter how many messages given up in a row open the circuit breaker; empty: none
   *     do
   */
  record Caution(Duration receiptGrace, OptionalInt breakerAfter) {}

  /** The queues of a broker: what is consumed, and what is published to. */
  record Queues(String toWs, String fromWs) {}

  /** Asks how deep queues are. Used by one thread at a time, but for {@link #close}. */
  interface Depths extends AutoCloseable {
    /** Empty when that cannot be known now, or there is no such queue. */
    Optional<QueueDepth> of(String queue);

    @Override
    void close();
  }

  /**
   * A secret of a secret store that holds credentials.
   *
   * @param key names it
   * @param arn its ARN
   * @param fields what it has to have
   */
  record StoredSecret(Key<String> key, String arn, List<String> fields) {}

  /** Where in the bridge it is. */
  Side side();

  /** Its section, with its keys and the checks across them; empty: there is nothing to be told. */
  Optional<Section> section();

  /** A bus of that configuration, not connected yet. */
  Bus open(Opening opening);

  /** Where it connects to, for logs and people; nothing secret. */
  String address(Configuration configuration);

  /** How often it is tried to connect. */
  Attempts attempts(Configuration configuration);

  /** Of an API: how long deliveries are held for a lost connection. */
  default Duration hold(Configuration configuration) {
    return Duration.ZERO;
  }

  /** Of an API: how it is dealt with when it may hang up over a message; empty: it does not. */
  default Optional<Caution> caution(Configuration configuration) {
    return Optional.empty();
  }

  /** Of MQ: how often a message that the API refuses is tried, 1 or more. */
  default int maxDeliveries(Configuration configuration) {
    return 1;
  }

  /** Of MQ: its queues, if it has such. */
  default Optional<Queues> queues(Configuration configuration) {
    return Optional.empty();
  }

  /**
   * Of MQ: how deep its queues are.
   *
   * @param configuration with the credentials of now; asked when a connection is opened
   */
  default Optional<Depths> depths(Supplier<Configuration> configuration) {
    return Optional.empty();
  }

  /** What sets how large a message can be, in bytes, if anything does. */
  default Optional<Key<Integer>> maxMessageBytes() {
    return Optional.empty();
  }

  /** The keys whose values are taken up anew when credentials are read again. */
  default List<Key<?>> credentials() {
    return List.of();
  }

  /** The secret that has the credentials, if one is named. */
  default Optional<StoredSecret> secret(Configuration configuration) {
    return Optional.empty();
  }

  /**
   * The same configuration with the credentials of its secret.
   *
   * @param fields what the secret holds
   * @throws ConfigurationException when they are not what they should be
   */
  default Configuration withSecret(Configuration configuration, Map<String, String> fields)
      throws ConfigurationException {
    return configuration;
  }

  /** What is wrong with the contents of what is configured, such as TLS files: a sentence each. */
  default Optional<String> flaw(Configuration configuration) {
    return Optional.empty();
  }
}
