package org.messagebusbridge.sandbox.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * Puts transient messages into one queue and takes them out of another, and keeps account of each.
 * Used once, by one thread.
 *
 * <p>Without a rate it sends as fast as they come back, with a fixed number in flight: it saturates
 * what is between the queues, so a round trip is mostly the wait behind those in flight. With a
 * rate each is timed from when it was due, so that a wait before it could be sent counts too.
 */
final class Load implements AutoCloseable {

  private static final BasicProperties TRANSIENT =
      new BasicProperties.Builder().contentType("text/plain").deliveryMode(1).build();

  private final Spec spec;
  private final String to;
  private final Connection publishing;
  private final Connection consuming;
  private final Channel out;
  private final Semaphore window;
  private final Receipts receipts;
  private int sent;

  /**
   * What to send, and how long.
   *
   * @param size of a body in bytes, {@link Payload#MIN_SIZE} or more
   * @param inFlight how many messages may be out
   * @param rate how many to send a second; 0 for as fast as they come back
   * @param warmUp before anything is measured
   * @param seconds that are measured
   * @param patience how long to wait for the rest, at the end, since anything came back
   */
  record Spec(int size, int inFlight, int rate, Duration warmUp, int seconds, Duration patience) {}

  private Load(Spec spec, String to, Connection publishing, Connection consuming)
      throws IOException {
    this.spec = spec;
    this.to = to;
    this.publishing = publishing;
    this.consuming = consuming;
    this.out = publishing.createChannel();
    this.window = new Semaphore(spec.inFlight());
    this.receipts = new Receipts(window, spec.seconds());
  }

  /**
   * Connects and begins to consume.
   *
   * @throws SandboxException when that fails
   */
  static Load open(ConnectionFactory factory, Spec spec, String to, String from) {
    try {
      Connection publishing = factory.newConnection("bench publisher");
      Connection consuming = factory.newConnection("bench consumer");
      Load load = new Load(spec, to, publishing, consuming);
      Channel in = consuming.createChannel();
      in.basicConsume(from, true, load.receipts.consumer(in));
      return load;
    } catch (IOException | TimeoutException e) {
      throw new SandboxException("The load cannot reach the broker: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Sends for the time of the warm-up and for the time that is measured, then waits for what is
   * still out, as long as it comes.
   *
   * @param begin called when the measuring begins
   * @param end called when it ends
   */
  Figures run(Runnable begin, Runnable end) throws InterruptedException {
    sendFor(spec.warmUp());
    begin.run();
    receipts.measure();
    sendFor(Duration.ofSeconds(spec.seconds()));
    end.run();
    awaitRest();
    return receipts.figures(sent);
  }

  /**
   * Sends so many at once, before anything takes them out of their queue; they are in flight from
   * then on. To be called first.
   */
  void fill(int count) throws InterruptedException {
    try {
      window.acquire(count);
      for (int i = 0; i < count; i++) {
        out.basicPublish("", to, TRANSIENT, new Payload(sent++, 0).bytes(spec.size()));
      }
    } catch (IOException | AlreadyClosedException e) {
      throw new SandboxException("The broker ended the load's connection.", e);
    }
  }

  /**
   * As {@link #run}, but what is in flight at the end is left behind and counts as lost.
   *
   * @return round trips a second
   */
  double sample() throws InterruptedException {
    sendFor(spec.warmUp());
    receipts.measure();
    sendFor(Duration.ofSeconds(spec.seconds()));
    return receipts.figures(sent).overall();
  }

  private void sendFor(Duration time) throws InterruptedException {
    long begin = System.nanoTime();
    long deadline = begin + time.toNanos();
    try {
      int first = sent;
      long due = due(begin, 0);
      while (due - deadline < 0) {
        sleepUntil(due);
        if (!window.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
        byte[] body = new Payload(sent, due).bytes(spec.size());
        out.basicPublish("", to, TRANSIENT, body);
        sent++;
        due = due(begin, sent - first);
      }
      sleepUntil(deadline);
    } catch (IOException | AlreadyClosedException e) {
      throw new SandboxException("The broker ended the load's connection.", e);
    }
  }

  /** When message {@code number} since {@code begin} is due: at once when there is no rate. */
  private long due(long begin, int number) {
    return spec.rate() == 0 ? System.nanoTime() : begin + number * 1_000_000_000L / spec.rate();
  }

  private static void sleepUntil(long time) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void awaitRest() throws InterruptedException {
    int back = -1;
    while (receipts.figures(sent).received() > back) {
      back = receipts.figures(sent).received();
      if (window.tryAcquire(spec.inFlight(), spec.patience().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  @Override
  public void close() {
    publishing.abort(2_000);
    consuming.abort(2_000);
  }
}
