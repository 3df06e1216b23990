package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.messagebusbridge.observability.Datum.Value;

@ResourceLock("the log")
@Timeout(180)
class MetricsReporterTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ExportCounters counters = new ExportCounters();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong seconds = new AtomicLong();
  private final LinkedBlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private volatile boolean broken;

  private record Sent(Instant time, List<Datum> metrics) {
    double value(String name) {
      return metrics.stream()
          .filter(metric -> metric.name().equals(name))
          .mapToDouble(metric -> ((Value) metric).value())
          .sum();
    }
  }

  @AfterEach
  void theLogAsAtTheBeginning() {
    LogSetup.install(false, false);
  }

  private MetricsReporter reporter(Duration interval) {
    LogSink warning = event -> warnings.add(event.message());
    LogSetup.install(false, false, event -> {}, warning);
    return new MetricsReporter(this::reading, this::put, interval, counters);
  }

  private Reading reading() {
    return Readings.at(Duration.ofSeconds(seconds.get()), messages.get(), 0);
  }

  private void put(Instant time, List<Datum> metrics) throws ExportException {
    if (broken) {
      throw new ExportException(
          ExportException.Kind.UNAVAILABLE, "CloudWatch is away.", new IllegalStateException());
    }
    sent.add(new Sent(time, metrics));
  }

  private void pass(int count) {
    messages.addAndGet(count);
    seconds.addAndGet(10);
  }

  @Test
  void sendsWhatHappenedSinceTheLastCall() throws Exception {
    MetricsReporter reporter = reporter(LONG);

    pass(100);
    reporter.report();
    pass(50);
    reporter.report();

    Sent first = sent.take();
    assertThat(first.time()).isEqualTo(Readings.START.plusSeconds(10));
    assertThat(first.value("to_ws_recent")).isEqualTo(100);
    Sent second = sent.take();
    assertThat(second.value("to_ws_recent")).isEqualTo(50);
    assertThat(second.value("to_ws_persecond")).isEqualTo(5);
    assertThat(second.value("to_ws_total")).isEqualTo(150);
    assertThat(warnings).isEmpty();
  }

  @Test
  void afterAnOutageTheNextCallReachesBackToTheLastThatGotThrough() throws Exception {
    MetricsReporter reporter = reporter(LONG);
    pass(100);
    reporter.report();
    broken = true;
    for (int i = 0; i < 3; i++) {
      pass(10);
      reporter.report();
    }
    broken = false;
    pass(10);
    reporter.report();

    assertThat(sent).hasSize(2);
    assertThat(sent.take().value("to_ws_recent")).isEqualTo(100);
    Sent after = sent.take();
    assertThat(after.value("to_ws_recent")).isEqualTo(40);
    assertThat(after.value("to_ws_persecond")).isEqualTo(1);
    assertThat(counters.reading().failedCalls()).isEqualTo(3);
    assertThat(warnings).containsExactly("CloudWatch is away.");
  }

  @Test
  void theLastMetricsAreSentWhenItIsClosed() throws Exception {
    MetricsReporter reporter = reporter(LONG);
    reporter.start();
    pass(7);

    reporter.close(Duration.ofSeconds(20));

    assertThat(sent).hasSize(1);
    assertThat(sent.take().value("to_ws_recent")).isEqualTo(7);
    assertThat(warnings).isEmpty();
  }

  @Test
  void sendsAtEachInterval() throws Exception {
    MetricsReporter reporter = reporter(Duration.ofMillis(5));
    reporter.start();
    for (int i = 0; i < 3; i++) {
      assertThat(sent.poll(60, TimeUnit.SECONDS)).isNotNull();
    }
    reporter.close(Duration.ofSeconds(20));
  }

  @Test
  void aCallThatHangsDoesNotHoldUpTheEnd() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    LogSetup.install(false, false, event -> {}, event -> warnings.add(event.message()));
    MetricsReporter reporter =
        new MetricsReporter(
            this::reading,
            (time, metrics) -> {
              called.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
            },
            LONG,
            counters);
    reporter.start();
    reporter.beginToClose();
    assertThat(called.await(60, TimeUnit.SECONDS)).isTrue();

    reporter.close(Duration.ofMillis(50));

    assertThat(warnings).containsExactly("The last metrics were not taken in time and are lost");
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBugInATargetIsLoggedOnceAndDoesNotEndIt() {
    LogSetup.install(false, false, event -> {}, event -> warnings.add(event.message()));
    MetricsReporter reporter =
        new MetricsReporter(
            this::reading,
            (time, metrics) -> {
              throw new IllegalStateException("odd");
            },
            LONG,
            counters);

    reporter.report();
    reporter.report();

    assertThat(warnings).containsExactly("Metrics could not be sent, which is a bug");
    assertThat(counters.reading().failedCalls()).isEqualTo(2);
  }
}
