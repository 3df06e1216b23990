package org.messagebusbridge.tester;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.messagebusbridge.amqp.AmqpFailures;
import org.messagebusbridge.amqp.AmqpFailures.Wish;

/**
 * One run of the tester: sends what the plan says, receives until all is back or the time is up,
 * and leaves the queue as it found it. It publishes on one connection and consumes on another, for
 * a broker in alarm stops reading from one that publishes, acknowledgements included.
 *
 * <p>Used once. {@link #interrupt} may be called by any thread.
 */
final class TestRun implements Receiver.Listener {

  private static final int CLOSE_TIMEOUT_MILLIS = 5_000;
  private static final Duration LOOK_AROUND = Duration.ofMillis(100);

  /** What has to be there before the first message is sent, beside the broker. */
  interface Preparation {

    /** Waits for it. */
    void await() throws TesterException, InterruptedException;
  }

  private final Route route;
  private final AmqpFailures failures;
  private final Plan plan;
  private final MessageLog log;
  private final View view;
  private final Clock clock;
  private final Preparation preparation;
  private final ClockWatch watch;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final AtomicBoolean refusalReported = new AtomicBoolean();
  private volatile boolean begun;
  private volatile boolean allSent;

  /**
   * A run that has not begun.
   *
   * @param log an empty account
   * @param clock the local time, for what the messages say
   * @param preparation is awaited when the broker is connected
   */
  TestRun(Route route, Plan plan, MessageLog log, View view, Clock clock, Preparation preparation) {
    this.preparation = preparation;
    this.route = route;
    this.failures = new AmqpFailures(route.broker());
    this.plan = plan;
    this.log = log;
    this.view = view;
    this.clock = clock;
    this.watch = new ClockWatch(clock, System::nanoTime);
  }

  /**
   * Lets the run end now.
   *
   * @return whether it had begun, and so has something to put in order and to sum up
   */
  boolean interrupt() {
    ending.complete(new Ending.Interrupted());
    return begun;
  }

  /**
   * Runs, closes the view, and says how it went.
   *
   * @throws TesterException when it could not begin: no connection, no queue
   */
  Outcome run() throws TesterException, InterruptedException {
    BrokerConnections broker = new BrokerConnections(route.broker());
    Connection publishing = broker.open("bridgetester publisher");
    try (view) {
      Connection consuming = broker.open("bridgetester consumer");
      try {
        broker.declare(publishing, route.sendTo());
        broker.declare(publishing, route.receiveFrom());
        preparation.await();
        return run(publishing, consuming);
      } finally {
        consuming.abort(CLOSE_TIMEOUT_MILLIS);
      }
    } finally {
      publishing.abort(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private Outcome run(Connection publishing, Connection consuming)
      throws TesterException, InterruptedException {
    begun = true;
    Instant started = clock.instant();
    long start = System.nanoTime();
    view.begin(route.headline(plan.schedule().total()));
    try {
      Channel in = consuming.createChannel();
      Channel out = publishing.createChannel();
      Receiver receiver = new Receiver(in, route.receiveFrom(), plan.exclusive(), this);
      Publisher publisher = Publisher.open(out, route.sendTo(), plan.payload(), this::refused);
      in.addShutdownListener(this::lost);
      out.addShutdownListener(this::lost);
      publishing.addBlockedListener(this::blocked, () -> {});
      start(receiver);
      send(publisher);
      awaitEnding();
      if (in.isOpen()) {
        receiver.stop();
      }
    } catch (IOException | ShutdownSignalException e) {
      failed(lossOf(e));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Outcome(ending.join(), log.summary(), started, start, took);
  }

  private void start(Receiver receiver) throws IOException, TesterException {
    try {
      receiver.start();
    } catch (IOException | ShutdownSignalException e) {
      if (AmqpFailures.replyCode(e).isEmpty()) {
        throw e;
      }
      throw new TesterException(failures.queue(Wish.CONSUME, route.receiveFrom(), e).sentence(), e);
    }
  }

  private void send(Publisher publisher) throws IOException, InterruptedException {
    Schedule schedule = plan.schedule();
    long start = System.nanoTime();
    for (int i = 0; ; i++) {
      long intended = schedule.isTimed() ? start + schedule.nanosOf(i) : System.nanoTime();
      if (!schedule.includes(i, intended - start)) {
        break;
      }
      if (endsWithin(intended - System.nanoTime()) || !windowOpens()) {
        return;
      }
      if (watch.wentBack()) {
        log.clockSteppedBack();
      }
      long now = System.nanoTime();
      TestMessage message =
          log.send(schedule.isTimed() ? intended : now, now, LocalTime.now(clock));
      view.sending(message);
      publisher.publish(message);
      view.sent(message);
    }
    allSent = true;
    endIfComplete();
  }

  /** Waits until one more may be out; not at all when any number may. */
  private boolean windowOpens() throws InterruptedException {
    if (plan.window() == 0) {
      return true;
    }
    long patience = System.nanoTime() + plan.endDelay().toNanos();
    while (!ending.isDone()) {
      if (log.awaitPendingBelow(plan.window(), LOOK_AROUND)) {
        return true;
      }
      if (System.nanoTime() - patience > 0) {
        view.warning(
            "None of the %d messages of the window came back for %s s; no more are sent."
                .formatted(plan.window(), plan.endDelay().toSeconds()));
        ending.complete(new Ending.TimeUp());
      }
    }
    return false;
  }

  private void awaitEnding() throws InterruptedException {
    if (!endsWithin(plan.endDelay().toNanos())) {
      ending.complete(new Ending.TimeUp());
    }
  }

  private boolean endsWithin(long nanos) throws InterruptedException {
    if (nanos <= 0) {
      return ending.isDone();
    }
    try {
      ending.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an ending is a value, never an exception", e);
    }
  }

  private void endIfComplete() {
    if (allSent && log.pending() == 0) {
      ending.complete(new Ending.Complete());
    }
  }

  @Override
  public boolean received(byte[] body, long tag) {
    if (watch.wentBack()) {
      log.clockSteppedBack();
    }
    Receipt receipt = log.received(body, System.nanoTime());
    boolean own = !(receipt instanceof Receipt.Foreign);
    view.received(receipt, body.length, tag, own || plan.exclusive());
    endIfComplete();
    return own;
  }

  @Override
  public void failed(String sentence) {
    ending.complete(new Ending.Failed(sentence));
  }

  private void refused(TestMessage message, String why) {
    log.refused(message);
    if (refusalReported.compareAndSet(false, true)) {
      view.warning(
          "The broker did not take '%s' (%s); check the queue '%s' and its limits."
              .formatted(message.body(), why, route.sendTo()));
    }
    endIfComplete();
  }

  private void blocked(String reason) {
    view.warning("The broker takes no messages for now (%s); sending waits.".formatted(reason));
  }

  private void lost(ShutdownSignalException signal) {
    if (!signal.isInitiatedByApplication()) {
      failed(lossOf(signal));
    }
  }

  private String lossOf(Exception failure) {
    return failures.lost(failure).sentence() + " The messages still out are counted as lost.";
  }
}
