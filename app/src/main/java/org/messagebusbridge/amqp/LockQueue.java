package org.messagebusbridge.amqp;

import static com.rabbitmq.client.AMQP.PRECONDITION_FAILED;
import static com.rabbitmq.client.AMQP.RESOURCE_LOCKED;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;

/**
 * A queue that stands for a lock: exclusive to the connection that made it, and gone with that
 * (AMQP 0-9-1, section 1.7.2.1). Used by one thread at a time.
 */
final class LockQueue {
  private static final Set<Integer> TAKEN = Set.of(RESOURCE_LOCKED, PRECONDITION_FAILED);
  private static final BasicProperties FLEETING =
      new BasicProperties.Builder().expiration("1").deliveryMode(1).build();
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final String name;
  private final Connection holding;
  private final Connection asking;
  private final AmqpFailures failures;
  private @Nullable Channel held;
  private @Nullable Channel probe;
  private boolean unanswered;
  private volatile boolean returned;

  /**
   * @param holding the connection that is to have the lock, and publishes nothing: a broker in
   *     alarm would not read from it
   * @param asking another one, to ask whether the lock is free
   */
  LockQueue(String name, Connection holding, Connection asking, AmqpFailures failures) {
    this.name = name;
    this.holding = holding;
    this.asking = asking;
    this.failures = failures;
  }

  String name() {
    return name;
  }

  /**
   * Takes the lock if it is free.
   *
   * @throws BusException when it cannot be had by anyone, or the broker is gone
   */
  boolean tryToTake() throws BusException {
    try {
      Channel channel = Wire.channel(holding);
      channel.queueDeclare(name, false, true, false, Map.of());
      held = channel;
      return true;
    } catch (IOException | ShutdownSignalException e) {
      if (Reply.of(e).filter(reply -> TAKEN.contains(reply.code())).isEmpty()) {
        throw failures.queue(Wish.LOCK, name, e);
      }
      refuseAnOrdinaryQueue();
      return false;
    }
  }

  /** Another connection's lock cannot even be looked at; a queue that can be is none. */
  private void refuseAnOrdinaryQueue() throws BusException {
    try {
      Channel channel = Wire.channel(holding);
      channel.queueDeclarePassive(name);
      channel.abort();
    } catch (IOException | ShutdownSignalException e) {
      if (Reply.of(e).isEmpty()) {
        throw failures.lost(e);
      }
      return;
    }
    throw failures.noLock(name);
  }

  /**
   * Whether the lock is free. Trying to take it would tell as much, but with an error in the
   * broker's log each time; so a message is sent to the queue, which comes back when there is none.
   * A broker that does not answer, as one in alarm, is taken to have said yes.
   */
  boolean mayBeFree() throws BusException, InterruptedException {
    try {
      Channel channel = probe();
      if (!unanswered) {
        returned = false;
        unanswered = true;
        channel.basicPublish("", name, true, FLEETING, new byte[0]);
      }
      boolean taken = channel.waitForConfirms(ANSWER.toMillis());
      unanswered = false;
      return returned || !taken;
    } catch (TimeoutException e) {
      return true;
    } catch (IOException | ShutdownSignalException e) {
      throw failures.lost(e);
    }
  }

  /** Opens what is asked with, before a broker in alarm would let that wait. */
  void prepareToAsk() throws IOException {
    var _ = probe();
  }

  private Channel probe() throws IOException {
    Channel current = probe;
    if (current != null) {
      return current;
    }
    Channel opened = Wire.channel(asking);
    opened.confirmSelect();
    opened.addReturnListener(message -> returned = true);
    probe = opened;
    return opened;
  }

  /** Has the broker say that the lock is held; it throws when it is not, or does not answer. */
  void prove() throws IOException {
    Channel channel = held;
    if (channel == null) {
      throw new IOException("the lock is not held");
    }
    channel.queueDeclarePassive(name);
  }

  /** How many consumers a queue has. */
  int consumers(String queue) throws IOException {
    Channel channel = held;
    if (channel == null) {
      throw new IOException("the lock is not held");
    }
    return channel.queueDeclarePassive(queue).getConsumerCount();
  }
}
