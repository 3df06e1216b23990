package org.messagebusbridge.sandbox.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/**
 * The least that any bridge on amqp-client must spend: consumes, publishes with confirms and
 * acknowledges what is confirmed. It knows no reconnecting, no order on a nack and no second side.
 * Its settings are in the environment: {@code FLOOR_PORT}, {@code FLOOR_USER}, {@code
 * FLOOR_PASSWORD}, {@code FLOOR_FROM}, {@code FLOOR_TO}.
 */
public final class Floor {
  private static final int PREFETCH = 500;

  private Floor() {}

  /** Runs until it is killed. */
  public static void main(String[] args)
      throws IOException, TimeoutException, InterruptedException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(Integer.parseInt(System.getenv("FLOOR_PORT")));
    factory.setUsername(System.getenv("FLOOR_USER"));
    factory.setPassword(System.getenv("FLOOR_PASSWORD"));
    String to = System.getenv("FLOOR_TO");
    Connection consuming = factory.newConnection("floor consumer");
    Connection publishing = factory.newConnection("floor publisher");
    Channel in = consuming.createChannel();
    Channel out = publishing.createChannel();
    out.confirmSelect();
    // Deliveries and publishings are numbered alike: both from 1, one for one.
    out.addConfirmListener((tag, multiple) -> in.basicAck(tag, multiple), (tag, multiple) -> {});
    in.basicQos(PREFETCH);
    in.basicConsume(
        System.getenv("FLOOR_FROM"),
        new DefaultConsumer(in) {
          @Override
          public void handleDelivery(
              String consumer, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            out.basicPublish("", to, true, properties, body);
          }
        });
    new CountDownLatch(1).await();
  }
}
