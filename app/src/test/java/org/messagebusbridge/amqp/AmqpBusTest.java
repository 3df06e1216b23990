package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

class AmqpBusTest {

  @Nested
  class OnTheEmbeddedBroker extends AmqpOnABroker {
    @Override
    Broker broker() {
      return Brokers.embedded();
    }

    @Override
    boolean tellsOfDeletedQueues() {
      return false;
    }

    @Override
    boolean dropsWhatIsRejected() {
      return false;
    }

    @Override
    boolean hasQueuesThatRefuse() {
      return false;
    }
  }

  @Nested
  class OnRabbit310 extends AmqpOnRabbit {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }

    @Override
    RabbitNode node() {
      return Brokers.rabbit(RabbitVersion.V3_10);
    }

    @Test
    void warnsOfNoRedeliveriesForThereIsNoLimitByDefault() throws Exception {
      assertThat(warningsOf(25)).isEmpty();
      assertThat(other.takeAll(to, 1)).containsExactly("again and again");
    }

    @Override
    String quorumArguments() {
      return "[{\"x-queue-type\",\"quorum\"}]";
    }
  }

  @Nested
  class OnRabbit40 extends AmqpOnRabbit {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Override
    RabbitNode node() {
      return Brokers.rabbit(RabbitVersion.V4_0);
    }

    @Override
    String quorumArguments() {
      return "[{\"x-delivery-limit\",1000000000},{\"x-queue-type\",\"quorum\"}]";
    }

    @Test
    void movesAMessageThatTheBrokerWouldDropSoonToTheDeadLetterQueue() throws Exception {
      assertThat(deliveredAndGivenBack(Map.of("x-queue-type", "quorum"), 30)).isEqualTo(15);
      com.rabbitmq.client.Delivery letter = other.take(dead);
      assertThat(letter.getBody()).isEqualTo("again and again".getBytes(UTF_8));
      assertThat(letter.getProperties().getHeaders())
          .containsEntry(
              "x-mbb-first-death-reason", LongStringHelper.asLongString("delivery-limit"));
      assertThat(letter.getProperties().getHeaders().toString()).contains("count=15");
      awaitDepth(to, 0);
    }

    @Test
    void movesNothingFromAQueueThatItMadeItself() throws Exception {
      config = config.withQueueType(QueueType.QUORUM);
      bus(config).connect(new RecordedLosses()).close();
      assertThat(
              deliveredAndGivenBack(
                  Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000_000), 30))
          .isEqualTo(30);
      awaitDepth(to, 1);
    }

    @Test
    void warnsOfAMessageThatTheBrokerIsAboutToDropAndItDoesDropIt() throws Exception {
      assertThat(warningsOf(10)).isEmpty();
      assertThat(warningsOf(21))
          .singleElement()
          .asString()
          .startsWith(
              "A message of queue " + to + " at " + address + " was delivered 10 times before");
      assertThat(broker().depth(to)).as("what is left of it after 21 deliveries").isZero();
    }

    /**
     * What the broker has on its way when the consumer is cancelled it takes back by itself, and
     * hands out first: what is given back besides would come after it.
     */
    @Test
    void stoppingWhileAQuorumQueueIsBeingFilledCostsNoOrder() throws Exception {
      RecordedDeliveries deliveries = new RecordedDeliveries();
      AmqpBus bus = bus(config.withQueueType(QueueType.QUORUM));
      bus.connect(new RecordedLosses()).close();
      AtomicBoolean enough = new AtomicBoolean();
      FutureTask<Integer> filling = new FutureTask<>(() -> fillUntil(enough));
      Thread.ofPlatform().daemon().start(filling);
      Source.Handler accepting =
          delivery -> {
            deliveries.deliver(delivery);
            delivery.acceptThrough();
          };
      for (int n = 0; n < 8; n++) {
        try (BusConnection connection = bus.connect(new RecordedLosses())) {
          int before = deliveries.count();
          connection.source().start(accepting);
          assertThat(deliveries.await(before + 500)).hasSizeGreaterThan(before + 499);
          connection.source().stop();
          awaitNoneUnacknowledged();
        }
      }
      enough.set(true);
      int filled = filling.get();
      try (BusConnection connection = bus.connect(new RecordedLosses())) {
        connection.source().start(accepting);
        assertThat(deliveries.await(filled)).hasSize(filled);
        awaitNoneUnacknowledged();
      }
      assertThat(deliveries.messages(0).stream().map(m -> new String(m.body(), UTF_8)))
          .containsExactlyElementsOf(
              IntStream.range(0, filled).mapToObj(Integer::toString).toList());
      assertThat(broker().depth(to)).isZero();
    }

    /** Publishes 0, 1, 2 ..., fifty at a time, as fast as the broker confirms them. */
    private int fillUntil(AtomicBoolean enough) throws Exception {
      int next = 0;
      try (OtherSide filler = new OtherSide(broker())) {
        while (!enough.get()) {
          for (int n = 0; n < 50; n++) {
            filler
                .channel()
                .basicPublish(
                    "", to, new BasicProperties(), Integer.toString(next++).getBytes(UTF_8));
          }
          filler.channel().waitForConfirmsOrDie(60_000);
        }
      }
      return next;
    }

    @Test
    void whatItsWarningSaysKeepsTheMessage() throws Exception {
      node()
          .ctl(
              "set_policy",
              "mbb",
              "^own-",
              "{\"delivery-limit\": 1000000000}",
              "--apply-to",
              "quorum_queues");
      try {
        assertThat(warningsOf(22)).hasSize(1);
        assertThat(other.takeAll(to, 1)).containsExactly("again and again");
      } finally {
        node().ctl("clear_policy", "mbb");
      }
    }
  }

  @Nested
  class OnRabbit43 extends AmqpOnRabbit {
    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }

    @Override
    RabbitNode node() {
      return Brokers.rabbit(RabbitVersion.V4_3);
    }

    @Override
    String quorumArguments() {
      return "[{\"x-delivery-limit\",1000000000},{\"x-queue-type\",\"quorum\"}]";
    }

    /** What is given back it does not count, but what a lost connection had. */
    @Test
    void movesAMessageThatManyConnectionsTookAlongToTheDeadLetterQueue() throws Exception {
      other.declare(to, Map.of("x-queue-type", "quorum"));
      other.declare(dead);
      other.publish(to, "again and again");
      int handedOut = 0;
      while (handedOut < 30 && broker().depth(dead) == 0) {
        RecordedDeliveries deliveries = new RecordedDeliveries();
        try (BusConnection connection = bus(config).connect(new RecordedLosses())) {
          connection.source().start(deliveries);
          while (deliveries.count() == 0 && broker().depth(dead) == 0) {
            Thread.onSpinWait();
          }
        }
        handedOut += deliveries.count();
      }
      assertThat(handedOut).isEqualTo(15);
      assertThat(other.takeAll(dead, 1)).containsExactly("again and again");
      awaitDepth(to, 0);
    }

    @Test
    void doesNotCountWhatIsGivenBackSoThereIsNothingToWarnOf() throws Exception {
      assertThat(warningsOf(25)).isEmpty();
      assertThat(other.takeAll(to, 1)).containsExactly("again and again");
    }
  }

  private static TestConfig somewhere(String host, int port) {
    return TestConfig.of(host, port, "queue");
  }

  @Test
  void saysThatTheHostNameIsNotKnown() {
    BusException refused = BrokerTest.refused(somewhere("no-such-host.invalid", 5672));

    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused.sentence())
        .isEqualTo(
            "The broker's host name no-such-host.invalid is not known; check mq_host (or"
                + " mq_broker_id and mq_region) and the DNS.");
  }

  @Test
  void saysThatNothingListensThere() throws Exception {
    int port = FreePorts.next();

    BusException refused = BrokerTest.refused(somewhere("localhost", port));

    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused.sentence())
        .isEqualTo(
            "Nothing listens at amqp://localhost:%d (connection refused); check mq_host and"
                + " mq_port, and that the broker runs.",
            port);
  }

  @Test
  void saysThatAPortClosesWithoutAWord() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, new byte[0]));

      BusException refused = BrokerTest.refused(somewhere("localhost", server.getLocalPort()));

      assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(refused.sentence())
          .isEqualTo(
              "The broker at amqp://localhost:%d did not answer in AMQP; check mq_port, and set"
                  + " mq_tls=true if it is a port for TLS (5671 as a rule).",
              server.getLocalPort());
    }
  }

  @Test
  void saysThatAPortForTlsDoesNotAnswerInAmqp() throws Exception {
    byte[] alert = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46};
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, alert));

      BusException refused = BrokerTest.refused(somewhere("localhost", server.getLocalPort()));

      assertThat(refused.sentence())
          .isEqualTo(
              "The broker at amqp://localhost:%d did not answer in AMQP; check mq_port, and set"
                  + " mq_tls=true if it is a port for TLS (5671 as a rule).",
              server.getLocalPort());
    }
  }

  @Test
  void saysThatAPortDoesNotSpeakTls() throws Exception {
    byte[] amqp = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, amqp));

      BusException refused =
          BrokerTest.refused(somewhere("localhost", server.getLocalPort()).withTls(TlsFiles.NONE));

      assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(refused.sentence())
          .isEqualTo(
              "localhost:%d does not speak TLS on this port; correct mq_port (TLS is 5671 as a"
                  + " rule), or set mq_tls=false if it is meant to be plain.",
              server.getLocalPort());
    }
  }

  @Test
  void leavesNothingOpenWhenConnectingIsInterrupted() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread connecting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      BrokerTest.bus(somewhere("localhost", silent.getLocalPort()))
                          .connect(new RecordedLosses());
                      end.complete(new AssertionError("connected"));
                    } catch (InterruptedException | BusException e) {
                      end.complete(e);
                    }
                  });
      try (Socket first = silent.accept();
          Socket second = silent.accept()) {
        first.getInputStream().readNBytes(8);
        second.getInputStream().readNBytes(8);

        connecting.interrupt();

        assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        first.setSoTimeout(60_000);
        second.setSoTimeout(60_000);
        assertThat(closed(first)).isTrue();
        assertThat(closed(second)).isTrue();
      }
    }
  }

  private static boolean closed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("reset");
    }
  }

  private static void answer(ServerSocket server, byte[] answer) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException e) {
      // closed
    }
  }
}
