package org.messagebusbridge.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Sink} keeps. Bound to a bus by a subclass, most handily a {@code @Nested} one,
 * that opens its fixture.
 */
@Timeout(180)
public abstract class SinkContract {
  private static final int MANY = 500;

  private BusFixture fixture;
  private TestInfo test;
  private TestReporter reporter;

  /** A fresh bus with an other side that has got nothing yet. */
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
  final void sendsEveryMessageOnceInOrderAndByteForByteAndConfirmsEachOnce() throws Exception {
    List<Message> messages = Messages.mixed(MANY);
    RecordedConfirmations confirmations = new RecordedConfirmations();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      Sink sink = connection.sink();
      sink.start(confirmations);
      for (int n = 1; n <= MANY; n++) {
        assertThat(sink.send(messages.get(n - 1))).isEqualTo(n);
      }
      sink.flush();

      assertThat(fixture.received(connection, MANY))
          .isEqualTo(messages.stream().map(fixture::asReceived).toList());
      assertThat(confirmations.await(MANY)).isEqualTo(MANY);
      assertThat(confirmations.highest()).isEqualTo(MANY);
      assertThat(confirmations.refused()).isZero();
      assertThat(confirmations.settledTwice()).isZero();
    }
    summary(MANY, MANY, confirmations.confirmed());
  }

  @Test
  final void carriesWhatIsKnownBesideTheBodyWhereItCan() throws Exception {
    RecordedConfirmations confirmations = new RecordedConfirmations();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.sink().start(confirmations);
      Message sent = Messages.known(1);
      connection.sink().send(sent);
      connection.sink().flush();

      Message expected =
          fixture.carriesAttributes()
              ? sent
              : Message.of(sent.body(), fixture.asReceived(sent).form());
      assertThat(fixture.received(connection, 1)).containsExactly(expected);
      assertThat(confirmations.await(1)).isEqualTo(1);
    }
    summary(1, 1, confirmations.confirmed());
  }

  @Test
  final void confirmsAMessageThatIsAloneWithoutWaitingForMore() throws Exception {
    RecordedConfirmations confirmations = new RecordedConfirmations();
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      connection.sink().start(confirmations);
      for (int n = 1; n <= 3; n++) {
        connection.sink().send(Messages.text(n));
        connection.sink().flush();
        assertThat(fixture.received(connection, n)).isEqualTo(Messages.texts(1, n));
        assertThat(confirmations.await(n)).isEqualTo(n);
      }
    }
    summary(3, 3, confirmations.confirmed());
  }

  @Test
  final void countsFromOneOnEachConnection() throws Exception {
    for (int run = 1; run <= 2; run++) {
      RecordedConfirmations confirmations = new RecordedConfirmations();
      try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
        connection.sink().start(confirmations);
        assertThat(connection.sink().send(Messages.text(run))).isEqualTo(1);
        connection.sink().flush();
        assertThat(fixture.received(connection, run)).isEqualTo(Messages.texts(1, run));
        assertThat(confirmations.await(1)).isEqualTo(1);
        assertThat(confirmations.highest()).isEqualTo(1);
      }
    }
    summary(2, 2, 2);
  }

  @Test
  final void saysHowLargeAMessageMayBe() throws Exception {
    try (BusConnection connection = fixture.bus().connect(new RecordedLosses())) {
      assertThat(connection.sink().maxMessageBytes()).isGreaterThanOrEqualTo(1 << 20);
    }
    summary(0, 0, 0);
  }

  @Test
  final void confirmsNothingOnceTheConnectionIsLostAndOnlyCountsWhatIsSentThen() throws Exception {
    assumeTrue(fixture.canCut(), "a connection that can be cut");
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    long sent = 0;
    int confirmed;
    int received;
    try (BusConnection connection = fixture.bus().connect(losses)) {
      Sink sink = connection.sink();
      sink.start(confirmations);
      for (Message message : Messages.texts(1, 100)) {
        sent = sink.send(message);
      }
      sink.flush();
      fixture.received(connection, 100);
      assertThat(confirmations.await(100)).isEqualTo(100);

      for (Message message : Messages.texts(101, 200)) {
        sent = sink.send(message);
      }
      fixture.cut();
      BusException cause = losses.await().orElseThrow();
      confirmed = confirmations.confirmed();

      assertThat(cause.sentence()).isNotBlank().doesNotContain("\n", "Exception");
      for (Message message : Messages.texts(201, 300)) {
        assertThat(sink.send(message)).isEqualTo(++sent);
      }
      sink.flush();
      assertThat(confirmations.confirmed()).as("confirmed after the loss").isEqualTo(confirmed);
    }
    assertThat(losses.count()).isEqualTo(1);
    try (BusConnection next = fixture.bus().connect(new RecordedLosses())) {
      int surely = fixture.confirmsWhatHasArrivedOnly() ? confirmed : 0;
      List<Message> got = fixture.received(next, surely);
      received = got.size();
      assertThat(got).as("what was confirmed is there").hasSizeGreaterThanOrEqualTo(surely);
      assertThat(got).isEqualTo(Messages.texts(1, received));
    }
    summary(sent, received, confirmed);
  }

  @Test
  final void reportsNoLossWhenItIsClosed() throws Exception {
    RecordedConfirmations confirmations = new RecordedConfirmations();
    RecordedLosses losses = new RecordedLosses();
    BusConnection connection = fixture.bus().connect(losses);
    connection.sink().start(confirmations);
    connection.sink().send(Messages.text(1));
    connection.sink().flush();
    assertThat(fixture.received(connection, 1)).isEqualTo(Messages.texts(1, 1));
    assertThat(confirmations.await(1)).isEqualTo(1);

    connection.close();
    connection.close();

    // a second connection that has come and gone: whatever the first had to say, it has said
    fixture.bus().connect(new RecordedLosses()).close();
    assertThat(losses.count()).isZero();
    summary(1, 1, 1);
  }

  private void summary(long sent, long received, long confirmed) throws Exception {
    ContractSummary.write(
        "SinkContract",
        fixture,
        test,
        reporter,
        new ContractSummary.Numbers(sent, received, confirmed, 0));
  }
}
