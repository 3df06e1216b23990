package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.tester.Console.Severity;

/** One line a second, for loads of which nobody can read every message. */
final class ProgressView implements View {

  private final Console console;
  private final MessageLog log;
  private final Pace pace = new Pace();
  private final ScheduledExecutorService everySecond =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("progress").daemon().factory());
  private volatile long start;

  ProgressView(Console console, MessageLog log) {
    this.console = console;
    this.log = log;
  }

  @Override
  public void begin(String headline) {
    console.line(headline);
    start = System.nanoTime();
    pace.at(start, 0);
    var _ = everySecond.scheduleAtFixedRate(this::print, 1, 1, TimeUnit.SECONDS);
  }

  private void print() {
    long now = System.nanoTime();
    console.line(line(Duration.ofNanos(now - start), log.summary(), pace.at(now, log.sent())));
  }

  static String line(Duration since, Summary so, double sentPerSecond) {
    return String.format(
        Locale.ROOT,
        "%4d s  sent %d (%.0f/s)  received %d  out %d  round trip p50 %.1f ms, p99 %.1f ms",
        since.toSeconds(),
        so.sent(),
        sentPerSecond,
        so.returned(),
        so.sent() - so.returned() - so.refused() - so.damaged(),
        so.roundTrips().p50().toNanos() / 1e6,
        so.roundTrips().p99().toNanos() / 1e6);
  }

  @Override
  public void sending(TestMessage message) {}

  @Override
  public void sent(TestMessage message) {}

  @Override
  public void received(Receipt receipt, int bytes, long tag, boolean consumed) {}

  @Override
  public void warning(String sentence) {
    console.complain(Severity.WARNING, sentence);
  }

  @Override
  public void close() {
    everySecond.shutdownNow();
  }
}
