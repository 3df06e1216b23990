package org.messagebusbridge.observability.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.observability.LogEvent;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.RecentEvents;
import org.messagebusbridge.sandbox.junit.Browser;
import org.messagebusbridge.sandbox.junit.Needs;
import org.slf4j.event.Level;

@Timeout(180)
class StatusPageInBrowserTest {
  @TempDir private static Path directory;
  private static @Nullable Browser started;

  private final MadeUpDay day = new MadeUpDay();
  private final History history = new History();
  private final RecentEvents events = new RecentEvents(50);
  private final AtomicReference<Reading> reading = new AtomicReference<>(day.next());
  private final StatusPage page = new StatusPage();
  private HttpService service;

  @BeforeAll
  static void startBrowser() throws Exception {
    Needs.command(Browser.COMMAND);
    started = new Browser(directory.resolve("profile"));
  }

  @AfterAll
  static void stopBrowser() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void serve() throws Exception {
    for (int second = 0; second < 320; second++) {
      pass();
    }
    service =
        new HttpService(
            "127.0.0.1",
            0,
            Map.of(
                "/", () -> page.showing(json()),
                "/status", () -> Answer.of(200, Answer.JSON, json())));
  }

  @AfterEach
  void close() throws Exception {
    browser().open(URI.create("about:blank"));
    service.close();
  }

  private void pass() {
    Reading next = day.next();
    history.add(next);
    reading.set(next);
  }

  private void turn(String state, boolean mq, boolean webSocket) {
    reading.set(Bridges.in(reading.get(), state, mq, webSocket));
  }

  private String json() {
    return StatusJson.of(Bridges.ABOUT, reading.get(), history, events.snapshot());
  }

  private static Browser browser() {
    return Objects.requireNonNull(started);
  }

  private void open(int width, int height, boolean dark) throws Exception {
    browser().look(width, height, dark);
    browser().open(Fetched.uri(service.address(), "/"));
  }

  private static String text(String selector) throws Exception {
    return browser().evaluate("document.querySelector('" + selector + "').innerText");
  }

  private static void awaitText(String selector, String wanted) throws Exception {
    String found = Browser.await(selector, () -> text(selector), wanted::equals);
    assertThat(found).isEqualTo(wanted);
  }

  private static int count(String selector) throws Exception {
    return Integer.parseInt(
        browser().evaluate("document.querySelectorAll('" + selector + "').length"));
  }

  private static void keepPicture(String name) throws Exception {
    browser().picture(Files.createDirectories(Path.of("target", "pictures")).resolve(name));
  }

  private void log(Level level, String text) {
    events.write(
        new LogEvent(
            Instant.parse("2026-11-24T10:04:30.123Z"),
            level,
            "org.messagebusbridge.relay.Relay",
            text,
            List.of(),
            Optional.empty()));
  }

  @Test
  void showsBothSidesBothDirectionsAndTheLastMinutes() throws Exception {
    log(Level.WARN, "The connection to wss://api.example.com/stream was cut: Connection reset.");
    log(Level.ERROR, "A message was given up  queue=to_ws reason=refused attempts=5");
    int before = browser().complaints().size();
    open(1280, 1150, false);

    Reading now = reading.get();
    History.Sample recent = history.recent(now);
    assertThat(text("#state")).isEqualTo("Relaying");
    assertThat(text("#instance")).isEqualTo("host-1, process 42");
    assertThat(text("#up")).isEqualTo("up 6 min 21 s");
    assertThat(text("#mq .address")).isEqualTo("amqps://broker.example.com:5671");
    assertThat(text("#mq .word")).isEqualTo("Connected");
    assertThat(text("#mq .waiting-to")).isEqualTo("18");
    assertThat(text("#to_ws [data-key=queue_consumers] dd")).isEqualTo("2");
    assertThat(text("#ws .address")).isEqualTo("wss://api.example.com");
    assertThat(text("#ws [data-key=connection_attempts]")).isEqualTo("3");
    assertThat(text("#ws .last")).contains("1012 (service restart)");
    assertThat(text("#to_ws .keys div:nth-child(1) b").replaceAll("\\s", ""))
        .isEqualTo("%,d/s".formatted(Math.round(recent.toWs().perSecond())));
    assertThat(text("#to_ws .keys div:nth-child(2) b").replaceAll("\\s", ""))
        .isEqualTo("%.2fms".formatted(recent.toWs().p50()));
    assertThat(text("#to_ws .keys div:nth-child(4) b").strip()).isEqualTo("24");
    assertThat(text("#to_ws [data-key=delivered] dd"))
        .isEqualTo("%,d".formatted(now.toWs().accepted()));
    assertThat(text("#to_ws [data-key=dead_lettered] dd")).isEqualTo("1");
    assertThat(text("#from_ws [data-key=delivered] dd"))
        .isEqualTo("%,d".formatted(now.fromWs().accepted()));
    assertThat(browser().evaluate("document.querySelector('#to_ws .line').getAttribute('d')"))
        .startsWith("M0 ")
        .matches("(?s)M0 [\\d.]+(L\\d+ [\\d.]+){299}");
    assertThat(count("#events tbody tr")).isEqualTo(2);
    assertThat(text("#event-count")).isEqualTo("1 warning, 1 error since the start");
    keepPicture("status-light.png");
    browser().look(1280, 1150, true);
    keepPicture("status-dark.png");

    assertThat(browser().complaints()).hasSize(before);
    assertThat(browser().requests())
        .isNotEmpty()
        .allMatch(
            url ->
                url.startsWith("http://127.0.0.1:")
                    || url.startsWith("data:")
                    || url.equals("about:blank"));
  }

