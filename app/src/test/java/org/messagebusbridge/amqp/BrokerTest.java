package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.sandbox.Broker;

/** A test on a broker, with queues of its own and another client beside the bus. */
@Timeout(180)
abstract class BrokerTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  TestConfig config;
  OtherSide other;
  String to;
  String from;
  String dead;
  String address;

  abstract Broker broker();

  /** Whether the broker tells a consumer that its queue was deleted. */
  boolean tellsOfDeletedQueues() {
    return true;
  }

  /** Whether a message that is rejected without requeue is gone. */
  boolean dropsWhatIsRejected() {
    return true;
  }

  /** Whether a queue can refuse what is published to it ({@code x-overflow}). */
  boolean hasQueuesThatRefuse() {
    return true;
  }

  @BeforeEach
  void prepare() throws Exception {
    config = TestConfig.of(broker(), "own-" + NUMBER.incrementAndGet());
    to = config.build().queueToWs();
    from = config.build().queueFromWs();
    dead = config.build().deadLetterQueue().orElseThrow();
    address = config.build().address();
    other = new OtherSide(broker());
  }

  @AfterEach
  void tidy() throws Exception {
    try (OtherSide last = new OtherSide(broker())) {
      for (String queue : List.of(to, from, dead)) {
        last.deleteIfPresent(queue);
      }
    } finally {
      other.close();
    }
  }

  final void awaitDepth(String queue, long expected) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (broker().depth(queue) != expected) {
      assertThat(System.nanoTime()).as("waited for depth " + expected).isLessThan(deadline);
    }
  }

  final void awaitDepthOfAtMost(String queue, long most) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (broker().depth(queue) > most) {
      assertThat(System.nanoTime()).as("waited for a depth of " + most).isLessThan(deadline);
    }
  }

  /** With a bound of 8 MiB. */
  static AmqpBus bus(TestConfig config) {
    return bus(config, Duration.ofSeconds(10));
  }

  static AmqpBus bus(TestConfig config, Duration patience) {
    return bus(config, patience, Runtime.getRuntime().maxMemory() / 4);
  }

  static AmqpBus bus(TestConfig config, Duration patience, long largestBody) {
    return new AmqpBus(
        config.build(),
        new AmqpBus.Tuning(
            8L << 20, patience, Duration.ofSeconds(3), Duration.ofMillis(50), largestBody));
  }

  static BusException refused(TestConfig config) {
    return catchThrowableOfType(
        BusException.class, () -> bus(config).connect(new RecordedLosses()));
  }

  static void send(BusConnection connection, Message message) {
    connection.sink().send(message);
    connection.sink().flush();
  }

  static Message unknown(String body) {
    return Message.of(body.getBytes(UTF_8), Message.Form.UNKNOWN);
  }
}
