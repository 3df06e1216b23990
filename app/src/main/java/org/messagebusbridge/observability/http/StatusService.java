package org.messagebusbridge.observability.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.RecentEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on a port of its own how the bridge is. It reads the bridge's numbers once a second and
 * when it is asked; the bridge itself does nothing for it.
 */
public final class StatusService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusService.class);
  private static final int EVENTS = 50;

  private final About about;
  private final RecentEvents events = new RecentEvents(EVENTS);
  private final History history = new History();
  private final StatusPage page = new StatusPage();
  private final HttpService http;
  private volatile @Nullable Supplier<Reading> readings;
  private volatile @Nullable Thread sampler;

  private StatusService(String host, int port, About about) throws IOException {
    this.about = about;
    this.http =
        new HttpService(
            host,
            port,
            Map.of(
                "/", () -> page.showing(status()),
                "/status", () -> Answer.of(200, Answer.JSON, status()),
                "/metrics", () -> Answer.of(200, PrometheusMetrics.CONTENT_TYPE, metrics()),
                "/health/live", StatusService::live,
                "/health/ready", this::ready));
    LogSetup.watch(events);
  }

  /**
   * Begins to answer. Until {@link #show} it says that the bridge is starting.
   *
   * @param port 0: any that is free
   * @throws IOException when it cannot listen there
   */
  public static StatusService open(String host, int port, About about) throws IOException {
    return new StatusService(host, port, about);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.address();
  }

  /** From now on it tells of these, which never wait. Called once. */
  public void show(Supplier<Reading> numbers) {
    readings = numbers;
    sampler = Thread.ofVirtual().name("status-history").start(() -> sample(numbers));
  }

  private void sample(Supplier<Reading> numbers) {
    answerOnce();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        sampleOnce(numbers);
        Thread.sleep(History.STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has every class that an answer needs, before a shortage of files could make one missing. */
  private void answerOnce() {
    try {
      page.showing(status()).bytes();
      metrics();
      ready();
    } catch (RuntimeException | Error e) {
      log.atDebug().setCause(e).log("The pages could not be made");
    }
  }

  private void sampleOnce(Supplier<Reading> numbers) {
    try {
      history.add(numbers.get());
    } catch (RuntimeException | Error e) {
      log.atDebug().setCause(e).log("The numbers of a second could not be read");
    }
  }

  private Optional<Reading> now() {
    return Optional.ofNullable(readings).map(Supplier::get);
  }

  private String status() {
    return now()
        .map(reading -> StatusJson.of(about, reading, history, events.snapshot()))
        .orElseGet(() -> StatusJson.ofStart(about, events.snapshot()));
  }

  private String metrics() {
    return now()
        .map(reading -> PrometheusMetrics.of(about, reading, events.snapshot()))
        .orElseGet(() -> PrometheusMetrics.ofStart(about, events.snapshot()));
  }

  /** The process answers, so it is alive. What it waits for is no reason to start it anew. */
  private static Answer live() {
    return Answer.of(200, Answer.JSON, "{\"live\":true}");
  }

  private Answer ready() {
    Health health = now().map(Health::of).orElse(Health.STARTING);
    return Answer.of(health.ready() ? 200 : 503, Answer.JSON, StatusJson.of(health));
  }

  @Override
  public void close() {
    LogSetup.watch(event -> {});
    Thread running = sampler;
    if (running != null) {
      running.interrupt();
    }
    http.close();
  }
}
