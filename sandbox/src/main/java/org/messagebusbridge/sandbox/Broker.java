package org.messagebusbridge.sandbox;

import com.rabbitmq.client.ConnectionFactory;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A running AMQP 0-9-1 broker that nobody else uses. Safe for use by several threads.
 *
 * <p>All methods but the plain accessors throw {@link SandboxException} when the broker does not
 * answer.
 */
public interface Broker extends AutoCloseable {

  /** A loopback host name that the broker's server certificate, if any, is valid for. */
  String host();

  /** The plain AMQP port; the same for the broker's whole life, also after a restart. */
  int port();

  /** The AMQP port with TLS; empty when the broker has none. */
  OptionalInt tlsPort();

  String user();

  String password();

  String vhost();

  /** Product and version, for people: {@code RabbitMQ 3.10.8}. */
  String name();

  /** What the TLS port shows, and what its clients need; present exactly when the port is. */
  Optional<Certificates> certificates();

  /** Declares a durable queue of the broker's default type; nothing happens when it exists so. */
  void declareQueue(String queue);

  /**
   * The number of messages in the queue that no consumer holds.
   *
   * @throws SandboxException also when there is no such queue
   */
  long depth(String queue);

  /**
   * A new factory for connections to the plain port, with the credentials set, automatic recovery
   * off and a connection timeout of 5 s.
   */
  default ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host());
    factory.setPort(port());
    factory.setUsername(user());
    factory.setPassword(password());
    factory.setVirtualHost(vhost());
    factory.setConnectionTimeout(5_000);
    factory.setAutomaticRecoveryEnabled(false);
    return factory;
  }

  /** Stops the broker and removes all that it left; the second call does nothing. */
  @Override
  void close();
}
