package org.messagebusbridge.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Section {@code aws_mq}: the broker and its queues. The keys of the file are named in {@code
 * docs/configuration.md}.
 *
 * @param host {@code mq_host}, or {@code {mq_broker_id}.mq.{mq_region}.amazonaws.com}
 * @param port {@code mq_port}
 * @param tls whether to use TLS: {@code mq_tls}
 * @param vhost {@code mq_vhost}
 * @param userId {@code mq_user_id}
 * @param password {@code mq_password}
 * @param queueToWs {@code mq_qname_to_ws}: what the bridge consumes
 * @param queueFromWs {@code mq_qname_from_ws}: what the bridge publishes to
 * @param ttlFromWs {@code mq_ttl_from_ws}: the expiration of what is published
 * @param consumerTag {@code mq_consumer_tag}
 * @param tlsFiles {@code mq_ca_file}, {@code mq_client_cert_file}, {@code mq_client_key_file}
 * @param prefetch {@code mq_prefetch}: the most messages that may be unacknowledged
 * @param persistent {@code mq_persistent}: delivery mode 2 rather than 1
 * @param queueType {@code mq_queue_type}: of queues that the bridge creates; empty: the broker's
 *     default
 * @param maxDeliveries {@code mq_max_deliveries}: how often a message that the peer refuses is
 *     tried
 * @param maxRedeliveries {@code mq_max_redeliveries}: at how many deliveries without an
 *     acknowledgement a message is dead-lettered, where the broker would drop it; empty for {@code
 *     none}
 * @param deadLetterQueue {@code mq_qname_dead_letter}; empty for {@code none}: rejected without
 *     requeue
 * @param maxConnectAttempts {@code mq_max_connect_attempts}: at start
 * @param heartbeat {@code mq_heartbeat_secs}
 * @param secretArn {@code mq_secret_arn}
 */
public record AmqpConfig(
    String host,
    int port,
    boolean tls,
    String vhost,
    String userId,
    Secret password,
    String queueToWs,
    String queueFromWs,
    Duration ttlFromWs,
    String consumerTag,
    TlsFiles tlsFiles,
    int prefetch,
    boolean persistent,
    Optional<QueueType> queueType,
    int maxDeliveries,
    OptionalInt maxRedeliveries,
    Optional<String> deadLetterQueue,
    int maxConnectAttempts,
    Duration heartbeat,
    Optional<String> secretArn) {

  public AmqpConfig {
    Check.notBlank("host", host);
    Check.range("port", port, 1, 65_535);
    Check.notBlank("vhost", vhost);
    Check.notBlank("queueToWs", queueToWs);
    Check.notBlank("queueFromWs", queueFromWs);
    Check.that(!queueToWs.equals(queueFromWs), "queueToWs and queueFromWs have to differ");
    Check.that(
        deadLetterQueue.isEmpty()
            || !(deadLetterQueue.get().equals(queueToWs)
                || deadLetterQueue.get().equals(queueFromWs)),
        "deadLetterQueue has to differ from the other two");
    Check.notNegative("ttlFromWs", ttlFromWs);
    Check.notBlank("consumerTag", consumerTag);
    Check.range("prefetch", prefetch, 1, 65_535);
    Check.range("maxDeliveries", maxDeliveries, 1, Integer.MAX_VALUE);
    Check.range("maxRedeliveries", maxRedeliveries.orElse(1), 1, Integer.MAX_VALUE);
    Check.range("maxConnectAttempts", maxConnectAttempts, 1, Integer.MAX_VALUE);
    Check.notNegative("heartbeat", heartbeat);
  }

  /** RabbitMQ's {@code x-queue-type}. */
  public enum QueueType {
    CLASSIC,
    QUORUM
  }

  /** The same with a heartbeat no longer than that. */
  public AmqpConfig withHeartbeatOfAtMost(Duration longest) {
    return heartbeat.compareTo(longest) <= 0 ? this : with(userId, password, longest);
  }

  /** The same with another login. */
  public AmqpConfig withLogin(String user, Secret newPassword) {
    return with(user, newPassword, heartbeat);
  }

  private AmqpConfig with(String user, Secret newPassword, Duration newHeartbeat) {
    return new AmqpConfig(
        host,
        port,
        tls,
        vhost,
        user,
        newPassword,
        queueToWs,
        queueFromWs,
        ttlFromWs,
        consumerTag,
        tlsFiles,
        prefetch,
        persistent,
        queueType,
        maxDeliveries,
        maxRedeliveries,
        deadLetterQueue,
        maxConnectAttempts,
        newHeartbeat,
        secretArn);
  }

  /**
   * Where the broker is, for logs and errors: {@code amqps://host:port/vhost}, without credentials.
   */
  public String address() {
    return (tls ? "amqps://" : "amqp://") + hostAndPort() + (vhost.equals("/") ? "" : "/" + vhost);
  }

  /** The exclusive queue that instances of {@code ha_mode=standby} take turns by. */
  public String lockQueue() {
    return queueToWs + ".active";
  }

  /** {@code host:port}, an IPv6 address in brackets (RFC 3986, section 3.2.2). */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
