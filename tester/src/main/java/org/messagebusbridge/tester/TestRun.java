package org.messagebusbridge.tester;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.tester.Console.Severity;

/**
 * One run of the tester: sends what the plan says, receives until all is back or the time is up,
 * and leaves the queue as it found it. It publishes on one connection and consumes on another, for
 * a broker in alarm stops reading from one that publishes, acknowledgements included.
 *
 * <p>Used once. {@link #interrupt} may be called by any thread.
 */
final class TestRun implements Receiver.Listener {

  private static final int CLOSE_TIMEOUT_MILLIS = 5_000;

  private final AmqpConfig config;
  private final Plan plan;
  private final Console console;
  private final Clock clock;
  private final MessageLog log;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final AtomicBoolean refusalReported = new AtomicBoolean();
  private volatile boolean begun;
  private volatile boolean allSent;

  /**
   * A run that has not begun.
   *
   * @param clock the local time, for what the messages say
   * @param id what marks its messages
   */
  TestRun(AmqpConfig config, Plan plan, Console console, Clock clock, long id) {
    this.config = config;
    this.plan = plan;
    this.console = console;
    this.clock = clock;
    this.log = new MessageLog(id);
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
   * Runs, prints the summary, and says how it went.
   *
   * @throws TesterException when it could not begin: no connection, no queue
   */
  Summary run() throws TesterException, InterruptedException {
    BrokerConnections broker = new BrokerConnections(config);
    Connection publishing = broker.open("bridgetester publisher");
    try {
      Connection consuming = broker.open("bridgetester consumer");
      try {
        broker.declare(publishing, config.queueToWs());
        broker.declare(publishing, config.queueFromWs());
        return run(publishing, consuming);
      } finally {
        consuming.abort(CLOSE_TIMEOUT_MILLIS);
      }
    } finally {
      publishing.abort(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private Summary run(Connection publishing, Connection consuming) throws InterruptedException {
    begun = true;
    console.line(
        "Sending %d messages to '%s', waiting for them on '%s', at %s"
            .formatted(plan.number(), config.queueToWs(), config.queueFromWs(), config.address()));
    try {
      Channel in = consuming.createChannel();
      Channel out = publishing.createChannel();
      Receiver receiver = new Receiver(in, config.queueFromWs(), plan.exclusive(), this);
      Publisher publisher = Publisher.open(out, config.queueToWs(), this::refused);
      in.addShutdownListener(this::lost);
      out.addShutdownListener(this::lost);
      publishing.addBlockedListener(this::blocked, () -> {});
      receiver.start();
      send(publisher);
      awaitEnding();
      if (in.isOpen()) {
        receiver.stop();
      }
    } catch (IOException | ShutdownSignalException e) {
      failed(BrokerFailures.lost(config, e));
    }
    if (ending.join() instanceof Ending.Failed(String sentence)) {
      console.complain(Severity.ERROR, sentence);
    }
    Summary summary = log.summary();
    console.line(summary.line());
    return summary;
  }

  private void send(Publisher publisher) throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < plan.number(); i++) {
      long intended =
          plan.delay().isZero() ? System.nanoTime() : start + i * plan.delay().toNanos();
      if (endsWithin(Duration.ofNanos(Math.max(0, intended - System.nanoTime())))) {
        return;
      }
      TestMessage message = log.send(intended, LocalTime.now(clock));
      console.sending(message);
      publisher.publish(message);
      console.sent(message);
    }
    allSent = true;
    endIfComplete();
  }

  private void awaitEnding() throws InterruptedException {
    if (!endsWithin(plan.endDelay())) {
      ending.complete(new Ending.TimeUp());
    }
  }

  private boolean endsWithin(Duration time) throws InterruptedException {
    try {
      ending.get(time.toNanos(), TimeUnit.NANOSECONDS);
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
    Receipt receipt = log.received(body, System.nanoTime());
    boolean own = !(receipt instanceof Receipt.Foreign);
    if (own || !plan.focused()) {
      console.received(receipt, body.length, tag, own || plan.exclusive());
    }
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
      console.complain(
          Severity.WARNING,
          "The broker did not take '%s' (%s); check the queue '%s' and its limits."
              .formatted(message.body(), why, config.queueToWs()));
    }
    endIfComplete();
  }

  private void blocked(String reason) {
    console.complain(
        Severity.WARNING,
        "The broker takes no messages for now (%s); sending waits.".formatted(reason));
  }

  private void lost(ShutdownSignalException signal) {
    if (!signal.isInitiatedByApplication()) {
      failed(BrokerFailures.lost(config, signal));
    }
  }
}
