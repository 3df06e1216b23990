package org.messagebusbridge.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Section {@code aws_mq}: the broker and its queues. {@link BrokerKeys} says what its values are;
 * those that have no method here are read by {@link #get} and {@link #find}.
 */
public record AmqpConfig(Configuration configuration) {
  static final String LOCK_SUFFIX = ".active";

  /** RabbitMQ's {@code x-queue-type}. */
  public enum QueueType {
    CLASSIC,
    QUORUM
  }

  /** The value of a key. */
  public <T> T get(Key<T> key) {
    return configuration.get(key);
  }

  /** The value of a key that may be left out. */
  public <T> Optional<T> find(Key<T> key) {
    return configuration.find(key);
  }

  public String host() {
    return get(BrokerKeys.HOST);
  }

  public int port() {
    return get(BrokerKeys.PORT);
  }

  public boolean tls() {
    return get(BrokerKeys.TLS);
  }

  public String vhost() {
    return get(BrokerKeys.VHOST);
  }

  /** Empty until the secret of {@code mq_secret_arn} was read. */
  public String userId() {
    return find(BrokerKeys.USER_ID).orElse("");
  }

  /** Empty until the secret of {@code mq_secret_arn} was read. */
  public Secret password() {
    return find(BrokerKeys.PASSWORD).orElse(new Secret(""));
  }

  public String queueToWs() {
    return get(BrokerKeys.QUEUE_TO_WS);
  }

  public String queueFromWs() {
    return get(BrokerKeys.QUEUE_FROM_WS);
  }

  public String consumerTag() {
    return get(BrokerKeys.CONSUMER_TAG);
  }

  public TlsFiles tlsFiles() {
    return BrokerKeys.TLS_FILES.of(configuration);
  }

  public int prefetch() {
    return get(BrokerKeys.PREFETCH);
  }

  /** Empty: the broker's default. */
  public Optional<QueueType> queueType() {
    return find(BrokerKeys.QUEUE_TYPE);
  }

  /** Empty: none. */
  public OptionalInt maxRedeliveries() {
    return get(BrokerKeys.MAX_REDELIVERIES);
  }

  /** Empty: rejected without requeue. */
  public Optional<String> deadLetterQueue() {
    return get(BrokerKeys.QUEUE_DEAD_LETTER);
  }

  public Duration heartbeat() {
    return get(BrokerKeys.HEARTBEAT);
  }

  public Optional<String> secretArn() {
    return find(BrokerKeys.SECRET_ARN);
  }

  /** The same with another value. */
  public <T> AmqpConfig with(Key<T> key, T value) {
    return new AmqpConfig(configuration.with(key, value));
  }

  /** The same with a heartbeat no longer than that. */
  public AmqpConfig withHeartbeatOfAtMost(Duration longest) {
    return heartbeat().compareTo(longest) <= 0 ? this : with(BrokerKeys.HEARTBEAT, longest);
  }

  /** The same with another login. */
  public AmqpConfig withLogin(String user, Secret password) {
    return with(BrokerKeys.USER_ID, user).with(BrokerKeys.PASSWORD, password);
  }

  /**
   * Where the broker is, for logs and errors: {@code amqps://host:port/vhost}, without credentials.
   */
  public String address() {
    return (tls() ? "amqps://" : "amqp://")
        + hostAndPort()
        + (vhost().equals("/") ? "" : "/" + vhost());
  }

  /** The exclusive queue that instances of {@code ha_mode=standby} take turns by. */
  public String lockQueue() {
    return queueToWs() + LOCK_SUFFIX;
  }

  /** {@code host:port}, an IPv6 address in brackets (RFC 3986, section 3.2.2). */
  public String hostAndPort() {
    return (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port();
  }
}
