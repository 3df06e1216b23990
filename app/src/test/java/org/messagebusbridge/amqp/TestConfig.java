package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Broker;

/** A configuration to change one thing of. */
record TestConfig(
    String host,
    int port,
    Optional<TlsFiles> tls,
    String vhost,
    String user,
    String password,
    String queue,
    int prefetch,
    Optional<AmqpConfig.QueueType> queueType,
    Optional<String> deadLetterQueue,
    boolean persistent,
    Duration heartbeat,
    OptionalInt maxRedeliveries) {

  /**
   * The broker's plain port and its own user; the queues are {@code queue.to} and {@code .from}.
   */
  static TestConfig of(Broker broker, String queue) {
    return new TestConfig(
        broker.host(),
        broker.port(),
        Optional.empty(),
        broker.vhost(),
        broker.user(),
        broker.password(),
        queue,
        500,
        Optional.empty(),
        Optional.of(queue + ".to.dead"),
        true,
        Duration.ofSeconds(20),
        OptionalInt.of(15));
  }

  TestConfig at(String newHost, int newPort) {
    return new TestConfig(
        newHost,
        newPort,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withTls(TlsFiles files) {
    return new TestConfig(
        host,
        port,
        Optional.of(files),
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withVhost(String newVhost) {
    return new TestConfig(
        host,
        port,
        tls,
        newVhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withUser(String newUser, String newPassword) {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        newUser,
        newPassword,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withPrefetch(int newPrefetch) {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        newPrefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withQueueType(AmqpConfig.QueueType type) {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        Optional.of(type),
        deadLetterQueue,
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withoutDeadLetterQueue() {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        Optional.empty(),
        persistent,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig transientMessages() {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        false,
        heartbeat,
        maxRedeliveries);
  }

  TestConfig withHeartbeat(Duration newHeartbeat) {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        newHeartbeat,
        maxRedeliveries);
  }

  TestConfig withMaxRedeliveries(OptionalInt most) {
    return new TestConfig(
        host,
        port,
        tls,
        vhost,
        user,
        password,
        queue,
        prefetch,
        queueType,
        deadLetterQueue,
        persistent,
        heartbeat,
        most);
  }

  AmqpConfig build() {
    return new AmqpConfig(
        host,
        port,
        tls.isPresent(),
        vhost,
        user,
        new Secret(password),
        queue + ".to",
        queue + ".from",
        Duration.ofMinutes(5),
        "mqhandler",
        tls.orElse(TlsFiles.NONE),
        prefetch,
        persistent,
        queueType,
        5,
        maxRedeliveries,
        deadLetterQueue,
        5,
        heartbeat,
        Optional.empty());
  }
}
