package org.messagebusbridge.sandbox.interop;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * The side of the broker: sends messages to the queue to_ws and takes account of those that come
 * into the queue from_ws. Both queues are made and deleted here. One thread uses it.
 */
final class Exchange implements AutoCloseable {

  /** How much may be on its way, in bytes, so that no broker fills up. */
  private static final long MOST_OUT = 64L * 1024 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TEXT = "text/plain";
  private static final BasicProperties PERSISTENT =
      new BasicProperties.Builder().deliveryMode(2).build();

  private final String toWs;
  private final String fromWs;
  private final Connection connection;
  private final Channel sending;
  private final Account account = new Account();

  /** Of all that was sent, so that what comes late is not taken for one of a later load. */
  private int next;

  private Exchange(Broker broker, String toWs, String fromWs) throws IOException, TimeoutException {
    this.toWs = toWs;
    this.fromWs = fromWs;
    connection = broker.connectionFactory().newConnection("interop");
    sending = connection.createChannel();
    sending.queueDeclare(toWs, true, false, false, null);
    sending.queueDeclare(fromWs, true, false, false, null);
    sending.confirmSelect();
    Channel taking = connection.createChannel();
    taking.basicConsume(
        fromWs,
        true,
        new DefaultConsumer(taking) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            account.came(body, !TEXT.equals(properties.getContentType()));
          }
        });
  }

  /**
   * Makes the queues and begins to take what comes back.
   *
   * @throws SandboxException when the broker refuses
   */
  static Exchange open(Broker broker, String toWs, String fromWs) {
    try {
      return new Exchange(broker, toWs, fromWs);
    } catch (IOException | TimeoutException e) {
      throw new SandboxException("The broker refused: " + e + ".", e);
    }
  }

  /** Sends all of a load as fast as it comes back. */
  void send(Load load) throws InterruptedException {
    int most = (int) Math.max(4, MOST_OUT / (load.size() + 1));
    int before = account.sum().lost();
    for (int i = 0; i < load.count(); i++) {
      if (!await(() -> account.sum().lost() - before < most)) {
        return;
      }
      sendOne(load);
    }
    confirm();
  }

  /** Sends one of a load. */
  void sendOne(Load load) {
    byte[] body = load.body(next++);
    account.sent(body, load.binary());
    try {
      sending.basicPublish("", toWs, PERSISTENT, body);
    } catch (IOException e) {
      throw new SandboxException("The broker takes no more: " + e + ".", e);
    }
  }

  private void confirm() throws InterruptedException {
    try {
      sending.waitForConfirmsOrDie(PATIENCE.toMillis());
    } catch (IOException | TimeoutException e) {
      throw new SandboxException("The broker did not confirm: " + e + ".", e);
    }
  }

  /** What has come of what was sent, when all has come or nothing comes any more. */
  Account.Sum settled() throws InterruptedException {
    confirm();
    await(() -> account.sum().lost() == 0);
    return account.take();
  }

  private interface Condition {
    boolean holds();
  }

  /** Whether it holds, in the end; it does not when nothing came back for a minute. */
  private boolean await(Condition condition) throws InterruptedException {
    long since = System.nanoTime();
    int came = account.sum().came();
    while (!condition.holds()) {
      int now = account.sum().came();
      if (now > came) {
        came = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try (connection) {
      sending.queueDelete(toWs);
      sending.queueDelete(fromWs);
    }
  }
}
