package org.messagebusbridge.amqp;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Turn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turn of the bridge that has the {@link LockQueue}. Two things have to be gone before it is
 * another's, and the broker alone says so: the lock, and the consumer of the queue that is relayed.
 * So the next one begins when all that the last one had in flight is back in the queue, in order.
 *
 * <p>A connection that is cut in silence is dropped by the broker two heartbeats at the earliest
 * after it last heard of it. The holder asks the broker five times a heartbeat whether it has the
 * lock, and its turn lapses when the last question that was answered was asked one and a half
 * heartbeats ago. So it ends here before it can begin elsewhere, also when this process is stopped
 * in between and goes on later.
 */
final class ActiveLock implements Turn {
  private static final Logger log = LoggerFactory.getLogger(ActiveLock.class);

  /** How often one that waits looks. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final LockQueue queue;
  private final String relayed;
  private final Duration heartbeat;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private boolean ours;
  private @Nullable Runnable whenOurs;

  /** Of the thread, once it is started. */
  private boolean held;

  private volatile long provenAt;

  /**
   * @param relayed the queue that the bridge consumes
   * @param heartbeat of the connection that has the lock, more than 0
   */
  ActiveLock(
      LockQueue queue,
      String relayed,
      Duration heartbeat,
      AmqpFailures failures,
      Lifetime lifetime) {
    this.queue = queue;
    this.relayed = relayed;
    this.heartbeat = heartbeat;
    this.failures = failures;
    this.lifetime = lifetime;
    this.thread = Thread.ofVirtual().name("amqp-lock").unstarted(this::run);
  }

  /** How long a turn lasts from when a question was asked that the broker has answered. */
  static Duration lease(Duration heartbeat) {
    return heartbeat.multipliedBy(3).dividedBy(2);
  }

  /** How often the broker is asked. */
  static Duration interval(Duration heartbeat) {
    return heartbeat.dividedBy(5);
  }

  /** How long an answer may take, for a question that is asked at its time. */
  static Duration patience(Duration heartbeat) {
    return lease(heartbeat).minus(interval(heartbeat));
  }

  /**
   * Takes the lock if it can be had at once, and goes on trying if not.
   *
   * @throws BusException when it can never be had
   */
  void start() throws BusException {
    boolean taken = queue.tryToTake();
    try {
      if (!taken) {
        queue.prepareToAsk();
      } else if (queue.consumers(relayed) == 0) {
        prove();
        grant();
      }
    } catch (IOException | ShutdownSignalException e) {
      throw failures.lost(e);
    }
    held = taken;
    thread.start();
  }

  void end() {
    thread.interrupt();
  }

  @Override
  public void await(Runnable heard) {
    lifetime.whileItLasts(
        () -> {
          lock.lock();
          try {
            if (!ours) {
              whenOurs = heard;
              return;
            }
          } finally {
            lock.unlock();
          }
          heard.run();
        });
  }

  @Override
  public boolean isOurs() {
    if (lifetime.isOver() || System.nanoTime() - provenAt >= lease(heartbeat).toNanos()) {
      return false;
    }
    lock.lock();
    try {
      return ours;
    } finally {
      lock.unlock();
    }
  }

  private void grant() {
    lifetime.whileItLasts(
        () -> {
          Runnable heard;
          lock.lock();
          try {
            ours = true;
            heard = whenOurs;
          } finally {
            lock.unlock();
          }
          if (heard != null) {
            heard.run();
          }
        });
  }

  private void run() {
    try {
      while (!held) {
        Thread.sleep(LOOK);
        held = queue.mayBeFree() && queue.tryToTake();
      }
      if (!isGranted()) {
        awaitTheLastConsumer();
        prove();
        grant();
      }
      while (!lifetime.isOver()) {
        Thread.sleep(interval(heartbeat));
        prove();
      }
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.turnLost(queue.name(), lease(heartbeat), e));
    } catch (BusException e) {
      lifetime.lose(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isGranted() {
    lock.lock();
    try {
      return ours;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the broker has dropped the consumer of the bridge that had the lock before, for as
   * long as that takes at most. Who consumes then is no bridge of this kind.
   */
  private void awaitTheLastConsumer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + heartbeat.multipliedBy(4).toNanos();
    while (queue.consumers(relayed) > 0) {
      if (System.nanoTime() > deadline) {
        log.atWarn()
            .addKeyValue("queue", relayed)
            .log(
                "Something else consumes the queue, which ha_mode=standby is to prevent: look for"
                    + " a bridge without it");
        return;
      }
      Thread.sleep(LOOK);
    }
  }

  private void prove() throws IOException {
    long asked = System.nanoTime();
    queue.prove();
    provenAt = asked;
  }
}
