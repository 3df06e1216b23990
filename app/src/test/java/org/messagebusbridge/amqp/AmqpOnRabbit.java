package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.RecordedConfirmations;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.RabbitNode;

/** What the AMQP bus does on RabbitMQ: permissions, limits, TLS, queue types, operators. */
abstract class AmqpOnRabbit extends AmqpOnABroker {

  abstract RabbitNode node();

  /** The arguments of a quorum queue that the bridge made, as {@code list_queues} prints them. */
  abstract String quorumArguments();

  @Override
  final Broker broker() {
    return node();
  }

  @Test
  void saysWhichPermissionTheUserLacks() throws Exception {
    String to = config.build().queueToWs();
    String from = config.build().queueFromWs();
    TestConfig poor = config.withUser("poor", "s3cret");
    node().ctl("add_user", "poor", "s3cret");
    try {
      BusException noVhost = refused(poor);
      assertThat(noVhost.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(noVhost.sentence())
          .isEqualTo(
              "The broker at %s refused the user poor the virtual host /; check mq_vhost, or grant"
                  + " the user permissions there.",
              address);

      node().ctl("set_permissions", "poor", "^$", "^$", "^$");
      BusException noConfigure = refused(poor);
      assertThat(noConfigure.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(noConfigure.sentence())
          .isEqualTo(
              "The user poor may not create queue %s at %s; grant it the configure permission.",
              to, address);

      other.declare(to);
      other.declare(from);
      other.publish(to, "stays");
      node().ctl("set_permissions", "poor", "^$", ".*", "^$");
      BusException noRead = refused(poor);
      assertThat(noRead.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(noRead.sentence())
          .isEqualTo(
              "The user poor may not consume queue %s at %s; grant it the read permission.",
              to, address);

      node().ctl("set_permissions", "poor", "^$", "^$", ".*");
      assertNoWrite(refused(poor));
      com.rabbitmq.client.Delivery left = other.take(to);
      assertThat(left.getBody()).isEqualTo("stays".getBytes(UTF_8));
      assertThat(left.getEnvelope().isRedeliver()).as("taken by one that was refused").isFalse();
    } finally {
      node().ctl("delete_user", "poor");
    }
  }

  private void assertNoWrite(BusException noWrite) {
    assertThat(noWrite.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(noWrite.sentence())
        .startsWith("The broker at " + address + " refused the user poor a permission (")
        .contains("access to exchange 'amq.default' in vhost '/' refused for user 'poor'")
        .endsWith("); grant it configure, write (also on the exchange amq.default) and read.");
  }

  @Test
  void aPublishThatIsRefusedIsToldAndNothingIsConsumedUntilItIsAllowed() throws Exception {
    TestConfig poor = config.withUser("poor", "s3cret");
    other.declare(to, Map.of("x-queue-type", "quorum"));
    other.declare(from);
    other.publish(to, "1", "2", "3");
    node().ctl("add_user", "poor", "s3cret");
    try {
      node().ctl("set_permissions", "poor", ".*", ".*", ".*");
      AmqpBus bus = bus(poor);
      RecordedConfirmations confirmations = new RecordedConfirmations();
      RecordedLosses losses = new RecordedLosses();
      RecordedDeliveries deliveries = new RecordedDeliveries();
      try (BusConnection connection = bus.connect(losses)) {
        connection.source().start(deliveries);
        deliveries.await(3);
        connection.sink().start(confirmations);
        node().ctl("set_permissions", "poor", ".*", "^$", ".*");
        send(connection, unknown("refused"));

        assertNoWrite(losses.await().orElseThrow());
      }
      assertThat(losses.count()).isEqualTo(1);
      assertThat(confirmations.confirmed()).isZero();

      for (int n = 0; n < 25; n++) {
        assertNoWrite(
            catchThrowableOfType(BusException.class, () -> bus.connect(new RecordedLosses())));
      }

      node().ctl("set_permissions", "poor", ".*", ".*", ".*");
      RecordedDeliveries again = new RecordedDeliveries();
      try (BusConnection connection = bus.connect(losses)) {
        connection.source().start(again);
        assertThat(again.messages(3))
            .containsExactlyInAnyOrder(unknown("1"), unknown("2"), unknown("3"));
        again.await(3).getLast().acceptThrough();
      }
    } finally {
      node().ctl("delete_user", "poor");
    }
    awaitDepth(to, 0);
  }

  @Test
  void refusesAStreamBeforeItConsumesIt() throws Exception {
    for (boolean empty : new boolean[] {true, false}) {
      other.declare(to, Map.of("x-queue-type", "stream", "x-max-length-bytes", 1_000_000));
      if (!empty) {
        other.publish(to, "came before");
      }

      BusException refused = refused(config);

      assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(refused.sentence())
          .isEqualTo(
              "Queue %s at %s is a stream, which keeps its messages and gives a consumer none that"
                  + " came before; name a classic or quorum queue in mq_qname_to_ws.",
              to, address);
      other.deleteIfPresent(to);
    }
  }

  /** As large as RabbitMQ takes them; what it adds itself makes their frame larger than agreed. */
  @Test
  void handsOutAMessageWhoseHeadersTheBrokerMadeLargerThanAFrame() throws Exception {
    other.declare(to, Map.of("x-queue-type", "quorum"));
    other.declare(dead);
    String dying = to + ".dying";
    other.declare(dying, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", to));
    try {
      BasicProperties large =
          new BasicProperties.Builder()
              .headers(Map.of("large", "x".repeat(131_030 - 10)))
              .deliveryMode(2)
              .build();
      other.publish(dying, large, "died before".getBytes(UTF_8));
      GetResponse got = other.channel().basicGet(dying, false);
      other.channel().basicReject(got.getEnvelope().getDeliveryTag(), false);
      awaitDepth(to, 1);
      other.publish(to, large, "large".getBytes(UTF_8));
      other.publish(to, "small");
      RecordedLosses losses = new RecordedLosses();
      for (int n = 0; n < 3; n++) {
        RecordedDeliveries deliveries = new RecordedDeliveries();
        try (BusConnection connection = bus(config).connect(losses)) {
          connection.source().start(deliveries);
          assertThat(deliveries.await(3))
              .extracting(d -> new String(d.message().body(), UTF_8))
              .containsExactlyInAnyOrder("died before", "large", "small");
          if (n == 2) {
            for (Delivery delivery : deliveries.await(3)) {
              delivery.reject(REJECTION);
            }
            assertThat(other.takeAll(dead, 3))
                .containsExactlyInAnyOrder("died before", "large", "small");
          }
        }
      }
      assertThat(losses.count()).isZero();
      awaitDepth(to, 0);
    } finally {
      other.deleteIfPresent(dying);
    }
  }

  @Test
  void aDeadLetterWhoseHeadersDoNotFitGoesWithOursAlone() throws Exception {
    other.publish(
        other.declare(to),
        new BasicProperties.Builder()
            .messageId("id-1")
            .headers(Map.of("large", "x".repeat(130_800)))
            .build(),
        "large headers".getBytes(UTF_8));
    other.publish(to, "next");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    other.declare(dead);
    AmqpBus bus = bus(config);
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      for (Delivery delivery : deliveries.await(2)) {
        delivery.reject(REJECTION);
      }
      com.rabbitmq.client.Delivery letter = other.take(dead);

      assertThat(letter.getBody()).isEqualTo("large headers".getBytes(UTF_8));
      assertThat(letter.getProperties().getMessageId()).isEqualTo("id-1");
      assertThat(letter.getProperties().getHeaders())
          .containsOnlyKeys(
              "x-mbb-death",
              "x-mbb-first-death-reason",
              "x-mbb-first-death-queue",
              "x-mbb-first-death-exchange");
      assertThat(letter.getProperties().getHeaders().toString()).contains("headers-bytes=130811");
      assertThat(other.take(dead).getBody()).isEqualTo("next".getBytes(UTF_8));
      assertThat(bus.trouble()).isEmpty();
    }
    awaitDepth(to, 0);
  }

  @Test
  void keepsTheBeginningOfABodyThatDoesNotFitAndHandsOutWhatIsBehindIt() throws Exception {
    int mib = 1 << 20;
    other.declare(to);
    other.declare(dead);
    byte[] large = new byte[9 * mib];
    Arrays.fill(large, (byte) 7);
    other.publish(to, new BasicProperties(), large);
    byte[] fits = new byte[4 * mib];
    Arrays.fill(fits, (byte) 8);
    other.publish(to, new BasicProperties(), fits);
    other.publish(to, new BasicProperties(), large);
    other.publish(to, "small");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection =
        bus(config, Duration.ofSeconds(10), fits.length).connect(losses)) {
      connection.source().start(deliveries);

      assertThat(deliveries.messages(2))
          .containsExactly(Message.of(fits, Message.Form.UNKNOWN), unknown("small"));
      deliveries.await(2).getLast().acceptThrough();
      for (com.rabbitmq.client.Delivery letter : other.take(dead, 2)) {
        assertThat(letter.getBody()).isEqualTo(Arrays.copyOf(large, 64 << 10));
        assertThat(letter.getProperties().getHeaders().toString())
            .contains("reason=too-large", "body-bytes=" + 9 * mib);
      }
    }
    assertThat(losses.count()).isZero();
    awaitDepth(to, 0);
  }

  @Test
  void aDeadLetterThatIsStuckHoldsUpNothingElseAndIsSaid() throws Exception {
    other.declare(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    other.publish(dead, "full");
    other.declare(to);
    other.publish(to, "bad", "good", "bad too", "good too");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    AmqpBus bus = bus(config);
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      List<Delivery> handedOut = deliveries.await(4);
      handedOut.get(0).reject(REJECTION);
      handedOut.get(1).acceptThrough();
      handedOut.get(2).reject(REJECTION);
      handedOut.get(3).acceptThrough();
      awaitTrouble(bus, said -> said.contains("2 of the messages"));
      assertThat(bus.trouble().orElseThrow())
          .contains("dead letter queue " + dead, "is it full?", "see to that queue");

      List<String> letters = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        letters.add(new String(other.take(dead).getBody(), UTF_8));
      }
      assertThat(letters).startsWith("full").containsExactlyInAnyOrder("full", "bad", "bad too");
      awaitTrouble(bus, String::isEmpty);
    }
    awaitDepth(to, 0);
  }

  private static void awaitTrouble(AmqpBus bus, Predicate<String> said) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!said.test(bus.trouble().orElse(""))) {
      assertThat(System.nanoTime()).as("%s", bus.trouble()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aDeadLetterThatIsLargerThanTheBrokerTakesNowGoesWithItsBeginning() throws Exception {
    byte[] body = new byte[200_000];
    Arrays.fill(body, (byte) 5);
    other.publish(other.declare(to), new BasicProperties(), body);
    other.declare(dead);
    String before =
        node().ctl("eval", "{ok, M} = application:get_env(rabbit, max_message_size), M.").strip();
    limitMessages("100000");
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      RecordedDeliveries deliveries = new RecordedDeliveries();
      connection.source().start(deliveries);
      deliveries.await(1).getFirst().reject(REJECTION);

      com.rabbitmq.client.Delivery letter = other.take(dead);
      assertThat(letter.getBody()).isEqualTo(Arrays.copyOf(body, 64 << 10));
      assertThat(letter.getProperties().getHeaders().toString()).contains("body-bytes=200000");
    } finally {
      limitMessages(before);
    }
    awaitDepth(to, 0);
  }

  /** RabbitMQ up to 3.10 reads the one, later ones the other. */
  private void limitMessages(String bytes) {
    node()
        .ctl(
            "eval",
            "application:set_env(rabbit, max_message_size, %s), persistent_term:put(max_message_size, %s)."
                .formatted(bytes, bytes));
  }

  @Test
  void saysThatTheBrokerAllowsTooFewChannels() throws Exception {
    String before =
        node().ctl("eval", "{ok, M} = application:get_env(rabbit, channel_max), M.").strip();
    node().ctl("eval", "application:set_env(rabbit, channel_max, 1).");
    try {
      assertThat(refused(config).sentence()).contains(address, "channel_max");
    } finally {
      node().ctl("eval", "application:set_env(rabbit, channel_max, " + before + ").");
    }
  }

  @Test
  void aCountThatAPublisherWroteMovesNothing() throws Exception {
    for (String type : List.of("classic", "quorum")) {
      other.declare(to, Map.of("x-queue-type", type));
      other.publish(
          to,
          new BasicProperties.Builder().headers(Map.of("x-delivery-count", 99L)).build(),
          "forged".getBytes(UTF_8));
      RecordedDeliveries deliveries = new RecordedDeliveries();
      try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
        connection.source().start(deliveries);
        for (int n = 1; n <= 5; n++) {
          assertThat(deliveries.await(n)).hasSize(n);
          giveBackAndGoOn(connection, deliveries);
        }
        deliveries.await(6).getLast().acceptThrough();
      }
      assertThat(deliveries.messages(6)).as(type).hasSize(6).containsOnly(unknown("forged"));
      awaitDepth(to, 0);
      other.deleteIfPresent(to);
    }
  }

  @Test
  void saysThatTheBrokerTakesNoMoreConnections() {
    node().ctl("add_vhost", "small");
    try {
      node().ctl("set_permissions", "-p", "small", broker().user(), ".*", ".*", ".*");
      node().ctl("set_vhost_limits", "-p", "small", "{\"max-connections\": 0}");

      BusException refused = refused(config.withVhost("small"));

      assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(refused.sentence())
          .startsWith("The broker at " + address + "/small takes no more connections (")
          .contains("connection limit (0) is reached")
          .endsWith("); close others or raise its limit.");
    } finally {
      node().ctl("delete_vhost", "small");
    }
  }

  @Test
  void saysThatAnOperatorClosedTheConnection() throws Exception {
    node().ctl("add_vhost", "operated");
    try {
      node().ctl("set_permissions", "-p", "operated", broker().user(), ".*", ".*", ".*");
      RecordedLosses losses = new RecordedLosses();
      try (BusConnection connection = bus(config.withVhost("operated")).connect(losses)) {
        connection.source().start(new RecordedDeliveries());

        node().ctl("close_all_connections", "--vhost", "operated", "maintenance");

        BusException lost = losses.await().orElseThrow();
        assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(lost.sentence())
            .isEqualTo(
                "The broker at %s/operated closed the connection: it is stopping, or an operator"
                    + " did so (maintenance).",
                address);
      }
      assertThat(losses.count()).isEqualTo(1);
    } finally {
      node().ctl("delete_vhost", "operated");
    }
  }

  @Test
  void saysThatAQueueHasAnExclusiveConsumer() throws Exception {
    String to = config.build().queueToWs();
    other.declare(to);
    other
        .channel()
        .basicConsume(to, false, "", false, true, Map.of(), (tag, delivery) -> {}, tag -> {});
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus(config).connect(losses)) {

      BusException refused =
          catchThrowableOfType(
              BusException.class, () -> connection.source().start(new RecordedDeliveries()));

      assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(refused.sentence())
          .isEqualTo(
              "Queue %s at %s has an exclusive consumer; stop that, or use another queue.",
              to, address);
    }
  }

