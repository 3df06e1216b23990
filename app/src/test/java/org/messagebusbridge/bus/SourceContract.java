package org.messagebusbridge.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Source} keeps. Bound to a bus by a subclass, most handily a {@code @Nested}
 * one, that opens its fixture.
 */
@Timeout(180)
public abstract class SourceContract {
  private static final Rejection REJECTION =
      new Rejection(
          Rejection.Reason.REFUSED,
          "refused by the test",
          Map.of("close-code", 1008),
          1,
          Instant.EPOCH);

  private BusFixture fixture;
  private TestInfo test;
  private TestReporter reporter;

  /** A fresh bus with an other side that has nothing for it yet. */
  protected abstract BusFixture openFixture() throws Exception;

  @BeforeEach
  final void open(TestInfo info, TestReporter entries) throws Exception {
    test = info;
    reporter = entries;
    fixture = openFixture();
  }

  @AfterEach
  final void close() throws Exception {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  final void handsOutEveryMessageOnceInOrderAndByteForByte() throws Exception {
    List<Message> offered = Messages.mixed(500);
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().start(deliveries);
      fixture.offer(connection, offered);

      // what is handed out is settled as it comes, so that no bound is reached
      int settled = 0;
      while (settled < offered.size()) {
        List<Delivery> soFar = deliveries.await(settled + 1);
        assertThat(soFar).as("handed out within the deadline").hasSizeGreaterThan(settled);
        soFar.getLast().acceptThrough();
        settled = soFar.size();
      }

      assertThat(deliveries.messages(offered.size())).isEqualTo(offered);
      assertThat(deliveries.await(0)).noneMatch(Delivery::redelivered);
      assertThat(deliveries.await(0)).allMatch(d -> d.source().equals(connection.source()));
    }
    assertKept(0);
    summary(offered.size(), deliveries.count(), offered.size(), 0);
  }

