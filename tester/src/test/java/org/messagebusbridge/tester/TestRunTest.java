package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.rabbitmq.client.Connection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.FreePorts;

@Timeout(180)
class TestRunTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Of a run that loses messages, which waits for them all that time. */
  private static final Duration TIME_TO_COME_BACK = Duration.ofSeconds(5);

  private static EmbeddedBroker broker;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Connection> echoes = new ArrayList<>();
  private String to = "";
  private String from = "";

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void nameQueues(TestInfo test) {
    to = test.getDisplayName() + ".to";
    from = test.getDisplayName() + ".from";
  }

  private AmqpConfig config() {
    return config(broker.port(), broker.password());
  }

  private AmqpConfig config(int port, String password) {
    return new AmqpConfig(Configuration.DEFAULTS)
        .with(AmqpKeys.HOST, "localhost")
        .with(AmqpKeys.PORT, port)
        .with(AmqpKeys.TLS, false)
        .with(AmqpKeys.USER_ID, broker.user())
        .with(AmqpKeys.PASSWORD, new Secret(password))
        .with(AmqpKeys.QUEUE_TO_WS, to)
        .with(AmqpKeys.QUEUE_FROM_WS, from);
  }

  private void echo(IntUnaryOperator copies) throws Exception {
    echoes.add(Echo.start(broker.connectionFactory(), to, from, copies));
  }

  @AfterEach
  void stopEchoes() throws Exception {
    for (Connection connection : echoes) {
      connection.close();
    }
  }

  private static Plan plan(int number, boolean exclusive, Duration endDelay) {
    Plan plan = Plans.of(number, Duration.ofMillis(1), endDelay);
    return exclusive ? Plans.exclusive(plan) : plan;
  }

  private TestRun run(AmqpConfig config, Plan plan) {
    return run(config, plan, Plans.log(plan), Clock.system(ZoneId.systemDefault()));
  }

  private TestRun run(AmqpConfig config, Plan plan, MessageLog log, Clock clock) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), clock);
    View view = new LinesView(console, plan.focused());
    return new TestRun(Route.of(config, plan), plan, log, view, clock, () -> {});
  }

  private void declareQueues() {
    broker.declareQueue(to);
    broker.declareQueue(from);
  }

  @Test
  void endsAsSoonAsEveryMessageIsBack() throws Exception {
    declareQueues();
    echo(number -> 1);
    Summary summary = run(config(), plan(50, false, LONG)).run().summary();

    assertThat(summary.line())
        .startsWith(
            "Sent 50, received 50, lost 0, duplicated 0, foreign 0, out of order 0; round trip"
                + " p50 ");
    assertThat(out.toString().lines())
        .hasSize(1 + 4 * 50)
        .contains("Sent message. Body: " + bodyOf(50))
        .anyMatch(line -> line.matches(".+ .+>>> Sending message #50 to MQ"))
        .anyMatch(line -> line.matches(".+ .+<<< Received Test msg #1 \\(4711\\.\\d{4}\\) tag#1"))
        .anyMatch(
            line ->
                line.matches(
                    "Turnaround time for 'Test msg #50 \\(4711\\.\\d{4}\\)':"
                        + " 00:00:\\d\\d\\.\\d{6}"));
    assertThat(err.toString()).isEmpty();
    assertThat(broker.depth(from)).isZero();
  }

  private String bodyOf(int number) {
    return out.toString()
        .lines()
        .filter(line -> line.contains("<<< Received Test msg #" + number + " "))
        .map(line -> line.replaceFirst(".*<<< Received (.*) tag#.*", "$1"))
        .findFirst()
        .orElse("never came back");
  }

  @Test
  void createsBothQueuesWhenTheyAreMissing() throws Exception {
    Summary summary = run(config(), plan(3, false, SHORT)).run().summary();

    assertThat(summary.lost()).isEqualTo(3);
    assertThat(broker.depth(to)).isEqualTo(3);
    assertThat(broker.depth(from)).isZero();
  }

  @Test
  void countsWhatIsLostAndWhatComesTwice() throws Exception {
    declareQueues();
    // #10, #20, #30 and #40 vanish; #41 comes three times
    echo(n -> n % 10 == 0 ? 0 : n == 41 ? 3 : 1);
    Summary summary = run(config(), plan(45, false, TIME_TO_COME_BACK)).run().summary();

    assertThat(summary.sent()).isEqualTo(45);
    assertThat(summary.returned()).isEqualTo(41);
    assertThat(summary.lost()).isEqualTo(4);
    assertThat(summary.duplicated()).isEqualTo(2);
    assertThat(out.toString().lines().filter(line -> line.endsWith(" (duplicate)"))).hasSize(2);
  }

  @Test
  void leavesTenThousandForeignMessagesWhereTheyWere() throws Exception {
    declareQueues();
    List<String> foreign = TestQueues.putForeign(broker, from, 10_000);
    echo(number -> 1);
    Summary summary = run(config(), plan(20, false, LONG)).run().summary();

    assertThat(summary.returned()).isEqualTo(20);
    assertThat(summary.foreign()).isEqualTo(10_000);
    assertThat(TestQueues.takeAll(broker, from)).isEqualTo(foreign);
    assertThat(out.toString().lines().filter(line -> line.contains("a foreign message of")))
        .hasSize(10_000);
  }

  @Test
  void consumesForeignMessagesWhenTheQueueIsItsOwn() throws Exception {
    declareQueues();
    TestQueues.putForeign(broker, from, 10_000);
    echo(number -> 1);
    Summary summary = run(config(), plan(20, true, LONG)).run().summary();

    assertThat(summary.returned()).isEqualTo(20);
    assertThat(summary.foreign()).isEqualTo(10_000);
    assertThat(TestQueues.takeAll(broker, from)).isEmpty();
  }

  @Test
  void saysNothingOfForeignMessagesWhenFocused() throws Exception {
    declareQueues();
    TestQueues.putForeign(broker, from, 5);
    echo(number -> 1);
    Summary summary =
        run(config(), Plans.focused(Plans.of(2, Duration.ZERO, LONG))).run().summary();

    assertThat(summary.foreign()).isEqualTo(5);
    assertThat(out.toString()).doesNotContain("a foreign message of");
    assertThat(broker.depth(from)).isEqualTo(5);
  }

  @Test
  void stopsWhenItIsInterruptedAndStillSumsUp() throws Exception {
    declareQueues();
    TestQueues.putForeign(broker, from, 3);
    CompletableFuture<Void> firstTaken = new CompletableFuture<>();
    TestRun run = run(config(), Plans.of(10, Duration.ofHours(1), LONG));
    echo(
        number -> {
          firstTaken.complete(null);
          return 0;
        });
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> outcome = thread.submit(run::run);
      firstTaken.get(60, TimeUnit.SECONDS);
      // the echo hears of the first message on a connection of its own
      Await.value(
          "the foreign messages",
          () ->
              out.toString().lines().filter(line -> line.contains("a foreign message of")).count(),
          count -> count == 3);

      run.interrupt();

      assertThat(outcome.get(60, TimeUnit.SECONDS).ending()).isEqualTo(new Ending.Interrupted());
      assertThat(outcome.get().summary().line())
          .isEqualTo("Sent 1, received 0, lost 1, duplicated 0, foreign 3, out of order 0");
    }
    assertThat(broker.depth(from)).isEqualTo(3);
  }

  @Test
  void saysWhenTheBrokerVanishesAndCountsWhatIsOut() throws Exception {
    EmbeddedBroker mortal = EmbeddedBroker.start();
    try {
      mortal.declareQueue(to);
      mortal.declareQueue(from);
      AmqpConfig config = config(mortal.port(), mortal.password());
      CompletableFuture<Void> taken = new CompletableFuture<>();
      Echo.start(
          mortal.connectionFactory(),
          to,
          from,
          number -> {
            taken.complete(null);
            return 0;
          });
      try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Outcome> outcome = thread.submit(run(config, plan(1, false, LONG))::run);
        taken.get(60, TimeUnit.SECONDS);

        mortal.close();

        assertThat(outcome.get(60, TimeUnit.SECONDS).summary().lost()).isEqualTo(1);
        assertThat(outcome.get().ending())
            .isInstanceOfSatisfying(
                Ending.Failed.class,
                failed -> assertThat(failed.sentence()).contains("counted as lost"));
      }
    } finally {
      mortal.close();
    }
    assertThat(err.toString()).isEmpty();
  }

  /** Shows nothing, and holds the sender up before one message. */
  private record HoldUp(int number, Duration time) implements View {

    @Override
    public void begin(String headline) {}

    @Override
    public void sending(TestMessage message) {
      long until = System.nanoTime() + time.toNanos();
      while (message.number() == number && System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    }

    @Override
    public void sent(TestMessage message) {}

    @Override
    public void received(Receipt receipt, int bytes, long tag, boolean consumed) {}

    @Override
    public void warning(String sentence) {}

    @Override
    public void close() {}
  }

  @Test
  void aSenderThatIsHeldUpMakesAllMessagesLateThatWereToBeSentMeanwhile() throws Exception {
    declareQueues();
    Duration heldUp = Duration.ofMillis(400);
    echo(number -> 1);
    Plan plan = plan(100, false, LONG);
    View holdsUpTheTenth = new HoldUp(10, heldUp);
    MessageLog log = Plans.log(plan);
    Clock clock = Clock.system(ZoneId.systemDefault());

    Summary summary =
        new TestRun(Route.of(config(), plan), plan, log, holdsUpTheTenth, clock, () -> {})
            .run()
            .summary();

    assertThat(summary.returned()).isEqualTo(100);
    for (int number = 10; number <= 100; number++) {
      // #10 was to be sent 9 ms after the first and could not before 400 ms after that
      Duration atLeast = heldUp.minusMillis(number - 10);
      assertThat(log.account(number, 0).roundTrip())
          .as("#%d", number)
          .hasValueSatisfying(time -> assertThat(time).isGreaterThanOrEqualTo(atLeast));
    }
  }

  @Test
  void messagesWithoutAScheduleDoNotCountTheirWaitForTheWindow() throws Exception {
    declareQueues();
    echo(number -> 1);
    Plan plan = Plans.with(Plans.of(50, Duration.ZERO, LONG), Payload.TEXT, 1);
    MessageLog log = Plans.log(plan);

    Summary summary =
        run(config(), plan, log, Clock.system(ZoneId.systemDefault())).run().summary();

    assertThat(summary.returned()).isEqualTo(50);
    for (int number = 1; number <= 50; number++) {
      Account account = log.account(number, 0);
      assertThat(account.intended()).as("#%d", number).isEqualTo(account.sent());
    }
  }

  @Test
  void aClockThatIsSetBackIsCountedOnceAndNoMessageIsLostByIt() throws Exception {
    declareQueues();
    AtomicInteger readings = new AtomicInteger();
    Clock setBack =
        new Clock() {
          @Override
          public Instant instant() {
            boolean before = readings.incrementAndGet() <= 60;
            return before ? Instant.now() : Instant.now().minus(Duration.ofHours(1));
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    echo(number -> 1);
    Plan plan = plan(40, false, LONG);

    Summary summary = run(config(), plan, Plans.log(plan), setBack).run().summary();

    assertThat(summary.line())
        .startsWith(
            "Sent 40, received 40, lost 0, duplicated 0, foreign 0, out of order 0, clock set back"
                + " 1; round trip");
    assertThat(summary.roundTrips().max()).isLessThan(Duration.ofMinutes(30));
  }

  @Test
  void sendsPastTheBridgeWhenItIsToBeDirect() throws Exception {
    declareQueues();
    List<String> toBridge = TestQueues.putForeign(broker, to, 3);

    Summary summary = run(config(), Plans.direct(plan(500, false, LONG))).run().summary();

    assertThat(summary.line())
        .startsWith("Sent 500, received 500, lost 0, duplicated 0, foreign 0, out of order 0");
    assertThat(out.toString())
        .startsWith("Sending 500 messages to '%1$s', waiting for them on '%1$s'".formatted(from));
    assertThat(broker.depth(from)).isZero();
    assertThat(TestQueues.takeAll(broker, to)).isEqualTo(toBridge);
  }

  @Test
  void refusesToStartWithAWrongPassword() {
    assertThatExceptionOfType(TesterException.class)
        .isThrownBy(() -> run(config(broker.port(), "wrong-one"), plan(1, false, SHORT)).run())
        .withMessage(
            "The broker at amqp://localhost:%d refused the user sandbox; check mq_user_id and mq_password."
                .formatted(broker.port()));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void refusesToStartWhereNothingAnswers() throws Exception {
    int port = FreePorts.next();
    assertThatExceptionOfType(TesterException.class)
        .isThrownBy(() -> run(config(port, "any"), plan(1, false, SHORT)).run())
        .withMessage(
            "Nothing listens at amqp://localhost:%d (connection refused); check mq_host and mq_port, and that the broker runs."
                .formatted(port));
  }
}
