package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

/** On RabbitMQ: the embedded broker closes the whole connection over a lock that is taken. */
class TurnsTest {

  @Nested
  class OnRabbit310 extends OnRabbit {
    OnRabbit310() {
      super(RabbitVersion.V3_10);
    }

    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V3_10);
    }
  }

  @Nested
  class OnRabbit40 extends OnRabbit {
    OnRabbit40() {
      super(RabbitVersion.V4_0);
    }

    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_0);
    }

    @Test
    void aLockIsNoQuorumQueueWhereQuorumIsTheDefault() throws Exception {
      RabbitNode node = node();
      node.ctl("add_vhost", "modern", "--default-queue-type", "quorum");
      try {
        node.ctl("set_permissions", "-p", "modern", node.user(), ".*", ".*", ".*");
        RecordedLosses losses = new RecordedLosses();
        TestConfig modern = config.withVhost("modern").withHeartbeat(Duration.ofSeconds(5));
        try (BusConnection first = inTurn(modern).connect(losses);
            BusConnection second = inTurn(modern).connect(losses)) {
          assertThat(first.turn().isOurs()).isTrue();
          assertThat(second.turn().isOurs()).isFalse();
          assertThat(node.ctl("-q", "-p", "modern", "list_queues", "name", "type").lines())
              .contains(to + "\tquorum", to + ".active\tclassic");
        }
        assertThat(losses.count()).isZero();
      } finally {
        node.ctl("delete_vhost", "modern");
      }
    }
  }

  @Nested
  class OnRabbit43 extends OnRabbit {
    OnRabbit43() {
      super(RabbitVersion.V4_3);
    }

    @BeforeAll
    static void needs() {
      Needs.rabbit(RabbitVersion.V4_3);
    }
  }

  /** What can be told of a lock on RabbitMQ alone. */
  abstract static class OnRabbit extends TurnsOnABroker {
    private final RabbitVersion version;

    OnRabbit(RabbitVersion version) {
      this.version = version;
    }

    final RabbitNode node() {
      return Brokers.rabbit(version);
    }

    @Override
    final Broker broker() {
      return node();
    }

    @Test
    void saysWhichPermissionTheLockTakes() throws Exception {
      other.declare(to);
      other.declare(from);
      node().ctl("add_user", "unlocked", "s3cret");
      try {
        node().ctl("set_permissions", "unlocked", "^$", ".*", ".*");
        BusException refused =
            catchThrowableOfType(
                BusException.class,
                () -> inTurn(config.withUser("unlocked", "s3cret")).connect(new RecordedLosses()));

        assertThat(refused.kind()).isEqualTo(Kind.MISCONFIGURED);
        assertThat(refused.sentence())
            .isEqualTo(
                "The user unlocked may not create queue %s.active at %s; grant it the configure"
                    + " permission, for ha_mode=standby takes turns by it.",
                to, address);
      } finally {
        node().ctl("delete_user", "unlocked");
      }
    }

    @Test
    void aHolderWhoseLockWasDeletedLosesItsTurn() throws Exception {
      RecordedLosses losses = new RecordedLosses();
      try (BusConnection first =
          inTurn(config.withHeartbeat(Duration.ofSeconds(3))).connect(losses)) {
        assertThat(first.turn().isOurs()).isTrue();

        node()
            .ctl(
                "eval",
                "{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\""
                    + to
                    + ".active\">>)), rabbit_amqqueue:delete(Q, false, false, <<\"operator\">>).");

        BusException lost = losses.await().orElseThrow();
        assertThat(lost.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(lost.sentence())
            .isEqualTo(
                "The broker at %s has no queue %s.active any more, so another bridge may take"
                    + " over: someone deleted it, or the broker's nodes lost sight of each other.",
                address, to);
        assertThat(first.turn().isOurs()).isFalse();
      }
    }

    @Test
    void aMemoryAlarmTakesNobodysTurnAndGivesTheNextItsOwn() throws Exception {
      RecordedLosses losses = new RecordedLosses();
      TestConfig quick = config.withHeartbeat(Duration.ofSeconds(2));
      BusConnection first = opened(quick, losses);
      BusConnection second = opened(quick, losses);
      CountDownLatch granted = new CountDownLatch(1);
      second.turn().await(granted::countDown);
      node().setMemoryAlarm(true);
      try {
        assertThat(granted.await(5, TimeUnit.SECONDS)).isFalse();
        assertThat(first.turn().isOurs()).isTrue();
        first.close();
        assertThat(granted.await(60, TimeUnit.SECONDS)).isTrue();
      } finally {
        node().setMemoryAlarm(false);
      }
      assertThat(losses.count()).isZero();
    }
  }
}