  @Test
  final void whatWasNotSettledComesAgainOnTheNextConnection() throws Exception {
    RecordedDeliveries first = new RecordedDeliveries();
    RecordedDeliveries second = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      assumeTrue(connection.source().canGiveBack(), "a source that takes messages back");
      connection.source().start(first);
      fixture.offer(connection, Messages.texts(1, 100));
      first.await(100).get(39).acceptThrough();
    }
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().start(second);
      assertThat(second.messages(60)).isEqualTo(Messages.texts(41, 100));
      assertThat(second.await(60)).allMatch(Delivery::redelivered);
      second.await(60).getLast().acceptThrough();
    }
    assertKept(0);
    summary(100, first.count() + second.count(), 100, 60);
  }

  @Test
  final void whatIsGivenBackComesAgainInItsPlaceAndItsDeliveriesAreVoid() throws Exception {
    RecordedDeliveries first = new RecordedDeliveries();
    RecordedDeliveries second = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      assumeTrue(connection.source().canGiveBack(), "a source that takes messages back");
      connection.source().start(first);
      fixture.offer(connection, Messages.texts(1, 20));
      List<Delivery> deliveries = first.await(20);
      connection.source().stop();
      deliveries.get(4).acceptThrough();
      assertThat(deliveries).noneMatch(Delivery::revoked);

      assertThat(connection.source().giveBack()).isEqualTo(15);

      assertThat(deliveries.subList(5, 20)).allMatch(Delivery::revoked);
      deliveries.get(12).acceptThrough();
      deliveries.get(19).reject(REJECTION);
      assertThat(connection.source().giveBack()).as("once").isZero();
      assertThat(first.revocations()).as("lost by the source itself").isZero();
      connection.source().start(second);

      assertThat(second.messages(15)).isEqualTo(Messages.texts(6, 20));
      assertThat(second.await(15)).allMatch(Delivery::redelivered);
      assertThat(second.await(15)).noneMatch(Delivery::revoked);
      second.await(15).getLast().acceptThrough();
    }
    assertKept(0);
    summary(20, first.count() + second.count(), 20, 15);
  }

  @Test
  final void givesBackTheRestInOrderWhileMoreIsComing() throws Exception {
    int handedOut = 0;
    int accepted = 0;
    int requeued = 0;
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      assumeTrue(connection.source().canGiveBack(), "a source that takes messages back");
      fixture.offer(connection, Messages.texts(1, 300));
      for (int round = 1; round <= 3; round++) {
        RecordedDeliveries deliveries = new RecordedDeliveries();
        connection.source().start(deliveries);
        List<Delivery> some = deliveries.await(50);
        some.get(19).acceptThrough();
        int givenBack = connection.source().giveBack();

        assertThat(deliveries.messages(0))
            .isEqualTo(Messages.texts(accepted + 1, accepted + deliveries.count()));
        assertThat(givenBack).isEqualTo(deliveries.count() - 20);
        handedOut += deliveries.count();
        accepted += 20;
        requeued += givenBack;
      }
      RecordedDeliveries rest = new RecordedDeliveries();
      connection.source().start(rest);
      assertThat(rest.messages(240)).isEqualTo(Messages.texts(61, 300));
      rest.await(240).getLast().acceptThrough();
      handedOut += rest.count();
    }
    assertKept(0);
    summary(300, handedOut, 300, requeued);
  }

  @Test
  final void startedWithOneItHandsOutTheNextWhenThatIsAcceptedAndWidensInBetween()
      throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      fixture.offer(connection, Messages.texts(1, 200));
      connection.source().startWithOne(deliveries);
      for (int n = 1; n <= 5; n++) {
        assertThat(deliveries.await(n)).hasSizeGreaterThanOrEqualTo(n);
        if (fixture.kept().isPresent()) {
          assertThat(deliveries.count())
              .as("handed out, and all but the last accepted")
              .isEqualTo(n);
          assertKept(200 - n);
        }
        deliveries.await(n).get(n - 1).acceptThrough();
      }

      connection.source().start(deliveries);
      fixture.offer(connection, Messages.texts(201, 500));

      assertThat(deliveries.messages(500)).isEqualTo(Messages.texts(1, 500));
      assertThat(deliveries.await(500)).noneMatch(Delivery::redelivered);
      deliveries.await(500).getLast().acceptThrough();
    }
    assertKept(0);
    summary(500, deliveries.count(), 500, 0);
  }

  @Test
  final void startedWithOneItWidensAtOnceWhileThatIsOut() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().startWithOne(deliveries);
      fixture.offer(connection, Messages.texts(1, 300));
      assertThat(deliveries.await(1)).isNotEmpty();

      connection.source().start(deliveries);

      assertThat(deliveries.messages(300)).isEqualTo(Messages.texts(1, 300));
      assertThat(deliveries.await(300)).noneMatch(Delivery::redelivered);
      deliveries.await(300).getLast().acceptThrough();
    }
    assertKept(0);
    summary(300, deliveries.count(), 300, 0);
  }

  @Test
  final void startedWithOneItCanBeStoppedAndStartedAsEver() throws Exception {
    RecordedDeliveries before = new RecordedDeliveries();
    RecordedDeliveries after = new RecordedDeliveries();
    int handedOut;
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().startWithOne(before);
      connection.source().start(before);
      connection.source().stop();
      connection.source().startWithOne(before);
      fixture.offer(connection, Messages.texts(1, 20));
      before.await(1);
      connection.source().stop();
      handedOut = before.count();
      before.await(handedOut).getLast().acceptThrough();

      connection.source().startWithOne(after);
      connection.source().start(after);
      int rest = 20 - handedOut;

      assertThat(after.messages(rest)).isEqualTo(Messages.texts(handedOut + 1, 20));
      assertThat(before.count()).as("handed out after stop had returned").isEqualTo(handedOut);
      if (rest > 0) { // a source that does not count may have handed out all before
        after.await(rest).getLast().acceptThrough();
      }
    }
    assertKept(0);
    summary(20, handedOut + after.count(), 20, 0);
  }

  @Test
  final void refusesToGiveBackWhenItSaysThatItCannot() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      assumeTrue(!connection.source().canGiveBack(), "a source that cannot take messages back");
      connection.source().start(deliveries);
      fixture.offer(connection, Messages.texts(1, 1));
      Delivery delivery = deliveries.await(1).getFirst();

      assertThatThrownBy(connection.source()::giveBack)
          .isInstanceOf(UnsupportedOperationException.class);
      delivery.acceptThrough();
    }
    summary(1, 1, 1, 0);
  }

  @Test
  final void callsTheHandlerNoMoreOnceItIsStoppedAndGoesOnWhereItStopped() throws Exception {
    RecordedDeliveries before = new RecordedDeliveries();
    RecordedDeliveries after = new RecordedDeliveries();
    int handedOut;
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().start(before);
      fixture.offer(connection, Messages.texts(1, 400));
      before.await(50);
      connection.source().stop();
      List<Delivery> settledNow = before.await(0);
      handedOut = settledNow.size();
      settledNow.getLast().acceptThrough();

      connection.source().start(after);
      fixture.offer(connection, Messages.texts(401, 500));
      int rest = 500 - handedOut;

      assertThat(after.messages(rest)).isEqualTo(Messages.texts(handedOut + 1, 500));
      assertThat(before.count()).as("handed out after stop had returned").isEqualTo(handedOut);
      after.await(rest).getLast().acceptThrough();
    }
    assertKept(0);
    summary(500, handedOut + after.count(), 500, 0);
  }

  @Test
  final void canBeStoppedTwiceAndWithoutHavingBeenStarted() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.source().stop();
      connection.source().start(deliveries);
      connection.source().stop();
      connection.source().stop();
      connection.source().start(deliveries);
      fixture.offer(connection, Messages.texts(1, 3));

      assertThat(deliveries.messages(3)).isEqualTo(Messages.texts(1, 3));
      deliveries.await(3).getLast().acceptThrough();
    }
    assertKept(0);
    summary(3, 3, 3, 0);
  }

  @Test
  final void reportsOneLossAndTakesNoHarmFromWhatIsSettledAfterwards() throws Exception {
    assumeTrue(fixture.canCut(), "a connection that can be cut");
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    boolean comesAgain;
    try (BusConnection connection = fixture.bus().connect(losses)) {
      comesAgain = connection.source().canGiveBack();
      connection.source().start(deliveries);
      fixture.offer(connection, Messages.texts(1, 4));
      List<Delivery> handedOut = deliveries.await(4);
      assertThat(handedOut).noneMatch(Delivery::revoked);

      fixture.cut();
      BusException cause = losses.await().orElseThrow();

      assertThat(cause.sentence()).isNotBlank().doesNotContain("\n", "Exception");
      assertThat(handedOut).allMatch(d -> d.revoked() == comesAgain);
      assertThatCode(
              () -> {
                handedOut.get(1).acceptThrough();
                if (comesAgain) {
                  assertThat(connection.source().giveBack()).isZero();
                }
                handedOut.get(3).reject(REJECTION);
                connection.source().stop();
              })
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> connection.source().start(deliveries))
          .isInstanceOf(BusException.class);
    }
    assertThat(losses.count()).isEqualTo(1);
    if (comesAgain) {
      RecordedDeliveries again = new RecordedDeliveries();
      try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
        connection.source().start(again);
        assertThat(again.messages(4)).isEqualTo(Messages.texts(1, 4));
        again.await(4).getLast().acceptThrough();
      }
    }
    summary(4, 4, comesAgain ? 4 : 0, comesAgain ? 4 : 0);
  }

  @Test
  final void reportsNoLossWhenItIsClosed() throws Exception {
    RecordedDeliveries deliveries = new RecordedDeliveries();
    RecordedLosses losses = new RecordedLosses();
    BusConnection connection = fixture.bus().connect(losses);
    connection.source().start(deliveries);
    fixture.offer(connection, Messages.texts(1, 1));
    deliveries.await(1).getFirst().acceptThrough();

    connection.close();
    connection.close();

    // a second connection that has come and gone: whatever the first had to say, it has said
    fixture.bus().connect(new RecordedLosses()).close();
    assertThat(losses.count()).isZero();
    summary(1, 1, 1, 0);
  }

  /** The other side keeps {@code expected} messages, if it is of the kind that keeps any. */
  private void assertKept(long expected) throws Exception {
    OptionalLong kept = fixture.kept();
    assertThat(Stream.of(kept).filter(OptionalLong::isPresent).map(OptionalLong::getAsLong))
        .as("kept by the other side")
        .allMatch(n -> n == expected);
  }

  private void summary(long sent, long received, long confirmed, long requeued) throws Exception {
    ContractSummary.write(
        "SourceContract",
        fixture,
        test,
        reporter,
        new ContractSummary.Numbers(sent, received, confirmed, requeued));
  }
}
