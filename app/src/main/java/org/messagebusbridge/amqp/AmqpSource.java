package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a queue. Deliveries come in the reading thread of the consuming connection, and
 * while there is no room for a next one that thread waits: nothing is read, the broker feels it.
 * Heartbeats go on, for another thread sends them, and none is missed while nobody reads.
 *
 * <p>RabbitMQ gives up a connection that it cannot write to for 30 s, and would deliver all that is
 * in flight again. So when nothing was settled for the length of a patience well below that, the
 * consumer is cancelled, what the broker had on its way goes back to the queue, and once half of
 * what is in flight is settled a consumer follows that prefetches as much as had room. Its prefetch
 * rises again when messages turn out to be small.
 *
 * <p>One delivery at a time is a consumer that prefetches one; another takes its place for the
 * whole window. That is done while its one message is unsettled, at once or when the next has come,
 * so that the broker has nothing on its way that it would take back. ({@code basic.get} would have
 * to be polled, and a quorum queue with a single active consumer refuses it.)
 */
final class AmqpSource implements Source {
  private static final Logger log = LoggerFactory.getLogger(AmqpSource.class);

  /** AMQP 0-9-1, section 4.2.5.3: in bytes. */
  private static final int LONGEST_TAG = 255;

  /** How little of the bound is in use when the prefetch is raised: a quarter. */
  private static final int SPACIOUS = 4;

  /**
   * How long after one consumer of the whole window the next one comes on the same channel. A
   * quorum queue hands newer messages to one that comes at once, before those that it has taken
   * back from the last.
   */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Wire wire;
  private final Channel channel;
  private final AmqpConfig config;
  private final Duration patience;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final Unsettled unsettled;
  private final Triage triage;

  /** Held while the broker is told of a consumer; the reading thread never waits for it. */
  private final ReentrantLock consumer = new ReentrantLock();

  // Written under the lock.
  private volatile @Nullable Receiver receiver;

  // Guarded by the lock.
  private int starts;
  private int qos;
  private int consumers;
  private boolean tagTaken;
  private long cancelledAt = System.nanoTime() - PAUSE.toNanos();

  /**
   * @param channel for this source alone, with the prefetch of the configuration
   * @param wire that the channel is of
   * @param triage says what is not to be handed out
   */
  AmqpSource(
      Wire wire,
      Channel channel,
      AmqpConfig config,
      Duration patience,
      AmqpFailures failures,
      Lifetime lifetime,
      Unsettled unsettled,
      Triage triage) {
    this.wire = wire;
    this.channel = channel;
    this.config = config;
    this.patience = patience;
    this.failures = failures;
    this.lifetime = lifetime;
    this.unsettled = unsettled;
    this.triage = triage;
    this.qos = config.prefetch();
  }

  @Override
  public void start(Handler handler) throws BusException {
    start(receiver(handler, config.prefetch()));
  }

  @Override
  public void startWithOne(Handler handler) throws BusException {
    start(new Receiver(channel, this, unsettled, handler, 1, true));
  }

  private Receiver receiver(Handler handler, int prefetch) {
    return new Receiver(channel, this, unsettled, handler, prefetch, false);
  }

  private void start(Receiver starting) throws BusException {
    lifetime.check(failures.closedHere());
    consumer.lock();
    try {
      Receiver running = receiver;
      if (running != null && running.isSingle() && !starting.isSingle()) {
        if (running.latest().filter(unsettled::isOut).isPresent()) {
          widen(running);
        } else {
          running.widenAtNext();
        }
        return;
      }
      starts++;
      unsettled.open();
      if (lifetime.isOver()) {
        unsettled.shut();
      }
      consume(starting);
    } finally {
      consumer.unlock();
    }
  }

