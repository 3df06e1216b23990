package org.messagebusbridge.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;

@Timeout(180)
class QueueDepthsTest {
  private final Broker broker = Brokers.embedded();
  private final String queue = "depths-" + System.nanoTime();

  @Test
  void countsWhatWaitsAndWhoConsumes() throws Exception {
    try (QueueDepths depths = new QueueDepths(config());
        Connection connection = broker.connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      broker.declareQueue(queue);
      assertThat(depths.of(queue)).contains(new QueueDepth(0, 0));

      channel.confirmSelect();
      for (int i = 0; i < 3; i++) {
        channel.basicPublish("", queue, null, new byte[] {1});
      }
      channel.waitForConfirmsOrDie(60_000);
      assertThat(depths.of(queue)).contains(new QueueDepth(3, 0));

      channel.basicQos(1);
      channel.basicConsume(queue, new DefaultConsumer(channel));
      assertThat(depths.of(queue).map(QueueDepth::consumers)).contains(1);
    }
  }

  @Test
  void aQueueThatIsNotThereIsNotKnownAndDoesNotHinderOthers() throws Exception {
    try (QueueDepths depths = new QueueDepths(config())) {
      broker.declareQueue(queue);
      assertThat(depths.of(queue + ".missing")).isEmpty();
      assertThat(depths.of(queue)).contains(new QueueDepth(0, 0));
    }
  }

  @Test
  void nothingIsKnownOnceClosed() throws Exception {
    QueueDepths depths = new QueueDepths(config());
    broker.declareQueue(queue);
    assertThat(depths.of(queue)).isPresent();
    depths.close();
    assertThat(depths.of(queue)).isEmpty();
  }

  private AmqpConfig config() {
    return TestConfig.of(broker, queue).build();
  }
}
