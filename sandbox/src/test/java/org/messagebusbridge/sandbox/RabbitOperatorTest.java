package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.junit.Needs;

@ParameterizedClass
@EnumSource(RabbitVersion.class)
@Timeout(180)
class RabbitOperatorTest {
  private final RabbitNode node;
  private final RabbitOperator operator;

  RabbitOperatorTest(RabbitVersion version) {
    node = Brokers.rabbit(version);
    operator = new RabbitOperator(node);
  }

  @BeforeParameterizedClassInvocation
  static void need(RabbitVersion version) {
    Needs.rabbit(version);
  }

  private static CompletableFuture<Object> end(Connection connection) {
    var end = new CompletableFuture<Object>();
    connection.addShutdownListener(cause -> end.complete(cause.getReason()));
    return end;
  }

  @Test
  void closesTheConnectionsOfTheseNamesAlone() throws Exception {
    Connection one = node.connectionFactory().newConnection("operated one");
    try (Connection other = node.connectionFactory().newConnection("spared")) {
      CompletableFuture<Object> end = end(one);
      assertThat(operator.connections()).contains("operated one", "spared");

      assertThat(operator.closeConnections("operated one"::equals, "for a test")).isEqualTo(1);

      assertThat(end.get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              AMQP.Connection.Close.class,
              close -> {
                assertThat(close.getReplyCode()).isEqualTo(320);
                assertThat(close.getReplyText()).isEqualTo("CONNECTION_FORCED - for a test");
              });
      assertThat(other.isOpen()).isTrue();
      assertThat(operator.connections()).contains("spared").doesNotContain("operated one");
    }
  }

  @Test
  void endsTheChannelsOfOneConnectionWithAChannelError() throws Exception {
    try (Connection failing = node.connectionFactory().newConnection("failing");
        Connection other = node.connectionFactory().newConnection("spared too")) {
      Channel spared = other.createChannel();
      Channel channel = failing.createChannel();
      var end = new CompletableFuture<ShutdownSignalException>();
      channel.addShutdownListener(end::complete);

      assertThat(operator.failChannels("failing")).isEqualTo(1);

      assertThat(end.get(60, TimeUnit.SECONDS).getReason())
          .isInstanceOfSatisfying(
              AMQP.Channel.Close.class,
              close -> {
                assertThat(close.getReplyCode()).isEqualTo(406);
                assertThat(close.getReplyText())
                    .startsWith("PRECONDITION_FAILED - unknown delivery tag");
              });
      assertThat(failing.isOpen()).isTrue();
      assertThat(spared.isOpen()).isTrue();
      assertThat(operator.failChannels("nobody")).isZero();
    }
  }

  @Test
  void limitsAQueueByPolicyUntilThatIsCleared() throws Exception {
    node.declareQueue("operated.limited");
    try (Connection connection = node.connectionFactory().newConnection()) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      operator.setPolicy(
          "limit",
          "^operated[.]limited$",
          "{\"max-length\": 1, \"overflow\": \"reject-publish\"}",
          "queues");
      boolean refused = false;
      while (!refused) { // a policy takes hold a moment later
        channel.basicPublish("", "operated.limited", null, new byte[1]);
        refused = !channel.waitForConfirms(60_000);
      }
      operator.clearPolicy("limit");
      boolean taken = false;
      while (!taken) {
        channel.basicPublish("", "operated.limited", null, new byte[1]);
        taken = channel.waitForConfirms(60_000);
      }
    }
    operator.deleteQueue("operated.limited");
    assertThat(operator.queues()).doesNotContain("operated.limited");
  }

  @Test
  void readsTheArgumentsOfAQueue() throws Exception {
    Map<String, Object> arguments = Map.of("x-max-length", 7, "x-queue-type", "quorum");
    try (Connection connection = node.connectionFactory().newConnection()) {
      connection.createChannel().queueDeclare("operated.q", true, false, false, arguments);
    }
    assertThat(operator.arguments("operated.q")).isEqualTo(arguments);
    operator.deleteQueue("operated.q");
    assertThatThrownBy(() -> operator.arguments("operated.q"))
        .isInstanceOf(SandboxException.class)
        .hasMessage("There is no queue operated.q");
  }
}
