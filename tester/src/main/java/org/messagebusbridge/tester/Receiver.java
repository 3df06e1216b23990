package org.messagebusbridge.tester;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Consumes the queue that the bridge publishes to, on a channel of its own.
 *
 * <p>This run's messages are acknowledged, several at once when they come fast. A foreign one is
 * acknowledged too when the queue is the tester's alone; else it is held, unacknowledged, until the
 * end and then given back with all others at once. To give it back at once would bring it back at
 * once, ahead of the messages that are waited for; held, each foreign message is delivered once in
 * a run, and the broker puts it back in its old place. Only the broker keeps what is held, and no
 * more than {@link #MAX_HELD}.
 */
final class Receiver extends DefaultConsumer {

  /** How many foreign messages may be held before the run is given up. */
  static final int MAX_HELD = 50_000;

  private static final String CONSUMER_TAG = "bridgetester";
  private static final int MOST_AT_ONCE = 100;
  private static final long LONGEST_WAIT = Duration.ofMillis(20).toNanos();
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

  /** What happens on the broker's side; called on the channel's thread. */
  interface Listener {

    /**
     * A message came.
     *
     * @return whether it is this run's own
     */
    boolean received(byte[] body, long tag);

    /** Nothing will come any more; the sentence says why. */
    void failed(String sentence);
  }

  private final Channel channel;
  private final String queue;
  private final boolean exclusive;
  private final Listener listener;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private int held;
  private int unacknowledged;
  private long lastAcknowledgement = System.nanoTime();

  Receiver(Channel channel, String queue, boolean exclusive, Listener listener) {
    super(channel);
    this.channel = channel;
    this.queue = queue;
    this.exclusive = exclusive;
    this.listener = listener;
  }

  /** Begins to consume. */
  void start() throws IOException {
    channel.basicQos(exclusive ? 1_000 : MAX_HELD + 1_000);
    channel.basicConsume(queue, false, CONSUMER_TAG, this);
  }

  /** Ends consuming, takes what was already on its way, and gives back what is held, in order. */
  void stop() throws IOException, InterruptedException {
    channel.basicCancel(CONSUMER_TAG);
    if (!cancelled.await(CANCEL_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    if (held > 0) {
      channel.basicNack(0, true, true);
    } else if (unacknowledged > 0) {
      channel.basicAck(0, true);
    }
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
      throws IOException {
    if (listener.received(body, envelope.getDeliveryTag()) || exclusive) {
      consumed(envelope.getDeliveryTag());
      return;
    }
    if (held == 0 && unacknowledged > 0) {
      channel.basicAck(envelope.getDeliveryTag() - 1, true);
      unacknowledged = 0;
    }
    if (++held == MAX_HELD) {
      listener.failed(
          "The queue '%s' holds %,d messages or more that are not the tester's; use an empty queue, or -x to consume them."
              .formatted(queue, MAX_HELD));
    }
  }

  /** As long as nothing is held, one acknowledgement does for all before it. */
  private void consumed(long tag) throws IOException {
    if (held > 0) {
      channel.basicAck(tag, false);
      return;
    }
    long now = System.nanoTime();
    if (++unacknowledged >= MOST_AT_ONCE || now - lastAcknowledgement > LONGEST_WAIT) {
      channel.basicAck(tag, true);
      unacknowledged = 0;
      lastAcknowledgement = now;
    }
  }

  @Override
  public void handleCancelOk(String consumerTag) {
    cancelled.countDown();
  }

  @Override
  public void handleCancel(String consumerTag) {
    listener.failed(
        "The broker ended the consumption of '%s', as it does when a queue is deleted; the messages still out are counted as lost."
            .formatted(queue));
  }
}
