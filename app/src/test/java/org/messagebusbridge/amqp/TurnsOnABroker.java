package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.RecordedDeliveries;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.sandbox.FaultProxy;

/** Of several instances on one queue it is the turn of one, on every broker. */
abstract class TurnsOnABroker extends BrokerTest {
  private final BlockingQueue<String> granted = new LinkedBlockingQueue<>();
  private final List<BusConnection> toClose = new ArrayList<>();

  @Test
  void itIsTheTurnOfTheFirstAndOfTheNextWhenThatCloses() throws Exception {
    BusConnection first = opened(config, new RecordedLosses());
    assertThat(first.turn().isOurs()).isTrue();
    first.turn().await(() -> granted.add("first"));
    assertThat(granted.remove()).isEqualTo("first");

    BusConnection second = opened(config, new RecordedLosses());
    second.turn().await(() -> granted.add("second"));
    assertThat(second.turn().isOurs()).isFalse();
    assertThat(granted.poll(2, TimeUnit.SECONDS)).isNull();

    first.close();

    assertThat(first.turn().isOurs()).isFalse();
    assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("second");
    assertThat(second.turn().isOurs()).isTrue();
    assertThat(granted).isEmpty();
  }

  @Test
  void itIsTheTurnOfOneOfFourThatStartTogetherAndThenOfEachOther() throws Exception {
    List<CompletableFuture<BusConnection>> starting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starting.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return inTurn(config).connect(new RecordedLosses());
                } catch (BusException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    List<BusConnection> waiting = new ArrayList<>();
    for (CompletableFuture<BusConnection> each : starting) {
      waiting.add(each.get(60, TimeUnit.SECONDS));
    }
    BlockingQueue<BusConnection> turns = new LinkedBlockingQueue<>();
    waiting.forEach(each -> each.turn().await(() -> turns.add(each)));
    for (int left = 4; left > 0; left--) {
      BusConnection one = turns.poll(60, TimeUnit.SECONDS);
      assertThat(one).as("with %s left", left).isNotNull();
      assertThat(turns).isEmpty();
      assertThat(waiting).filteredOn(each -> each.turn().isOurs()).containsExactly(one);
      waiting.remove(one);
      one.close();
    }
  }

  @Test
  void aHolderThatIsCutOffLosesItsTurnAndTheNextHasIt() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    try (FaultProxy proxy = FaultProxy.to(broker().host(), broker().port());
        BusConnection first = inTurn(config.at(broker().host(), proxy.port())).connect(losses);
        BusConnection second = inTurn(config).connect(new RecordedLosses())) {
      assertThat(first.turn().isOurs()).isTrue();
      second.turn().await(() -> granted.add("second"));

      proxy.cut();

      assertThat(losses.await().orElseThrow().kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(first.turn().isOurs()).isFalse();
      assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("second");
    }
  }

