package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.bus.Rejection;

/** What becomes of deliveries on every broker: dead letters, and the bound in bytes. */
abstract class DeliveriesOnABroker extends BrokerTest {
  static final Rejection REJECTION =
      new Rejection(
          Rejection.Reason.TOO_LARGE,
          "the message has 20 bytes, the most that can be sent is 10",
          Map.of("close-code", 1009),
          5,
          Instant.parse("2026-02-03T04:05:06Z"));

  @Test
  void movesARejectedMessageToTheDeadLetterQueueWithTheReason() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    Date sentAt = Date.from(Instant.parse("2026-01-01T00:00:00Z"));
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      other.publish(
          to,
          new BasicProperties.Builder()
              .contentType("text/plain")
              .messageId("id-1")
              .correlationId("order-7")
              .timestamp(sentAt)
              .deliveryMode(2)
              .expiration("600000")
              .headers(Map.of("own", "header"))
              .build(),
          "poison".getBytes(UTF_8));
      connection.source().start(deliveries);
      other.declare(dead);
      deliveries.await(1).getFirst().reject(REJECTION);

      com.rabbitmq.client.Delivery letter = other.take(dead);

      assertThat(letter.getBody()).isEqualTo("poison".getBytes(UTF_8));
      BasicProperties properties = letter.getProperties();
      assertThat(properties.getContentType()).isEqualTo("text/plain");
      assertThat(properties.getMessageId()).isEqualTo("id-1");
      assertThat(properties.getCorrelationId()).isEqualTo("order-7");
      assertThat(properties.getTimestamp()).isEqualTo(sentAt);
      assertThat(properties.getDeliveryMode()).isEqualTo(2);
      assertThat(properties.getExpiration()).isNull();
      Map<String, Object> headers = new HashMap<>();
      properties.getHeaders().forEach((key, value) -> headers.put(key, Headers.plain(value)));
      assertThat(headers)
          .containsOnly(
              Map.entry("own", "header"),
              Map.entry("x-mbb-first-death-reason", "too-large"),
              Map.entry("x-mbb-first-death-queue", to),
              Map.entry("x-mbb-first-death-exchange", ""),
              Map.entry(
                  "x-mbb-death",
                  List.of(
                      Map.of(
                          "reason",
                          "too-large",
                          "count",
                          5L,
                          "queue",
                          to,
                          "time",
                          Date.from(REJECTION.time()),
                          "detail",
                          REJECTION.detail(),
                          "close-code",
                          1009,
                          "exchange",
                          "",
                          "routing-keys",
                          List.of(to),
                          "original-expiration",
                          "600000"))));
    }
    assertThat(broker().depth(to)).as("left behind").isZero();
  }

  @Test
  void acceptsNothingThatIsNotSafeInTheDeadLetterQueueYet() throws Exception {
    assumeTrue(hasQueuesThatRefuse(), "a queue that can refuse");
    other.declare(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    other.publish(dead, "full");
    other.publish(other.declare(to), "1", "2", "3", "4");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      List<Delivery> four = deliveries.await(4);
      four.get(0).acceptThrough();
      four.get(1).reject(REJECTION);
      four.get(3).acceptThrough();
    }
    assertThat(other.takeAll(to, 1)).containsExactly("2");
    assertThat(other.takeAll(dead, 1)).containsExactly("full");
  }

  @Test
  void givesNothingBackThatIsOnItsWayToTheDeadLetterQueue() throws Exception {
    assumeTrue(hasQueuesThatRefuse(), "a queue that can refuse");
    other.declare(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    other.publish(dead, "full");
    other.publish(other.declare(to), "1", "2", "3");
    RecordedDeliveries first = new RecordedDeliveries();
    RecordedDeliveries second = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(first);
      first.await(3).get(1).reject(REJECTION);

      assertThat(connection.source().giveBack()).isEqualTo(2);
      connection.source().start(second);

      assertThat(second.messages(2)).containsExactly(unknown("1"), unknown("3"));
      second.await(2).getLast().acceptThrough();
      assertThat(other.take(dead).getBody()).isEqualTo("full".getBytes(UTF_8));
      assertThat(other.take(dead).getBody()).isEqualTo("2".getBytes(UTF_8));
    }
    assertThat(second.count()).isEqualTo(2);
    assertThat(broker().depth(to)).isZero();
  }

  @Test
  void triesAgainWhenTheDeadLetterQueueTakesNothing() throws Exception {
    assumeTrue(hasQueuesThatRefuse(), "a queue that can refuse");
    other.declare(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    other.publish(dead, "full");
    other.publish(other.declare(to), "poison", "good");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      List<Delivery> both = deliveries.await(2);
      both.get(0).reject(REJECTION);
      both.get(1).acceptThrough();

      assertThat(other.take(dead).getBody()).isEqualTo("full".getBytes(UTF_8));
      assertThat(other.take(dead).getBody()).isEqualTo("poison".getBytes(UTF_8));
    }
    assertThat(broker().depth(to)).isZero();
  }

  @Test
  void dropsARejectedMessageWhenThereIsNoDeadLetterQueue() throws Exception {
    assumeTrue(dropsWhatIsRejected(), "a broker that drops what is rejected");
    other.publish(other.declare(to), "1", "2", "3");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection =
        bus(config.withoutDeadLetterQueue()).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      List<Delivery> three = deliveries.await(3);
      three.get(1).reject(REJECTION);
    }
    assertThat(other.takeAll(to, 2)).containsExactly("1", "3");
  }

  @Test
  void handsOutNoMoreBytesThanItMayAndGoesOnWhenTheyAreSettled() throws Exception {
    int mib = 1 << 20;
    other.declare(to);
    for (int n = 0; n < 100; n++) {
      byte[] body = new byte[mib];
      body[0] = (byte) n;
      other.publish(to, new BasicProperties(), body);
    }
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      for (int settled = 0; settled < 100; settled++) {
        List<Delivery> soFar = deliveries.await(settled + 1);
        assertThat(soFar.size() - settled).as("unsettled, of 1 MiB each").isBetween(1, 8);
        assertThat(soFar.get(settled).message().body()[0]).isEqualTo((byte) settled);
        soFar.get(settled).acceptThrough();
      }
      assertThat(deliveries.count()).isEqualTo(100);
    }
    assertThat(broker().depth(to)).isZero();
  }

  @Test
  void leavesInTheQueueWhatItHasNoRoomForUntilThereIs() throws Exception {
    int mib = 1 << 20;
    other.declare(to);
    for (int n = 0; n < 60; n++) {
      byte[] body = new byte[mib];
      body[0] = (byte) n;
      other.publish(to, new BasicProperties(), body);
    }
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus(config, Duration.ofMillis(100)).connect(losses)) {
      connection.source().start(deliveries);
      assertThat(deliveries.await(8)).hasSize(8);
      awaitDepth(to, 52);

      for (int settled = 0; settled < 60; settled++) {
        List<Delivery> soFar = deliveries.await(settled + 1);
        assertThat(soFar.size() - settled).as("unsettled, of 1 MiB each").isBetween(1, 8);
        assertThat(soFar.get(settled).message().body()[0]).isEqualTo((byte) settled);
        soFar.get(settled).acceptThrough();
      }
      awaitDepth(to, 0);
      assertThat(deliveries.count()).isEqualTo(60);

      // small ones again: the prefetch rises to what it was
      for (int n = 60; n < 60 + 500; n++) {
        other.channel().basicPublish("", to, new BasicProperties(), new byte[] {(byte) n});
      }
      other.channel().waitForConfirmsOrDie(60_000);
      List<Delivery> all = deliveries.await(560);
      assertThat(all).hasSize(560);
      for (int n = 60; n < 560; n++) {
        assertThat(all.get(n).message().body()).containsExactly((byte) n);
      }
      all.getLast().acceptThrough();
    }
    assertThat(losses.count()).isZero();
    assertThat(broker().depth(to)).isZero();
  }

  @Test
  void stopsAndClosesWhileItWaitsForRoom() throws Exception {
    int mib = 1 << 20;
    other.declare(to);
    for (int n = 0; n < 40; n++) {
      other.publish(to, new BasicProperties(), new byte[mib]);
    }
    RecordedDeliveries first = new RecordedDeliveries();
    RecordedDeliveries second = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    long begun;
    try (BusConnection connection = bus(config, Duration.ofMinutes(5)).connect(losses)) {
      connection.source().start(first);
      assertThat(first.await(8)).hasSize(8);
      // More is on its way than there is room for, ahead of the answer to cancel. How much, the
      // sockets' buffers decide.
      awaitDepthOfAtMost(to, 30);
      begun = System.nanoTime();
      connection.source().stop();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
      assertThat(first.count()).isEqualTo(8);
      first.await(8).getLast().acceptThrough();

      connection.source().start(second);
      assertThat(second.await(8)).hasSize(8);
      awaitDepthOfAtMost(to, 22);
      begun = System.nanoTime();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
    assertThat(losses.count()).isZero();
    assertThat(other.takeAll(to, 32)).hasSize(32);
  }
}