  @Test
  void makesAQuorumQueueThatNeverDropsAMessageForItsDeliveries() throws Exception {
    bus(config.withQueueType(QueueType.QUORUM)).connect(new RecordedLosses()).close();

    assertThat(arguments(config.build().queueToWs())).isEqualTo(quorumArguments());
    assertThat(arguments(config.build().queueFromWs())).isEqualTo(quorumArguments());
  }

  @Test
  void makesAClassicQueueWhenToldSo() throws Exception {
    bus(config.withQueueType(QueueType.CLASSIC)).connect(new RecordedLosses()).close();

    assertThat(arguments(config.build().queueToWs())).isEqualTo("[{\"x-queue-type\",\"classic\"}]");
  }

  @Test
  void doesNotTrustACertificateOfAnUnknownAuthority() {
    int port = node().tlsPort().orElseThrow();

    BusException refused = refused(config.at("localhost", port).withTls(TlsFiles.NONE));

    assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(refused.sentence())
        .isEqualTo(
            "The certificate of localhost:%d (CN=localhost) was issued by CN=MessageBusBridge"
                + " sandbox CA, which is not trusted here; if you trust it, set mq_ca_file to a"
                + " PEM file with that authority's certificate.",
            port);
  }

  @Test
  void saysThatThePlainPortDoesNotSpeakTls() {
    BusException refused = refused(config.withTls(AmqpFixture.files(broker())));

    assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(refused.sentence())
        .isEqualTo(
            "localhost:%d does not speak TLS on this port; correct mq_port (TLS is 5671 as a"
                + " rule), or set mq_tls=false if it is meant to be plain.",
            node().port());
  }