  @Test
  void theTurnOfAHolderThatIsCutOffInSilenceLapsesBeforeTheNextHasIts() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    TestConfig quick = config.withHeartbeat(Duration.ofSeconds(2));
    try (FaultProxy proxy = FaultProxy.to(broker().host(), broker().port());
        BusConnection first = inTurn(quick.at(broker().host(), proxy.port())).connect(losses);
        BusConnection second = inTurn(quick).connect(new RecordedLosses())) {
      first.source().start(new RecordedDeliveries());
      second.turn().await(() -> granted.add("second, the first: " + first.turn().isOurs()));
      assertThat(first.turn().isOurs()).isTrue();

      proxy.halfOpen();

      BusException lost = losses.await().orElseThrow();
      assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(lost.sentence())
          .isEqualTo(
              "The broker at %s has not answered for 3 s, so another bridge may take over; the"
                  + " connection is given up.",
              quick.at(broker().host(), proxy.port()).build().address());
      assertThat(first.turn().isOurs()).isFalse();
      assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("second, the first: false");
      assertThat(granted).isEmpty();
    }
    assertThat(losses.count()).isEqualTo(1);
  }

  @Test
  void aTurnOutlastsItsLeaseByFarWhileTheBrokerAnswers() throws Exception {
    RecordedLosses losses = new RecordedLosses();
    try (BusConnection first =
        inTurn(config.withHeartbeat(Duration.ofSeconds(2))).connect(losses)) {
      long end = System.nanoTime() + Duration.ofSeconds(7).toNanos();
      while (System.nanoTime() < end) {
        assertThat(first.turn().isOurs()).isTrue();
        LockSupport.parkNanos(20_000_000);
      }
    }
    assertThat(losses.count()).isZero();
  }

  @Test
  void aTurnWaitsUntilTheLastConsumerIsGone() throws Exception {
    other.declare(to);
    String tag = other.channel().basicConsume(to, false, (t, delivery) -> {}, t -> {});
    try (BusConnection next = inTurn(config).connect(new RecordedLosses())) {
      next.turn().await(() -> granted.add("next"));
      assertThat(next.turn().isOurs()).isFalse();
      assertThat(granted.poll(2, TimeUnit.SECONDS)).isNull();

      other.channel().basicCancel(tag);

      assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("next");
    }
  }

  @Test
  void aConsumerOfAnotherKindIsNotWaitedForWithoutEnd() throws Exception {
    other.declare(to);
    other.channel().basicConsume(to, false, (t, delivery) -> {}, t -> {});
    try (BusConnection next =
        inTurn(config.withHeartbeat(Duration.ofSeconds(1))).connect(new RecordedLosses())) {
      next.turn().await(() -> granted.add("next"));
      assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("next");
    }
  }

  @Test
  void saysThatTheLocksNameIsAnOrdinaryQueues() throws Exception {
    String lock = other.declare(to + ".active");
    try {
      BusException refused =
          catchThrowableOfType(
              BusException.class, () -> inTurn(config).connect(new RecordedLosses()));

      assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(refused.sentence())
          .isEqualTo(
              "Queue %s at %s is an ordinary queue, but ha_mode=standby needs the name for its"
                  + " lock; delete the queue.",
              lock, address);
      assertThat(other.channel().queueDeclarePassive(lock).getMessageCount()).isZero();
    } finally {
      other.deleteIfPresent(lock);
    }
  }

  @Test
  void theLockIsGivenUpAfterTheConsumerAndThePublisher() throws Exception {
    BusConnection first = opened(config, new RecordedLosses());
    first.source().start(new RecordedDeliveries());
    other.publish(to, "in flight");
    BusConnection second = opened(config, new RecordedLosses());
    second.turn().await(() -> granted.add(whatIsInTheQueue()));

    first.close();

    assertThat(granted.poll(60, TimeUnit.SECONDS)).isEqualTo("0 consumers, 1 message");
  }

  private String whatIsInTheQueue() {
    try {
      return other.channel().queueDeclarePassive(to).getConsumerCount()
          + " consumers, "
          + other.channel().messageCount(to)
          + " message";
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aBusThatTakesNoTurnsAlwaysHasIts() throws Exception {
    other.channel().queueDeclare(to + ".active", false, true, true, Map.of());
    AmqpBus parallel = bus(config);
    try (BusConnection connection = parallel.connect(new RecordedLosses())) {
      connection.turn().await(() -> granted.add("at once"));
      assertThat(granted.remove()).isEqualTo("at once");
      assertThat(parallel.isItsTurn()).isTrue();
    }
  }

  /** Closed after the test. */
  final BusConnection opened(TestConfig of, RecordedLosses losses) throws Exception {
    BusConnection connection = inTurn(of).connect(losses);
    toClose.add(connection);
    return connection;
  }

  @AfterEach
  void close() {
    toClose.forEach(BusConnection::close);
  }

  final AmqpBus inTurn(TestConfig of) {
    return AmqpBus.inTurn(
        of::build,
        new AmqpBus.Tuning(
            8L << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofMillis(50),
            1L << 26));
  }
}
