package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ResourceLock("the log")
@Timeout(180)
class LogShipperTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Logger log = LoggerFactory.getLogger("org.messagebusbridge.relay.Relay");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ExportCounters counters = new ExportCounters();
  private final List<String> taken = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final BlockingQueue<ExportException> failures = new LinkedBlockingQueue<>();

  @BeforeEach
  void aConsole() {
    LogSetup.install(true, true, sink(out), sink(err));
  }

  @AfterEach
  void asAtTheBeginning() {
    LogSetup.install(false, false);
  }

  private static ExportException failure(ExportException.Kind kind) {
    return new ExportException(kind, "CloudWatch says no.", new IllegalStateException());
  }

  private int put(List<LogEntry> batch) throws ExportException {
    calls.incrementAndGet();
    ExportException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
    synchronized (taken) {
      batch.forEach(entry -> taken.add(message(entry.text())));
    }
    return 0;
  }

  private List<String> taken() {
    synchronized (taken) {
      return List.copyOf(taken);
    }
  }

  private static String message(String line) {
    return line.replaceFirst("^\\S+ (\\S+) +\\S+ +", "$1 ");
  }

  private static ConsoleSink sink(ByteArrayOutputStream to) {
    var stream = new ConsoleSink.Stream(new PrintStream(to, true, StandardCharsets.UTF_8), false);
    return new ConsoleSink(stream, stream);
  }

  private static List<String> lines(ByteArrayOutputStream stream) {
    assertThat(LogSetup.flush()).isTrue();
    return stream.toString(StandardCharsets.UTF_8).lines().map(LogShipperTest::message).toList();
  }

  @Test
  void everythingLoggedIsSentOnceInOrderAndTheConsoleIsQuiet() throws Exception {
    LogShipper.Redirected redirected = LogShipper.redirect();
    log.info("before");
    LogShipper shipper = redirected.shipTo(this::put, counters);
    List<String> expected = new ArrayList<>(List.of("INFO before"));
    for (int n = 0; n < 25_000; n++) {
      log.debug("message {}", n);
      expected.add("DEBUG message " + n);
    }
    log.warn("a warning");
    expected.add("WARN a warning");

    shipper.close(PATIENCE);

    assertThat(taken()).isEqualTo(expected);
    assertThat(lines(out)).isEmpty();
    assertThat(lines(err)).isEmpty();
    assertThat(counters.reading()).isEqualTo(Reading.Export.NONE);
    log.info("after");
    assertThat(lines(out)).containsExactly("INFO after");
  }

  @Test
  void anOutageIsToldOnceAndNothingIsLost() throws Exception {
    for (int n = 0; n < 3; n++) {
      failures.add(failure(ExportException.Kind.UNAVAILABLE));
    }
    LogShipper shipper = LogShipper.redirect().shipTo(this::put, counters);
    log.info("one");

    shipper.close(PATIENCE);

    assertThat(taken())
        .containsExactly(
            "INFO one", "WARN CloudWatch says no.", "WARN The log is taken again  failed_calls=3");
    assertThat(lines(err))
        .containsExactly("WARN CloudWatch says no.", "WARN The log is taken again  failed_calls=3");
    assertThat(lines(out)).isEmpty();
    assertThat(counters.reading()).isEqualTo(new Reading.Export(0, 3));
  }

  @Test
  void theBufferIsBoundedAndWhatItDropsIsCountedAndTold() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch outage = new CountDownLatch(1);
    LogShipper shipper =
        LogShipper.redirect()
            .shipTo(
                batch -> {
                  first.countDown();
                  await(outage);
                  return put(batch);
                },
                counters);
    log.info("held back");
    assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
    log.info("kept");
    String filler = "x".repeat(924);
    int debug = 20_000;
    IntStream.range(0, debug).forEach(n -> log.debug("{} {}", "%06d".formatted(n), filler));
    log.error("kept too");

    outage.countDown();
    shipper.close(PATIENCE);

    long kept = taken().stream().filter(line -> line.startsWith("DEBUG")).count();
    assertThat(kept * (924 + 7 + 42 + 100)).isBetween(10_000_000L, 10L << 20);
    assertThat(taken()).startsWith("INFO held back", "INFO kept").contains("ERROR kept too");
    assertThat(taken().stream().filter(line -> line.startsWith("DEBUG")).findFirst())
        .contains("DEBUG %06d %s".formatted(debug - kept, filler));
    assertThat(lines(err))
        .containsExactly(
            "WARN Log events were dropped, because more was logged than could be sent or kept"
                + "  events="
                + (debug - kept));
    assertThat(taken()).endsWith(lines(err).getFirst());
    assertThat(counters.reading()).isEqualTo(new Reading.Export(debug - kept, 0));
  }

  @Test
  void whatCannotBeDeliveredAtTheEndIsShownWhereItWouldHaveGone() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    LogShipper shipper =
        LogShipper.redirect()
            .shipTo(
                batch -> {
                  if (!await(never)) {
                    throw failure(ExportException.Kind.UNAVAILABLE);
                  }
                  return 0;
                },
                counters);
    log.info("one");
    log.warn("two");
    log.debug("three");

    shipper.close(Duration.ofMillis(100));

    assertThat(lines(out)).containsExactly("INFO one", "DEBUG three");
    assertThat(lines(err))
        .containsExactly(
            "WARN The log could not be sent to its end; what is left of it follows  events=3",
            "WARN two");
    assertThat(counters.reading().logEventsLost()).isEqualTo(3);
  }

  @Test
  void aRefusalAtTheEndIsNotWaitedFor() throws Exception {
    for (int n = 0; n < 100; n++) {
      failures.add(failure(ExportException.Kind.REFUSED));
    }
    LogShipper shipper = LogShipper.redirect().shipTo(this::put, counters);
    log.info("one");

    shipper.close(Duration.ofMinutes(10));

    assertThat(lines(out)).containsExactly("INFO one");
    assertThat(lines(err))
        .containsExactly(
            "WARN CloudWatch says no.",
            "WARN The log could not be sent to its end; what is left of it follows  events=1");
    assertThat(calls.get()).isBetween(1, 2);
  }

  @Test
  void aBatchThatIsNeverTakenDoesNotHoldUpOthers() throws Exception {
    failures.add(failure(ExportException.Kind.BAD_CONTENT));
    LogShipper shipper = LogShipper.redirect().shipTo(this::put, counters);
    log.info("bad");

    shipper.close(PATIENCE);

    assertThat(taken()).containsExactly("WARN CloudWatch says no.  events=1");
    assertThat(counters.reading()).isEqualTo(new Reading.Export(1, 1));
  }

  @Test
  void eventsThatAreTooOldAreCountedAndToldOnce() throws Exception {
    LogShipper.Redirected redirected = LogShipper.redirect();
    IntStream.range(0, 30_000).forEach(i -> log.info("one"));
    LogShipper shipper =
        redirected.shipTo(batch -> calls.incrementAndGet() < 3 ? batch.size() : 0, counters);

    shipper.close(PATIENCE);

    assertThat(lines(err))
        .containsExactly(
            "WARN Log events were not taken because they are too old or too new; check the clock"
                + "  events=10000");
    assertThat(counters.reading()).isEqualTo(new Reading.Export(20_000, 0));
  }

  @Test
  void theLogGoesBackWithWhatWasLoggedWhenNobodyShipsIt() {
    LogShipper.Redirected redirected = LogShipper.redirect();
    log.info("one");
    log.warn("two");
    assertThat(lines(out)).isEmpty();

    redirected.back();
    log.info("three");

    assertThat(lines(out)).containsExactly("INFO one", "INFO three");
    assertThat(lines(err)).containsExactly("WARN two");
  }

  /** Whether it came to that, rather than to an interrupt. */
  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
