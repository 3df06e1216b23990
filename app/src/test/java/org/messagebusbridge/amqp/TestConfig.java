package org.messagebusbridge.amqp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFileKeys;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Broker;

/** A configuration to change one thing of. */
record TestConfig(AmqpConfig build) {

  /**
   * The broker's plain port and its own user; the queues are {@code queue.to} and {@code .from}.
   */
  static TestConfig of(Broker broker, String queue) {
    return of(broker.host(), broker.port(), queue)
        .withVhost(broker.vhost())
        .withUser(broker.user(), broker.password())
        .withDeadLetterQueue(queue + ".to.dead");
  }

  /** A broker that need not be there; what is refused goes nowhere. */
  static TestConfig of(String host, int port, String queue) {
    return new TestConfig(new AmqpConfig(Configuration.DEFAULTS))
        .at(host, port)
        .with(AmqpKeys.TLS, false)
        .withUser("user", "s3cret")
        .with(AmqpKeys.QUEUE_TO_WS, queue + ".to")
        .with(AmqpKeys.QUEUE_FROM_WS, queue + ".from")
        .withoutDeadLetterQueue();
  }

  private <T> TestConfig with(Key<T> key, T value) {
    return new TestConfig(build.with(key, value));
  }

  TestConfig at(String host, int port) {
    return with(AmqpKeys.HOST, host).with(AmqpKeys.PORT, port);
  }

  TestConfig withTls(TlsFiles files) {
    TlsFileKeys keys = AmqpKeys.TLS_FILES;
    return with(AmqpKeys.TLS, true)
        .with(keys.caFile(), files.caFile())
        .with(keys.clientCertFile(), files.clientCertFile())
        .with(keys.clientKeyFile(), files.clientKeyFile());
  }

  private TestConfig with(Key<Path> key, Optional<Path> file) {
    return file.map(path -> with(key, path)).orElse(this);
  }

  TestConfig withVhost(String vhost) {
    return with(AmqpKeys.VHOST, vhost);
  }

  TestConfig withUser(String user, String password) {
    return new TestConfig(build.withLogin(user, new Secret(password)));
  }

  TestConfig withPrefetch(int prefetch) {
    return with(AmqpKeys.PREFETCH, prefetch);
  }

  TestConfig withQueueType(AmqpConfig.QueueType type) {
    return with(AmqpKeys.QUEUE_TYPE, type);
  }

  TestConfig withDeadLetterQueue(String queue) {
    return with(AmqpKeys.QUEUE_DEAD_LETTER, Optional.of(queue));
  }

  TestConfig withoutDeadLetterQueue() {
    return with(AmqpKeys.QUEUE_DEAD_LETTER, Optional.empty());
  }

  TestConfig transientMessages() {
    return with(AmqpKeys.PERSISTENT, false);
  }

  TestConfig withHeartbeat(Duration heartbeat) {
    return with(AmqpKeys.HEARTBEAT, heartbeat);
  }

  TestConfig withMaxRedeliveries(OptionalInt most) {
    return with(AmqpKeys.MAX_REDELIVERIES, most);
  }
}
