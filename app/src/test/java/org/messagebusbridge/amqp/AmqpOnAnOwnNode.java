package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.sandbox.RabbitExtras;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

/** What takes a RabbitMQ of one's own: small limits, an alarm, a node that stops or dies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class AmqpOnAnOwnNode {
  private final RabbitVersion version;
  private RabbitNode node;

  AmqpOnAnOwnNode(RabbitVersion version) {
    this.version = version;
  }

  @BeforeAll
  void start() {
    Needs.rabbit(version);
    node =
        RabbitNode.start(
            version,
            RabbitExtras.NONE
                .withConfig("max_message_size = 1048576")
                .withConfig("consumer_timeout = 2000"));
  }

  @AfterAll
  void close() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void remembersHowLargeAMessageTheBrokerTakes() throws Exception {
    TestConfig config = TestConfig.of(node, "large");
    AmqpBus bus = BrokerTest.bus(config);
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus.connect(losses)) {
      connection.sink().start(confirmations);
      assertThat(connection.sink().maxMessageBytes()).isEqualTo(Long.MAX_VALUE);
      BrokerTest.send(connection, Message.of(new byte[1 << 20], Message.Form.BINARY));
      assertThat(confirmations.await(1)).isEqualTo(1);
      BrokerTest.send(connection, Message.of(new byte[(1 << 20) + 1], Message.Form.BINARY));

      BusException lost = losses.await().orElseThrow();

      assertThat(lost.kind()).isEqualTo(Kind.MESSAGE_REFUSED);
      assertThat(lost.sentence())
          .isEqualTo(
              "The broker at %s refused a message as too large (1048577 bytes, it takes 1048576 at"
                  + " most); send smaller ones, or raise its max_message_size.",
              config.build().address());
    }
    assertThat(losses.count()).isEqualTo(1);
    assertThat(confirmations.confirmed()).isEqualTo(1);
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      assertThat(connection.sink().maxMessageBytes()).isEqualTo(1 << 20);
    }
  }

  @Test
  void saysThatTheBrokerTookBackWhatWasHeldForTooLong() throws Exception {
    assumeTrue(
        version != RabbitVersion.V4_3,
        "a RabbitMQ that applies consumer_timeout to classic queues, as those before 4.3 do");
    TestConfig config = TestConfig.of(node, "slow");
    node.ctl("eval", "application:set_env(rabbit, channel_tick_interval, 500).");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    try (OtherSide other = new OtherSide(node);
        BusConnection connection = BrokerTest.bus(config).connect(losses)) {
      connection.source().start(deliveries);
      other.publish(config.build().queueToWs(), "held");
      assertThat(deliveries.await(1)).hasSize(1);

      BusException lost = losses.await().orElseThrow();

      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .startsWith(
              "The broker at "
                  + config.build().address()
                  + " took back messages that were unacknowledged for too long (")
          .endsWith("); raise its consumer_timeout if the WebSocket API is that slow.")
          .doesNotContain("\n");
      assertThat(deliveries.await(1).getFirst().revoked()).isTrue();
    }
    assertThat(losses.count()).isEqualTo(1);
  }

  @Test
  void acknowledgesInAnAlarmAndPublishesWhenItIsOver() throws Exception {
    TestConfig config = TestConfig.of(node, "alarm");
    String to = config.build().queueToWs();
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    AtomicInteger alarms = new AtomicInteger();
    LogSetup.watch(event -> alarms.addAndGet(event.logger().equals(Alarm.class.getName()) ? 1 : 0));
    try (OtherSide other = new OtherSide(node);
        BusConnection connection = BrokerTest.bus(config).connect(losses)) {
      connection.sink().start(confirmations);
      BrokerTest.send(connection, BrokerTest.unknown("before"));
      assertThat(confirmations.await(1)).isEqualTo(1);
      other.publish(to, "1", "2");

      node.setMemoryAlarm(true);
      connection.source().start(deliveries);
      BrokerTest.send(connection, BrokerTest.unknown("in alarm"));
      deliveries.await(2).getLast().acceptThrough();
      connection.source().stop();
      assertThat(node.depth(to)).isZero();
      assertThat(confirmations.confirmed()).isEqualTo(1);
      awaitAlarms(alarms, 1);

      node.setMemoryAlarm(false);
      assertThat(confirmations.await(2)).isEqualTo(2);

      node.setMemoryAlarm(true);
      BrokerTest.send(connection, BrokerTest.unknown("in the next alarm"));
      awaitAlarms(alarms, 2); // the first one was over
      node.setMemoryAlarm(false);
      assertThat(confirmations.await(3)).isEqualTo(3);
    } finally {
      LogSetup.watch(event -> {});
    }
    assertThat(losses.count()).isZero();
  }

  @Test
  void losesNothingWhenTheNodeIsKilled() throws Exception {
    TestConfig config = TestConfig.of(node, "killed");
    AmqpBus bus = BrokerTest.bus(config);
    String to = config.build().queueToWs();
    RecordedDeliveries before = new RecordedDeliveries();
    RecordedDeliveries after = new RecordedDeliveries();
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus.connect(losses)) {
      node.saveDeclarations();
      try (OtherSide other = new OtherSide(node)) {
        BasicProperties persistent = new BasicProperties.Builder().deliveryMode(2).build();
        for (String body : List.of("1", "2", "3")) {
          other.publish(to, persistent, body.getBytes(UTF_8));
        }
      }
      connection.source().start(before);
      before.await(3);
      connection.sink().start(confirmations);
      BrokerTest.send(connection, BrokerTest.unknown("confirmed"));
      assertThat(confirmations.await(1)).isEqualTo(1);

      node.kill();

      BusException lost = losses.await().orElseThrow();
      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .startsWith("The connection to the broker at " + config.build().address() + " was cut");
    } finally {
      node.startAgain();
    }
    assertThat(losses.count()).isEqualTo(1);
    try (OtherSide other = new OtherSide(node);
        BusConnection connection = bus.connect(new RecordedLosses())) {
      connection.source().start(after);
      assertThat(after.messages(3))
          .extracting(m -> new String(m.body(), UTF_8))
          .containsExactly("1", "2", "3");
      assertThat(other.take(config.build().queueFromWs()).getBody())
          .isEqualTo("confirmed".getBytes(UTF_8));
    }
  }

  @Test
  void takesWhatADeadNodeHadOutBeforeWhatIsNewer() throws Exception {
    TestConfig config =
        TestConfig.of(node, "late").withPrefetch(3).withQueueType(AmqpConfig.QueueType.QUORUM);
    AmqpBus bus = BrokerTest.bus(config);
    RecordedDeliveries before = new RecordedDeliveries();
    RecordedDeliveries after = new RecordedDeliveries();
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      node.saveDeclarations();
      try (OtherSide other = new OtherSide(node)) {
        BasicProperties persistent = new BasicProperties.Builder().deliveryMode(2).build();
        for (String body : List.of("1", "2", "3", "4")) {
          other.publish(config.build().queueToWs(), persistent, body.getBytes(UTF_8));
        }
      }
      connection.source().start(before);
      before.await(3);
      node.kill();
    }
    CompletableFuture<Void> started = CompletableFuture.runAsync(node::startAgain);
    try (BusConnection connection = connectAtOnce(bus)) {
      connection.source().start(after);
      assertThat(after.messages(3))
          .extracting(m -> new String(m.body(), UTF_8))
          .containsExactly("1", "2", "3");
    }
    started.join();
  }

  /** As soon as the broker listens, when it has not noticed everything yet. */
  private static BusConnection connectAtOnce(AmqpBus bus) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      try {
        return bus.connect(new RecordedLosses());
      } catch (BusException e) {
        assertThat(System.nanoTime()).as(e.sentence()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void saysThatTheBrokerIsStopping() throws Exception {
    TestConfig config = TestConfig.of(node, "stopped");
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = BrokerTest.bus(config).connect(losses)) {
      connection.source().start(new RecordedDeliveries());
      node.stop();

      BusException lost = losses.await().orElseThrow();

      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .isEqualTo(
              "The broker at %s closed the connection: it is stopping, or an operator did so"
                  + " (broker forced connection closure with reason 'shutdown').",
              config.build().address());
    } finally {
      node.startAgain();
    }
    assertThat(losses.count()).isEqualTo(1);
  }

  private static void awaitAlarms(AtomicInteger warned, int expected) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (warned.get() < expected) {
      assertThat(System.nanoTime()).as("waited for alarm " + expected).isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(warned).hasValue(expected);
  }
}
