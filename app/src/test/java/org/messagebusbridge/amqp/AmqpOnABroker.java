package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.sandbox.FaultProxy;

/** What the AMQP bus does on every broker, beyond the contracts of source and sink. */
abstract class AmqpOnABroker extends DeliveriesOnABroker {
  @Test
  void saysWhichUserWasRefused() {
    BusException refused = refused(config.withUser("nobody", "s3cret"));

    assertThat(refused.kind()).isEqualTo(Kind.UNAUTHORIZED);
    assertThat(refused.sentence())
        .isEqualTo(
            "The broker at %s refused the user nobody; check mq_user_id and mq_password.", address);
  }

  @Test
  void saysThatThereIsNoSuchVirtualHost() {
    BusException refused = refused(config.withVhost("nowhere"));

    assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(refused.sentence())
        .isEqualTo(
            "The broker at %s/nowhere has no virtual host nowhere; check mq_vhost.", address);
  }

  @Test
  void saysThatAQueueIsAnotherConnectionsOwn() throws Exception {
    other.channel().queueDeclare(to, false, true, false, Map.of());

    BusException refused = refused(config);

    other.close();
    other = new OtherSide(broker());
    assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(refused.sentence())
        .isEqualTo(
            "Queue %s at %s is exclusive to another connection; delete it, or use another queue.",
            to, address);
  }

  @Test
  void takesAQueueThatIsThereAsItIs() throws Exception {
    Map<String, Object> arguments = Map.of("x-max-length", 1_000, "x-message-ttl", 600_000);
    other.declare(to, arguments);
    other.declare(from, arguments);
    other.publish(to, "as it is");
    RecordedDeliveries deliveries = new RecordedDeliveries();

    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      deliveries.await(1).getFirst().acceptThrough();
    }

    assertThat(deliveries.messages(1)).containsExactly(unknown("as it is"));
    // declaring them once more with the same arguments is refused when they were changed
    other.declare(to, arguments);
    other.declare(from, arguments);
  }

  @Test
  void makesDurableQueuesOfWhatIsMissing() throws Exception {
    bus(config).connect(new RecordedLosses()).close();

    assertThat(other.channel().queueDeclarePassive(to).getConsumerCount()).isZero();
    other.declare(to);
    other.declare(from);
  }

  @Test
  void losesTheConnectionWhenItsQueueIsDeletedAndMakesItAgain() throws Exception {
    assumeTrue(tellsOfDeletedQueues(), "a broker that tells");
    RecordedLosses losses = new RecordedLosses();
    RecordedDeliveries again = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(losses)) {
      connection.source().start(new RecordedDeliveries());
      other.channel().queueDelete(to);

      BusException lost = losses.await().orElseThrow();

      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .isEqualTo(
              "The broker at %s cancelled the consumer of queue %s: the queue was deleted, or its"
                  + " node is down.",
              address, to);
    }
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(again);
      other.publish(to, "after");
      assertThat(again.messages(1)).containsExactly(unknown("after"));
    }
    assertThat(losses.count()).isEqualTo(1);
  }

  @Test
  void confirmsNothingThatWasPublishedToADeletedQueue() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    RecordedConfirmations confirmations = new RecordedConfirmations();
    AmqpBus bus = bus(config);
    try (BusConnection connection = bus.connect(losses)) {
      connection.sink().start(confirmations);
      send(connection, unknown("before"));
      assertThat(confirmations.await(1)).isEqualTo(1);
      other.channel().queueDelete(from);
      send(connection, unknown("after"));

      BusException lost = losses.await().orElseThrow();

      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .isEqualTo(
              "The broker at %s has no queue %s any more: it was deleted while the bridge"
                  + " published to it.",
              address, from);
    }
    assertThat(confirmations.confirmed()).isEqualTo(1);
    assertThat(losses.count()).isEqualTo(1);
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      connection.sink().start(confirmations);
      send(connection, unknown("again"));
      assertThat(other.take(from).getBody()).isEqualTo("again".getBytes(UTF_8));
    }
  }

  @Test
  void publishesTransientMessagesWhenToldSo() throws Exception {
    try (BusConnection connection = bus(config.transientMessages()).connect(new RecordedLosses())) {
      connection.sink().start(new RecordedConfirmations());
      send(connection, unknown("text"));
      send(connection, Message.of(new byte[] {(byte) 0xff}, Message.Form.UNKNOWN));

      BasicProperties text = other.take(from).getProperties();
      BasicProperties binary = other.take(from).getProperties();

      assertThat(text.getDeliveryMode()).isEqualTo(1);
      assertThat(text.getContentType()).isEqualTo("text/plain");
      assertThat(text.getExpiration()).isEqualTo("300000");
      assertThat(binary.getContentType()).isEqualTo("application/octet-stream");
    }
  }

  @Test
  void givesUpABrokerThatIsNotHeardOf() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    try (FaultProxy proxy = FaultProxy.to(broker().host(), broker().port())) {
      TestConfig impatient =
          config.at(broker().host(), proxy.port()).withHeartbeat(Duration.ofSeconds(1));
      try (BusConnection connection = bus(impatient).connect(losses)) {
        connection.source().start(new RecordedDeliveries());
        proxy.halfOpen();

        BusException lost = losses.await().orElseThrow();

        assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(lost.sentence())
            .isEqualTo(
                "The broker at %s has not been heard of for two heartbeats of 1 s; the connection"
                    + " is given up.",
                impatient.build().address());
      }
    }
    assertThat(losses.count()).isEqualTo(1);
  }

  @Test
  void closesInTimeWhileItsPublisherIsStuck() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    RecordedConfirmations confirmations = new RecordedConfirmations();
    try (FaultProxy proxy = FaultProxy.to(broker().host(), broker().port())) {
      BusConnection connection = bus(config.at(broker().host(), proxy.port())).connect(losses);
      connection.sink().start(confirmations);
      send(connection, unknown("before"));
      assertThat(confirmations.await(1)).isEqualTo(1);
      proxy.stall();
      Message large = Message.of(new byte[1 << 20], Message.Form.BINARY);
      Thread publisher =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 64; n++) {
                      connection.sink().send(large);
                    }
                  });
      long begun = System.nanoTime();
      connection.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
      assertThat(publisher.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(confirmations.confirmed()).isEqualTo(1);
    assertThat(losses.count()).isZero();
  }
}