  @Test
  void followsTheBridgeWhileItIsOpen() throws Exception {
    open(1280, 1150, false);
    String wanted = "%,d".formatted(reading.get().toWs().accepted());
    assertThat(text("#to_ws [data-key=delivered] dd")).isEqualTo(wanted);
    assertThat(browser().evaluate("document.getElementById('reasons').hidden")).isEqualTo("true");

    pass();
    awaitText("#to_ws [data-key=delivered] dd", "%,d".formatted(reading.get().toWs().accepted()));

    turn("paused", true, false);
    awaitText("#state", "Paused");
    assertThat(text("#reasons"))
        .isEqualTo("The WebSocket API is not connected, after 7 attempts: " + Bridges.CUT);
    assertThat(count("#reasons b")).as("what a peer said is never markup").isZero();
    assertThat(text("#ws .word")).isEqualTo("Not connected");
    assertThat(text("#mq .waiting-from")).isEqualTo("not known");
    keepPicture("status-paused.png");

    turn("standby", true, false);
    awaitText("#state", "Standby");
    assertThat(text("#ws .word")).isEqualTo("Left to the active instance");

    turn("relaying", true, true);
    awaitText("#state", "Relaying");
    assertThat(browser().evaluate("document.title")).isEqualTo("Relaying - MessageBusBridge");
  }

  @Test
  void saysWhenTheBridgeAnswersNoMore() throws Exception {
    open(1280, 1150, true);
    InetSocketAddress address = service.address();
    service.close();

    awaitText("#state", "No answer");
    assertThat(text("#stale"))
        .matches("The bridge has not answered since \\d\\d:\\d\\d:\\d\\d\\. Below is .*");

    service =
        new HttpService(
            "127.0.0.1",
            address.getPort(),
            Map.of("/status", () -> Answer.of(200, Answer.JSON, json())));
    awaitText("#state", "Relaying");
    assertThat(browser().evaluate("document.getElementById('stale').hidden")).isEqualTo("true");
  }

  @Test
  void foldsManyWarningsAndRunsNothingThatIsInThem() throws Exception {
    for (int n = 1; n <= 25; n++) {
      log(Level.WARN, "</script><img src=x onerror=alert(" + n + ")><!--<script>");
    }
    int before = browser().complaints().size();
    open(1280, 1150, false);

    assertThat(count("#events tbody tr")).isEqualTo(10);
    assertThat(text("#events tbody tr td:last-child"))
        .isEqualTo("</script><img src=x onerror=alert(25)><!--<script>");
    assertThat(text("#more")).isEqualTo("Show all 25");
    browser().evaluate("document.getElementById('more').click()");
    assertThat(count("#events tbody tr")).isEqualTo(25);
    assertThat(count("#events img")).isZero();
    assertThat(browser().complaints()).hasSize(before);
  }

  @Test
  void fitsAPhone() throws Exception {
    log(Level.WARN, "The connection to wss://api.example.com/stream was cut: " + "x".repeat(300));
    turn("paused", true, false);
    for (int width : new int[] {320, 375, 768}) {
      open(width, 800, true);
      String root = "document.documentElement";
      assertThat(browser().evaluate(root + ".scrollWidth - " + root + ".clientWidth"))
          .as("nothing sticks out at " + width)
          .isEqualTo("0");
      keepPicture("status-" + width + ".png");
    }
  }

  @Test
  void showsABridgeThatIsOnlyStarting() throws Exception {
    service.close();
    service =
        new HttpService(
            "127.0.0.1",
            0,
            Map.of("/", () -> page.showing(StatusJson.ofStart(Bridges.ABOUT, events.snapshot()))));
    int before = browser().complaints().size();
    open(1280, 800, false);

    assertThat(text("#state")).isEqualTo("Starting");
    assertThat(text("#reasons")).isEqualTo("The bridge is starting up.");
    assertThat(browser().complaints()).hasSize(before);
  }
}
