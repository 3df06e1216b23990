package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.FaultProxy;

/** What the AMQP bus does on every broker, beyond the contracts of source and sink. */
@Timeout(90)
abstract class AmqpOnABroker {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Rejection REJECTION =
      new Rejection(
          Rejection.Reason.TOO_LARGE,
          "the message has 20 bytes, the most that can be sent is 10",
          OptionalInt.of(1009),
          5,
          Instant.parse("2026-02-03T04:05:06Z"));

  private TestConfig config;
  private OtherSide other;
  private String to;
  private String from;
  private String dead;
  private String address;

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

  TestConfig config() {
    return config;
  }

  OtherSide other() {
    return other;
  }

  String address() {
    return address;
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
      connection.sink().send(unknown("before"));
      assertThat(confirmations.await(1)).isEqualTo(1);
      other.channel().queueDelete(from);
      connection.sink().send(unknown("after"));

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
      connection.sink().send(unknown("again"));
      assertThat(other.take(from).getBody()).isEqualTo("again".getBytes(UTF_8));
    }
  }

  @Test
  void publishesTransientMessagesWhenToldSo() throws Exception {
    try (BusConnection connection = bus(config.transientMessages()).connect(new RecordedLosses())) {
      connection.sink().start(new RecordedConfirmations());
      connection.sink().send(unknown("text"));
      connection.sink().send(Message.of(new byte[] {(byte) 0xff}, Message.Form.UNKNOWN));

      BasicProperties text = other.take(from).getProperties();
      BasicProperties binary = other.take(from).getProperties();

      assertThat(text.getDeliveryMode()).isEqualTo(1);
      assertThat(text.getContentType()).isEqualTo("text/plain");
      assertThat(text.getExpiration()).isEqualTo("300000");
      assertThat(binary.getContentType()).isEqualTo("application/octet-stream");
    }
  }

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
    try (BusConnection connection = bus(config).connect(losses)) {
      connection.source().start(first);
      assertThat(first.await(8)).hasSize(8);
      begun = System.nanoTime();
      connection.source().stop();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      assertThat(first.count()).isEqualTo(8);
      first.await(8).getLast().acceptThrough();

      connection.source().start(second);
      assertThat(second.await(8)).hasSize(8);
      begun = System.nanoTime();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertThat(losses.count()).isZero();
    assertThat(other.takeAll(to, 32)).hasSize(32);
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
      connection.sink().send(unknown("before"));
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

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(12));
      assertThat(publisher.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(confirmations.confirmed()).isEqualTo(1);
    assertThat(losses.count()).isZero();
  }

  /** With a bound of 8 MiB. */
  static AmqpBus bus(TestConfig config) {
    return new AmqpBus(
        config.build(), new AmqpBus.Tuning(8L << 20, Duration.ofSeconds(3), Duration.ofMillis(50)));
  }

  static BusException refused(TestConfig config) {
    return catchThrowableOfType(
        BusException.class, () -> bus(config).connect(new RecordedLosses()));
  }

  static Message unknown(String body) {
    return Message.of(body.getBytes(UTF_8), Message.Form.UNKNOWN);
  }
}
