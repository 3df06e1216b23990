package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class RabbitClusterTest {

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static RabbitCluster cluster;

  @BeforeAll
  static void start() {
    Needs.rabbit(RabbitVersion.V4_0);
    cluster = RabbitCluster.start(RabbitVersion.V4_0);
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void isOneClusterOfThreeNodes() {
    List<String> names = cluster.nodes().stream().map(RabbitNode::nodeName).sorted().toList();
    for (RabbitNode node : cluster.nodes()) {
      assertThat(node.ctl("eval", "lists:sort(rabbit_nodes:list_running())."))
          .isEqualToIgnoringWhitespace("['" + String.join("','", names) + "']");
    }
    assertThat(cluster.name()).matches("RabbitMQ 4\\.0\\.\\d+, 3 nodes");
  }

  @Test
  void takesConnectionsOnAllNodesInTurn() throws Exception {
    try (Connection one = cluster.connectionFactory().newConnection();
        Connection two = cluster.connectionFactory().newConnection();
        Connection three = cluster.connectionFactory().newConnection()) {
      assertThat(List.of(one, two, three)).allMatch(Connection::isOpen);
      for (RabbitNode node : cluster.nodes()) {
        assertThat(node.ctl("eval", "length(rabbit_networking:local_connections())."))
            .isEqualTo("1");
      }
    }
  }

  @Test
  void keepsConfirmedMessagesInOrderWhenTheLeaderIsKilledAndMakesAnotherNodeTheLeader()
      throws Exception {
    cluster.declareQueue("q");
    List<String> bodies = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
    publish("q", bodies);
    RabbitNode first = cluster.leader("q");
    var lost = new CountDownLatch(1);
    first.connectionFactory().newConnection().addShutdownListener(cause -> lost.countDown());

    first.kill();
    assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
    RabbitNode second = cluster.awaitLeader("q");

    assertThat(second).isNotSameAs(first);
    assertThat(first.isRunning()).isFalse();
    assertThat(take("q", 100)).isEqualTo(bodies);
    first.startAgain();
    publish("q", List.of("after"));
    assertThat(cluster.depth("q")).isEqualTo(1);
  }

  private static void publish(String queue, List<String> bodies) throws Exception {
    try (Connection connection = cluster.connectionFactory().newConnection()) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      for (String body : bodies) {
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  private static List<String> take(String queue, int count) throws Exception {
    List<String> bodies = new ArrayList<>();
    try (Connection connection = cluster.connectionFactory().newConnection()) {
      Channel channel = connection.createChannel();
      while (bodies.size() < count) {
        GetResponse got = channel.basicGet(queue, true);
        if (got != null) {
          bodies.add(new String(got.getBody(), UTF_8));
        }
      }
    }
    return bodies;
  }
}