  /** Has the consumer of the whole window take the place of this one, whose message is out. */
  private void widen(Receiver single) throws BusException {
    receiver = null;
    try {
      channel.basicCancel(single.getConsumerTag());
      single.handOutKept();
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.lost(e));
    }
    single.stop();
    lifetime.check(failures.closedHere());
    consume(receiver(single.handler(), config.prefetch()));
  }

  @Override
  public void stop() {
    unsettled.shut();
    consumer.lock();
    try {
      starts++;
      cancel();
    } finally {
      consumer.unlock();
    }
  }

  @Override
  public Window window() {
    Receiver current = receiver;
    return new Window(
        current == null ? config.prefetch() : current.prefetch(), unsettled.maxBytes());
  }

  @Override
  public boolean canGiveBack() {
    return true;
  }

  @Override
  public int giveBack() {
    stop();
    return unsettled.giveBack();
  }

  private void consume(Receiver starting) throws BusException {
    try {
      long rested = System.nanoTime() - cancelledAt;
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos() - rested);
      if (qos != starting.prefetch()) {
        channel.basicQos(starting.prefetch());
        qos = starting.prefetch();
      }
      channel.basicConsume(config.queueToWs(), false, tag(starting), starting);
      receiver = starting;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.closedHere();
    } catch (IOException | ShutdownSignalException e) {
      starting.stop();
      BusException failure = failures.queue(Wish.CONSUME, config.queueToWs(), e);
      lifetime.lose(failure);
      throw failure;
    }
  }

  /**
   * The first of the whole window has the configured tag, each other one a tag of its own: a quorum
   * queue takes one of the same tag for the one before, whose messages may be unsettled still.
   * RabbitMQ 3.10.8 then closes the connection with 541.
   */
  private String tag(Receiver starting) {
    consumers++;
    if (!starting.isSingle() && !tagTaken) {
      tagTaken = true;
      return config.consumerTag();
    }
    String suffix = "." + consumers;
    String name = config.consumerTag();
    while ((name + suffix).getBytes(UTF_8).length > LONGEST_TAG) {
      name = name.substring(0, name.length() - 1);
    }
    return name + suffix;
  }

  /**
   * What comes before the broker's answer is still handed out. A quorum queue takes back by itself
   * what it has on its way by then, before it hears of anything that is given back here: that would
   * come after it, out of order.
   */
  private void cancel() {
    Receiver stopping = receiver;
    if (stopping == null) {
      return;
    }
    receiver = null;
    try {
      if (!lifetime.isOver()) {
        channel.basicCancel(stopping.getConsumerTag());
      }
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.lost(e));
    }
    stopping.stop();
    stopping.givenBack().forEach(unsettled::giveBack);
    cancelledAt = System.nanoTime();
  }

  /** Has another consumer take the place of this one, when there are so few unsettled messages. */
  private void replace(Receiver old, int prefetch, int atMost) {
    Thread.ofVirtual().name("amqp-prefetch").start(() -> replaceNow(old, prefetch, atMost));
  }

  private void replaceNow(Receiver old, int prefetch, int atMost) {
    try {
      int start;
      consumer.lock();
      try {
        if (!old.equals(receiver)) {
          return;
        }
        start = starts;
        cancel();
      } finally {
        consumer.unlock();
      }
      if (!unsettled.awaitAtMost(atMost)) {
        return;
      }
      consumer.lock();
      try {
        if (start == starts && !lifetime.isOver()) {
          consume(receiver(old.handler(), prefetch));
        }
      } finally {
        consumer.unlock();
      }
    } catch (BusException e) {
      log.debug("The loss was reported", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes a delivery of what came; none when it was given up. Called by the connection's reader.
   */
  Optional<AmqpDelivery> arrived(
      Receiver at, Envelope envelope, BasicProperties properties, byte[] body) {
    OptionalLong cut = wire.cutBody(channel.getChannelNumber());
    AmqpDelivery delivery =
        new AmqpDelivery(this, unsettled, envelope, properties, body, cut.orElse(body.length));
    unsettled.add(delivery);
    if (lifetime.isOver()) {
      at.stop();
    }
    Optional<Rejection> rejection = triage.of(delivery);
    if (rejection.isPresent()) {
      unsettled.reject(delivery, rejection.get());
      return Optional.empty();
    }
    return Optional.of(delivery);
  }

  /**
   * A delivery was handed out, or given up: waits until there is room for the next one, or the
   * receiver was stopped. Called by the connection's reader.
   */
  void awaitRoom(Receiver by) {
    if (by.isSingle()) {
      return; // the broker sends no more until this one is settled
    }
    switch (unsettled.awaitRoom(patience)) {
      case FREE -> raisePrefetch(by);
      case SHUT -> by.stop();
      case NONE -> lowerPrefetch(by);
    }
  }

  private void raisePrefetch(Receiver by) {
    int prefetch = by.prefetch();
    if (prefetch < config.prefetch() && unsettled.count() >= prefetch) {
      long factor = unsettled.spaciousness();
      if (factor >= SPACIOUS) {
        int more = (int) Math.min(config.prefetch(), prefetch * (factor / 2));
        replace(by, more, Integer.MAX_VALUE);
      }
    }
  }

  private void lowerPrefetch(Receiver by) {
    by.stop();
    int half = unsettled.count() / 2;
    log.atInfo()
        .addKeyValue("unsettled", unsettled.count())
        .addKeyValue("prefetch", Math.max(1, half))
        .log("What is in flight fills the memory it may take; fewer messages are prefetched");
    replace(by, Math.max(1, half), half);
  }

  /** One that is to be widened keeps its delivery. Returns at once. */
  void kept(Receiver by) {
    Thread.ofVirtual().name("amqp-widening").start(() -> widenNow(by));
  }

  private void widenNow(Receiver single) {
    consumer.lock();
    try {
      if (single.equals(receiver)) {
        widen(single);
      }
    } catch (BusException e) {
      log.debug("The loss was reported", e);
    } finally {
      consumer.unlock();
    }
  }

  /** The handler failed. */
  void failed(Throwable failure) {
    log.error(
        "A handler of deliveries failed, which is a bug; the connection is given up", failure);
    lifetime.lose(failures.lost(failure));
  }

  /** The broker has cancelled the consumer. */
  void cancelled() {
    lifetime.lose(failures.cancelled());
  }
}
