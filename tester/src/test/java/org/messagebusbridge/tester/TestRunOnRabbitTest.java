package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class TestRunOnRabbitTest {

  /** More than the 20 deliveries that a quorum queue of 4.x allows unless it is told otherwise. */
  private static final int RUNS = 22;

  private static AmqpConfig config(RabbitNode node, QueueType type, String name) {
    String queue = "tester." + name + "." + type;
    return new AmqpConfig(Configuration.DEFAULTS)
        .with(AmqpKeys.HOST, node.host())
        .with(AmqpKeys.PORT, node.tlsPort().orElseThrow())
        .with(AmqpKeys.USER_ID, node.user())
        .with(AmqpKeys.PASSWORD, new Secret(node.password()))
        .with(AmqpKeys.QUEUE_TO_WS, queue + ".to")
        .with(AmqpKeys.QUEUE_FROM_WS, queue + ".from")
        .with(AmqpKeys.VHOST, node.vhost())
        .with(AmqpKeys.TLS_FILES.caFile(), node.certificates().orElseThrow().caFile())
        .with(AmqpKeys.QUEUE_TYPE, type);
  }

  private static Summary run(AmqpConfig config, int number, Duration endDelay) throws Exception {
    return run(config, Plans.of(number, Duration.ZERO, endDelay));
  }

  private static Summary run(AmqpConfig config, Plan plan) throws Exception {
    Clock clock = Clock.system(ZoneOffset.UTC);
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    View view = new LinesView(new Console(nowhere, nowhere, clock), true);
    return new TestRun(Route.of(config, plan), plan, Plans.log(plan), view, clock, () -> {})
        .run()
        .summary();
  }

  @ParameterizedTest
  @CsvSource({"V3_10, CLASSIC", "V3_10, QUORUM", "V4_0, CLASSIC", "V4_0, QUORUM"})
  void leavesForeignMessagesWhereTheyWereHoweverOftenItRuns(RabbitVersion version, QueueType type)
      throws Exception {
    Needs.rabbit(version);
    RabbitNode node = Brokers.rabbit(version);
    AmqpConfig config = config(node, type, "often");
    // the first run creates both queues, of the type configured
    assertThat(run(config, 1, Duration.ZERO).lost()).isEqualTo(1);
    TestQueues.takeAll(node, config.queueToWs());
    List<String> foreign = TestQueues.putForeign(node, config.queueFromWs(), 300);
    Connection echo =
        Echo.start(node.connectionFactory(), config.queueToWs(), config.queueFromWs(), n -> 1);
    try {
      for (int i = 0; i < RUNS; i++) {
        Summary summary = run(config, 5, Duration.ofSeconds(30));

        assertThat(summary.returned()).isEqualTo(5);
        assertThat(summary.foreign()).isEqualTo(300);
      }
    } finally {
      echo.close();
    }
    assertThat(TestQueues.takeAll(node, config.queueFromWs())).isEqualTo(foreign);
  }

  @ParameterizedTest
  @CsvSource({"V3_10, CLASSIC", "V3_10, QUORUM", "V4_0, CLASSIC", "V4_0, QUORUM"})
  void leavesOrTakesTenThousandForeignMessages(RabbitVersion version, QueueType type)
      throws Exception {
    Needs.rabbit(version);
    RabbitNode node = Brokers.rabbit(version);
    AmqpConfig config = config(node, type, "many");
    assertThat(run(config, 1, Duration.ZERO).lost()).isEqualTo(1);
    TestQueues.takeAll(node, config.queueToWs());
    List<String> foreign = TestQueues.putForeign(node, config.queueFromWs(), 10_000);
    Connection echo =
        Echo.start(node.connectionFactory(), config.queueToWs(), config.queueFromWs(), n -> 1);
    try {
      Summary summary = run(config, 5, Duration.ofSeconds(30));

      // each was received once: it spins around none
      assertThat(summary.foreign()).isEqualTo(10_000);
      assertThat(summary.returned()).isEqualTo(5);
      assertThat(TestQueues.takeAll(node, config.queueFromWs())).isEqualTo(foreign);

      TestQueues.putForeign(node, config.queueFromWs(), 10_000);
      Plan all = Plans.exclusive(Plans.of(5, Duration.ZERO, Duration.ofSeconds(30)));
      summary = run(config, all);

      assertThat(summary.foreign()).isEqualTo(10_000);
      assertThat(summary.returned()).isEqualTo(5);
      assertThat(TestQueues.takeAll(node, config.queueFromWs())).isEmpty();
    } finally {
      echo.close();
    }
  }
}
