package org.messagebusbridge.tester;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.amqp.AmqpFailures;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.tls.TlsContexts;
import org.messagebusbridge.tls.TlsException;

/** Connections to the broker of the configuration, which have the bridge's queues at hand. */
final class BrokerConnections {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  private final AmqpConfig config;
  private final AmqpFailures failures;
  private final ConnectionFactory factory;

  /**
   * Reads the TLS files, and connects nowhere yet.
   *
   * @throws TesterException when a TLS file is not what it should be
   */
  BrokerConnections(AmqpConfig config) throws TesterException {
    this.config = config;
    this.failures = new AmqpFailures(config);
    this.factory = new ConnectionFactory();
    factory.setHost(config.host());
    factory.setPort(config.port());
    factory.setVirtualHost(config.vhost());
    factory.setUsername(config.userId());
    factory.setPassword(config.password().reveal());
    factory.setConnectionTimeout((int) CONNECT_TIMEOUT.toMillis());
    factory.setHandshakeTimeout((int) CONNECT_TIMEOUT.toMillis());
    factory.setChannelRpcTimeout((int) ANSWER_TIMEOUT.toMillis());
    factory.setRequestedHeartbeat((int) config.heartbeat().toSeconds());
    factory.setAutomaticRecoveryEnabled(false);
    if (config.tls()) {
      try {
        factory.setSocketFactory(
            TlsContexts.socketFactory(config.tlsFiles(), AmqpKeys.TLS_FILES, config.host()));
      } catch (TlsException e) {
        throw new TesterException(e.sentence(), e);
      }
    }
  }

  /**
   * Connects, in 10 s at most for each step.
   *
   * @param name what the broker shows its operators
   */
  Connection open(String name) throws TesterException {
    try {
      return factory.newConnection(name);
    } catch (IOException | TimeoutException e) {
      throw new TesterException(failures.connecting(e).sentence(), e);
    }
  }

  /**
   * Makes sure that a queue is there: as it is when it exists, else durable, of the configured
   * type.
   */
  void declare(Connection connection, String queue) throws TesterException {
    try {
      if (!exists(connection, queue)) {
        try (Channel channel = connection.createChannel()) {
          channel.queueDeclare(queue, true, false, false, arguments(connection));
        }
      }
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new TesterException(failures.queue(Wish.CREATE, queue, e).sentence(), e);
    }
  }

  private static boolean exists(Connection connection, String queue)
      throws IOException, TimeoutException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclarePassive(queue);
      channel.close();
      return true;
    } catch (IOException e) {
      if (AmqpFailures.replyCode(e).equals(OptionalInt.of(AMQP.NOT_FOUND))) {
        return false;
      }
      throw e;
    }
  }

  /**
   * A quorum queue of RabbitMQ 4.x drops a message at its 21st delivery unless it has a limit of
   * its own; with one that is never reached, what is given back keeps its place.
   */
  private Map<String, Object> arguments(Connection connection) {
    Map<String, Object> arguments = new TreeMap<>();
    config
        .queueType()
        .ifPresent(type -> arguments.put("x-queue-type", type.name().toLowerCase(Locale.ROOT)));
    if (config.queueType().equals(Optional.of(QueueType.QUORUM)) && majorVersion(connection) >= 4) {
      arguments.put("x-delivery-limit", 1_000_000_000);
    }
    return arguments;
  }

  private static int majorVersion(Connection connection) {
    String version = String.valueOf(connection.getServerProperties().get("version"));
    String major = version.replaceFirst("\\D.*", "");
    return major.isEmpty() || major.length() > 4 ? 0 : Integer.parseInt(major);
  }
}