  @Test
  void saysThatTheTlsPortDoesNotAnswerInAmqp() {
    int port = node().tlsPort().orElseThrow();

    BusException refused = refused(config.at("localhost", port));

    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused.sentence())
        .isEqualTo(
            "The broker at amqp://localhost:%d did not answer in AMQP; check mq_port, and set"
                + " mq_tls=true if it is a port for TLS (5671 as a rule).",
            port);
  }

  @Test
  void showsItsClientCertificate() throws Exception {
    var certificates = node().certificates().orElseThrow();
    TlsFiles files =
        new TlsFiles(
            Optional.of(certificates.caFile()),
            Optional.of(certificates.client().certificateFile()),
            Optional.of(certificates.client().keyFile()));
    TestConfig withCertificate =
        config.at("localhost", node().tlsPort().orElseThrow()).withTls(files);
    try (BusConnection connection = bus(withCertificate).connect(new RecordedLosses())) {
      connection.source().start(new RecordedDeliveries());

      assertThat(node().ctl("-q", "list_connections", "client_properties", "peer_cert_subject"))
          .contains(
              "mbb mqhandler consume",
              "mbb mqhandler publish",
              certificates.client().certificate().getSubjectX500Principal().getName());
    }
  }

  @Test
  void consumesUnderItsTagAndWithItsPrefetchWhileAnotherInstanceDoesTheSame() throws Exception {
    String to = config.build().queueToWs();
    RecordedDeliveries first = new RecordedDeliveries();
    RecordedDeliveries second = new RecordedDeliveries();
    try (BusConnection one = bus(config.withPrefetch(2)).connect(new RecordedLosses());
        BusConnection two = bus(config.withPrefetch(3)).connect(new RecordedLosses())) {
      one.source().start(first);
      two.source().start(second);

      assertThat(Arrays.asList(node().ctl("-q", "list_consumers").split("\n", -1)))
          .filteredOn(line -> line.startsWith(to + "\t"))
          .hasSize(2)
          .allMatch(line -> line.contains("\tmqhandler\t"))
          .anyMatch(line -> line.contains("\t2\t"))
          .anyMatch(line -> line.contains("\t3\t"));

      other.publish(to, "1", "2", "3", "4", "5", "6");
      assertThat(first.await(2)).hasSize(2);
      assertThat(second.await(3)).hasSize(3);
      assertThat(broker().depth(to)).isEqualTo(1);
    }
    assertThat(other.takeAll(to, 6)).hasSize(6);
  }

  @Test
  void takesAQueueThatIsNotDurableAsItIs() throws Exception {
    String to = config.build().queueToWs();
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (Connection transients = broker().connectionFactory().newConnection()) {
      Channel channel = transients.createChannel();
      channel.queueDeclare(to, false, false, true, Map.of());
      try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
        connection.source().start(deliveries);
        other.publish(to, "passing");
        assertThat(deliveries.messages(1)).containsExactly(unknown("passing"));
        deliveries.await(1).getFirst().acceptThrough();
      }
    }
  }

  @Test
  void widensToItsWholeWindow() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().startWithOne(deliveries);
      other.publish(to, "1");
      deliveries.await(1);
      assertThat(consumers()).containsExactly(to + "\t1");

      connection.source().start(deliveries);

      assertThat(consumers()).containsExactly(to + "\t500");
    }
  }

  /**
   * A quorum queue forgets acknowledgements that were on their way when their connection is closed.
   */
  final void awaitNoneUnacknowledged() {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!node()
        .ctl("-q", "list_queues", "name", "messages_unacknowledged")
        .contains(to + "\t0")) {
      assertThat(System.nanoTime()).as("waited for acknowledgements").isLessThan(deadline);
    }
  }

  /** Of the queue that is consumed, with their prefetch. */
  private List<String> consumers() {
    return node()
        .ctl("-q", "list_consumers", "queue_name", "prefetch_count")
        .lines()
        .filter(line -> line.startsWith(to + "\t"))
        .toList();
  }

  /** While it is filled, so that the broker has the next message on its way whenever it may. */
  @Test
  void wideningCostsNoOrderOnAnyTypeOfQueue() throws Exception {
    for (Map<String, Object> arguments :
        List.<Map<String, Object>>of(
            Map.of("x-queue-type", "classic"),
            Map.of("x-queue-type", "quorum"),
            Map.of("x-queue-type", "quorum", "x-single-active-consumer", true))) {
      other.declare(to, arguments);
      for (int round = 0; round < 4; round++) {
        assertThat(widenedWhileFilled(round * 3))
            .as("%s, widened after %d", arguments, round * 3)
            .containsExactlyElementsOf(
                IntStream.range(0, 400).mapToObj(Integer::toString).toList());
        awaitDepth(to, 0);
      }
      other.deleteIfPresent(to);
    }
  }

  /** A consumer that takes the tag of one with unsettled messages upsets a quorum queue. */
  @Test
  void widensAnyTypeOfQueueWhileTheFirstMessageIsOut() throws Exception {
    for (Map<String, Object> arguments :
        List.<Map<String, Object>>of(
            Map.of("x-queue-type", "classic"),
            Map.of("x-queue-type", "quorum"),
            Map.of("x-queue-type", "quorum", "x-single-active-consumer", true))) {
      other.declare(to, arguments);
      fill(400);
      RecordedDeliveries deliveries = new RecordedDeliveries();
      RecordedLosses losses = new RecordedLosses();
      try (BusConnection connection = bus(config).connect(losses)) {
        connection.source().startWithOne(deliveries);
        deliveries.await(1);
        connection.source().start(deliveries);
        deliveries.await(400).get(0).acceptThrough();
        deliveries.await(400).get(399).acceptThrough();
        awaitNoneUnacknowledged();
      }
      assertThat(deliveries.messages(400).stream().map(m -> new String(m.body(), UTF_8)))
          .as("%s", arguments)
          .containsExactlyElementsOf(IntStream.range(0, 400).mapToObj(Integer::toString).toList());
      assertThat(losses.count()).isZero();
      awaitDepth(to, 0);
      other.deleteIfPresent(to);
    }
  }

  /** The bodies of 400 messages, of which so many came one at a time. */
  private List<String> widenedWhileFilled(int alone) throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    Source.Handler accepting =
        delivery -> {
          delivery.acceptThrough();
          deliveries.deliver(delivery);
        };
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus(config).connect(losses)) {
      connection.source().startWithOne(accepting);
      FutureTask<Boolean> filling = new FutureTask<>(() -> fill(400));
      Thread.ofPlatform().daemon().start(filling);
      deliveries.await(alone);
      connection.source().start(accepting);
      assertThat(deliveries.await(400)).hasSize(400).noneMatch(Delivery::redelivered);
      filling.get();
      awaitNoneUnacknowledged();
    }
    assertThat(losses.count()).isZero();
    return deliveries.messages(0).stream().map(m -> new String(m.body(), UTF_8)).toList();
  }

  private boolean fill(int count) throws Exception {
    try (OtherSide filler = new OtherSide(broker())) {
      for (int n = 0; n < count; n++) {
        filler
            .channel()
            .basicPublish("", to, new BasicProperties(), Integer.toString(n).getBytes(UTF_8));
      }
      filler.channel().waitForConfirmsOrDie(20_000);
    }
    return true;
  }

  @Test
  void tellsWhatAFullQueueRefused() throws Exception {
    other.declare(from, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    other.publish(from, "full");
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection connection = bus(config).connect(losses)) {
      connection.sink().start(confirmations);
      send(connection, unknown("refused"));
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (confirmations.refused() == 0) {
        assertThat(System.nanoTime()).as("waited for the refusal").isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(other.take(from).getBody()).isEqualTo("full".getBytes(UTF_8));

      send(connection, unknown("taken"));

      assertThat(confirmations.await(1)).isEqualTo(1);
      assertThat(confirmations.refused()).isEqualTo(1);
    }
    assertThat(other.takeAll(from, 1)).containsExactly("taken");
    assertThat(losses.count()).isZero();
  }

  /**
   * What is warned of while the only message of a quorum queue, which was there before, is
   * delivered and given back so many times.
   */
  final List<String> warningsOf(int count) throws Exception {
    other.deleteIfPresent(to);
    other.declare(to, Map.of("x-queue-type", "quorum"));
    other.publish(to, "again and again");
    List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    AmqpBus bus =
        new AmqpBus(
            config.withMaxRedeliveries(OptionalInt.empty())::build,
            AmqpBus.Tuning.DEFAULT,
            false,
            new RedeliveryWatch(() -> 0, warnings::add));
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus.connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      for (int n = 1; n < count; n++) {
        assertThat(deliveries.await(n)).hasSize(n);
        giveBackAndGoOn(connection, deliveries);
      }
      assertThat(deliveries.await(count)).hasSize(count);
    }
    return List.copyOf(warnings);
  }

  /**
   * How often the only message of such a queue is handed out when each delivery is given back, so
   * many times at most.
   */
  final int deliveredAndGivenBack(Map<String, Object> arguments, int most) throws Exception {
    other.declare(to, arguments);
    other.declare(dead);
    other.publish(to, "again and again");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      int count = 0;
      while (count < most && broker().depth(dead) == 0) {
        if (deliveries.count() > count) {
          count++;
          giveBackAndGoOn(connection, deliveries);
        }
      }
      return count;
    }
  }

  private static void giveBackAndGoOn(BusConnection connection, RecordedDeliveries deliveries)
      throws BusException {
    assertThat(connection.source().giveBack()).isEqualTo(1);
    connection.source().start(deliveries);
  }

  private String arguments(String queue) {
    return Arrays.stream(node().ctl("-q", "list_queues", "name", "arguments").split("\n", -1))
        .filter(line -> line.startsWith(queue + "\t"))
        .map(line -> line.substring(queue.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
