package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;

/**
 * Section {@code aws_mq}: the broker and its queues. {@link AmqpKeys} says what its values are;
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
    return get(AmqpKeys.HOST);
  }

  public int port() {
    return get(AmqpKeys.PORT);
  }

  public boolean tls() {
    return get(AmqpKeys.TLS);
  }

  public String vhost() {
    return get(AmqpKeys.VHOST);
  }

  /** Empty until the secret of {@code mq_secret_arn} was read. */
  public String userId() {
    return find(AmqpKeys.USER_ID).orElse("");
  }

  /** Empty until the secret of {@code mq_secret_arn} was read. */
  public Secret password() {
    return find(AmqpKeys.PASSWORD).orElse(new Secret(""));
  }

  public String queueToWs() {
    return get(AmqpKeys.QUEUE_TO_WS);
  }

  public String queueFromWs() {
    return get(AmqpKeys.QUEUE_FROM_WS);
  }

  public String consumerTag() {
    return get(AmqpKeys.CONSUMER_TAG);
  }

  public TlsFiles tlsFiles() {
    return AmqpKeys.TLS_FILES.of(configuration);
  }

  public int prefetch() {
    return get(AmqpKeys.PREFETCH);
  }

  /** Empty: the broker's default. */
  public Optional<QueueType> queueType() {
    return find(AmqpKeys.QUEUE_TYPE);
  }

  /** Empty: none. */
  public OptionalInt maxRedeliveries() {
    return get(AmqpKeys.MAX_REDELIVERIES);
  }

  /** Empty: rejected without requeue. */
  public Optional<String> deadLetterQueue() {
    return get(AmqpKeys.QUEUE_DEAD_LETTER);
  }

  public Duration heartbeat() {
    return get(AmqpKeys.HEARTBEAT);
  }

  public Optional<String> secretArn() {
    return find(AmqpKeys.SECRET_ARN);
  }

  /** The same with another value. */
  public <T> AmqpConfig with(Key<T> key, T value) {
    return new AmqpConfig(configuration.with(key, value));
  }

  /** The same with a heartbeat no longer than that. */
  public AmqpConfig withHeartbeatOfAtMost(Duration longest) {
    return heartbeat().compareTo(longest) <= 0 ? this : with(AmqpKeys.HEARTBEAT, longest);
  }

  /** The same with another login. */
  public AmqpConfig withLogin(String user, Secret password) {
    return with(AmqpKeys.USER_ID, user).with(AmqpKeys.PASSWORD, password);
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
