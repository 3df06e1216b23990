package org.messagebusbridge.tester;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** Stands in for bridge and service: republishes each message of a queue as often as it is told. */
final class Echo {

  private Echo() {}

  /**
   * Starts at once, and works until its connection is closed.
   *
   * @param copies how often to republish the message of this number, counted from 1
   */
  static Connection start(
      ConnectionFactory factory, String from, String to, IntUnaryOperator copies)
      throws IOException, TimeoutException {
    Connection connection = factory.newConnection("echo");
    Channel channel = connection.createChannel();
    AtomicInteger taken = new AtomicInteger();
    channel.basicConsume(
        from,
        true,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            int number = taken.incrementAndGet();
            for (int i = copies.applyAsInt(number); i > 0; i--) {
              channel.basicPublish("", to, properties, body);
            }
          }
        });
    return connection;
  }
}
