package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class EmbeddedBrokerTest {

  private static final BasicProperties FIVE_MINUTES =
      new BasicProperties.Builder().expiration("300000").deliveryMode(2).build();

  private static EmbeddedBroker broker;

  private String queue;
  private Connection connection;
  private Channel channel;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void connect(TestInfo test) throws Exception {
    queue = test.getTestMethod().orElseThrow().getName();
    connection = broker.connectionFactory().newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void namesItselfForPeople() {
    assertThat(broker.name()).isEqualTo("embedded Qpid Broker-J 10.1");
    assertThat(broker.vhost()).isEqualTo("/");
    assertThat(broker.tlsPort()).isEmpty();
    assertThat(broker.certificates()).isEmpty();
  }

  @Test
  void confirmsWhatItTakesAndDeliversItInOrder() throws Exception {
    broker.declareQueue(queue);

    publish("one", "two", "three");
    channel.waitForConfirmsOrDie(60_000);

    assertThat(broker.depth(queue)).isEqualTo(3);
    assertThat(consume(3)).containsExactly("one", "two", "three");
    assertThat(broker.depth(queue)).isZero();
  }

  @Test
  void keepsMessagesWithAnExpirationInQueuesThatAClientDeclared() throws Exception {
    channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "classic"));

    publish("lives");
    channel.waitForConfirmsOrDie(60_000);

    GetResponse response = channel.basicGet(queue, true);
    assertThat(response.getBody()).asString(UTF_8).isEqualTo("lives");
    assertThat(response.getProps().getExpiration()).isEqualTo("300000");
    assertThat(response.getEnvelope().isRedeliver()).isFalse();
  }

  @Test
  void losesNoneWithAnExpirationToAConsumerThatLooksWhileTheyCome() throws Exception {
    int messages = 20_000;
    int inFlight = 3;
    broker.declareQueue(queue);
    Semaphore room = new Semaphore(inFlight);
    try (Connection consuming = broker.connectionFactory().newConnection()) {
      Channel consumer = consuming.createChannel();
      consumer.basicConsume(
          queue,
          false,
          (tag, message) -> {
            consumer.basicAck(message.getEnvelope().getDeliveryTag(), false);
            room.release();
          },
          tag -> {});

      for (int number = 0; number < messages; number++) {
        assertThat(room.tryAcquire(60, TimeUnit.SECONDS)).as("back before %d", number).isTrue();
        publish("x");
      }

      assertThat(room.tryAcquire(inFlight, 60, TimeUnit.SECONDS)).as("all back").isTrue();
    }
  }

  @Test
  void dropsMessagesWhoseQueueLetsThemLiveShortly() throws Exception {
    broker.declareQueue(queue, Duration.ofMillis(1));

    publish("short");
    channel.basicPublish("", queue, null, "without expiration".getBytes(UTF_8));
    channel.waitForConfirmsOrDie(60_000);
    long confirmed = System.currentTimeMillis();
    while (System.currentTimeMillis() <= confirmed + 1) {
      Thread.onSpinWait(); // until the first has lived for longer than it may
    }

    assertThat(consume(1)).containsExactly("without expiration");
    assertThat(broker.depth(queue)).isZero();
  }

  @Test
  void givesRequeuedMessagesBackInTheirPlaceAndMarksThem() throws Exception {
    broker.declareQueue(queue);
    publish("one", "two", "three");
    channel.waitForConfirmsOrDie(60_000);
    long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    assertThat(broker.depth(queue)).isEqualTo(1);

    channel.basicNack(second, false, true);
    channel.basicNack(first, false, true);

    assertThat(redelivered(true)).isEqualTo("one");
    assertThat(redelivered(true)).isEqualTo("two");
    assertThat(redelivered(false)).isEqualTo("three");
  }

  @Test
  void givesBackInOrderWhatALostConnectionHeld() throws Exception {
    broker.declareQueue(queue);
    publish("one", "two", "three");
    channel.waitForConfirmsOrDie(60_000);
    Connection other = broker.connectionFactory().newConnection();
    Channel holding = other.createChannel();
    holding.basicGet(queue, false);
    holding.basicGet(queue, false);
    other.abort();

    assertThat(redelivered(true)).isEqualTo("one");
    assertThat(redelivered(true)).isEqualTo("two");
    assertThat(redelivered(false)).isEqualTo("three");
  }

  @Test
  void carriesSixteenMebibytes() throws Exception {
    broker.declareQueue(queue);
    byte[] body = new byte[16 << 20];
    new Random(1).nextBytes(body);

    channel.basicPublish("", queue, true, FIVE_MINUTES, body);
    channel.waitForConfirmsOrDie(60_000);

    assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(body);
  }

  @Test
  void refusesAndReturnsAMandatoryMessageThatNoQueueTakes() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    var both = new CountDownLatch(2);
    channel.addReturnListener(
        returned -> {
          events.add("returned " + returned.getReplyCode());
          both.countDown();
        });
    channel.addConfirmListener(
        (tag, multiple) -> events.add("confirmed " + tag),
        (tag, multiple) -> {
          events.add("refused " + tag);
          both.countDown();
        });

    channel.basicPublish("", "no such queue", true, FIVE_MINUTES, new byte[1]);

    assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(events).containsExactly("refused 1", "returned 312");
  }

  @Test
  void refusesAWrongPassword() {
    ConnectionFactory factory = broker.connectionFactory();
    factory.setPassword("wrong");
    assertThatThrownBy(factory::newConnection)
        .isInstanceOf(PossibleAuthenticationFailureException.class);
  }

  @Test
  void saysWhichQueueIsMissing() {
    assertThatThrownBy(() -> broker.depth("nowhere"))
        .isInstanceOf(SandboxException.class)
        .hasMessage("the embedded broker has no queue nowhere");
  }

  @Test
  void saysThatItsPortIsTaken() {
    assertThatThrownBy(() -> EmbeddedBroker.start(broker.port()))
        .isInstanceOf(SandboxException.class)
        .hasMessage(
            "the embedded broker did not start on port %d: it cannot listen there", broker.port());
  }

  @Test
  void startsAgainOnItsPortWithoutItsQueues() throws Exception {
    int port = FreePorts.next();
    EmbeddedBroker first = EmbeddedBroker.start(port);
    first.declareQueue(queue);
    first.close();
    first.close();

    try (EmbeddedBroker second = EmbeddedBroker.start(port)) {
      assertThat(second.port()).isEqualTo(port);
      assertThatThrownBy(() -> second.depth(queue)).isInstanceOf(SandboxException.class);
    }
  }

  @Test
  void writesNeitherOutputNorLogsNorFiles() throws Exception {
    List<Path> before = filesHere();
    PrintStream out = System.out;
    PrintStream err = System.err;
    var printed = new ByteArrayOutputStream();
    var logged = new Recorder();
    Logger root = Logger.getLogger("");
    root.addHandler(logged);
    System.setOut(new PrintStream(printed, true, UTF_8));
    System.setErr(new PrintStream(printed, true, UTF_8));
    try (EmbeddedBroker quiet = EmbeddedBroker.start()) {
      quiet.declareQueue(queue);
      assertThat(quiet.depth(queue)).isZero();
    } finally {
      System.setOut(out);
      System.setErr(err);
      root.removeHandler(logged);
    }
    assertThat(printed.toString(UTF_8)).isEmpty();
    assertThat(logged.messages).isEmpty();
    assertThat(filesHere()).isEqualTo(before);
  }

  private static List<Path> filesHere() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("user.dir")))) {
      return files.sorted().toList();
    }
  }

  private void publish(String... bodies) throws Exception {
    for (String body : bodies) {
      channel.basicPublish("", queue, true, FIVE_MINUTES, body.getBytes(UTF_8));
    }
  }

  private List<String> consume(int count) throws Exception {
    var received = new LinkedBlockingQueue<String>();
    String tag =
        channel.basicConsume(
            queue,
            false,
            (consumer, delivery) -> {
              channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
              received.add(new String(delivery.getBody(), UTF_8));
            },
            consumer -> {});
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(received.poll(60, TimeUnit.SECONDS));
    }
    channel.basicCancel(tag);
    return bodies;
  }

  private String redelivered(boolean expected) throws Exception {
    GetResponse response = channel.basicGet(queue, true);
    assertThat(response.getEnvelope().isRedeliver()).isEqualTo(expected);
    return new String(response.getBody(), UTF_8);
  }

  private static final class Recorder extends Handler {

    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      messages.add(entry.getLoggerName() + ": " + entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
