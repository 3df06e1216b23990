package org.messagebusbridge.observability.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.sandbox.FreePorts;
import org.slf4j.LoggerFactory;

@Timeout(180)
class StatusServiceTest {
  private final AtomicReference<Reading> reading = new AtomicReference<>(Bridges.relaying());
  private StatusService service;

  @BeforeEach
  void open() throws Exception {
    service = StatusService.open("127.0.0.1", 0, Bridges.ABOUT);
  }

  @AfterEach
  void close() {
    service.close();
  }

  private Fetched get(String path) throws Exception {
    return Fetched.get(service.address(), path);
  }

  private void show() {
    service.show(reading::get);
  }

  @Test
  void isAliveAndNotReadyBeforeTheBridgeRuns() throws Exception {
    assertThat(get("/health/live").status()).isEqualTo(200);
    assertThat(get("/health/ready").status()).isEqualTo(503);
    assertThat(get("/health/ready").body())
        .isEqualTo(
            "{\"ready\":false,\"state\":\"starting\",\"reasons\":[\"The bridge is starting"
                + " up.\"]}");
    assertThat(get("/metrics").body())
        .contains("mbb_ready 0.0\n", "mbb_state{state=\"starting\"} 1.0\n");
    assertThat(get("/").status()).isEqualTo(200);
  }

  @Test
  void isReadyWhenBothSidesAreConnected() throws Exception {
    show();
    Fetched ready = get("/health/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(ready.body()).isEqualTo("{\"ready\":true,\"state\":\"relaying\",\"reasons\":[]}");
  }

  @Test
  void saysWhyItIsNotReady() throws Exception {
    reading.set(Bridges.in("paused", true, false));
    show();
    Fetched ready = get("/health/ready");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.body())
        .isEqualTo(
            "{\"ready\":false,\"state\":\"paused\",\"reasons\":[\"The WebSocket API is not"
                + " connected, after 7 attempts: "
                + Bridges.CUT
                + "\"]}");
    assertThat(get("/health/live").status()).as("waiting is no reason to be killed").isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "relaying, true, true, 200",
    "relaying, true, false, 503",
    "connecting, false, false, 503",
    "paused, false, true, 503",
    "standby, true, false, 200",
    "standby, false, false, 503",
    "draining, true, true, 503",
    "stopped, false, false, 503",
  })
  void isReadyByItsStateAndItsSides(String state, boolean mq, boolean webSocket, int status)
      throws Exception {
    reading.set(Bridges.in(state, mq, webSocket));
    show();
    assertThat(get("/health/ready").status()).isEqualTo(status);
    assertThat(get("/metrics").body())
        .contains("mbb_ready " + (status == 200 ? "1.0" : "0.0") + "\n")
        .contains("mbb_state{state=\"" + state + "\"} 1.0\n")
        .contains("mbb_connected{side=\"mq\"} " + (mq ? "1.0" : "0.0") + "\n");
  }

  @Test
  void tellsPrometheusEveryNumberOfTheReading() throws Exception {
    show();
    Fetched metrics = get("/metrics");
    assertThat(metrics.header("Content-Type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body().lines().filter(line -> line.matches("mbb_[^h].*")).toList())
        .filteredOn(line -> !line.contains("le="))
        .containsExactlyInAnyOrder(
            "mbb_build_info{ha_mode=\"parallel\",version=\"2.0.0\"} 1.0",
            "mbb_ready 1.0",
            "mbb_state{state=\"starting\"} 0.0",
            "mbb_state{state=\"connecting\"} 0.0",
            "mbb_state{state=\"relaying\"} 1.0",
            "mbb_state{state=\"paused\"} 0.0",
            "mbb_state{state=\"standby\"} 0.0",
            "mbb_state{state=\"draining\"} 0.0",
            "mbb_state{state=\"stopped\"} 0.0",
            "mbb_connected{side=\"mq\"} 1.0",
            "mbb_connected{side=\"ws\"} 1.0",
            "mbb_trouble{side=\"mq\"} 0.0",
            "mbb_trouble{side=\"ws\"} 0.0",
            "mbb_connection_attempts_total{side=\"mq\"} 3.0",
            "mbb_connection_attempts_total{side=\"ws\"} 4.0",
            "mbb_delivered_total{direction=\"to_ws\"} 100.0",
            "mbb_delivered_total{direction=\"from_ws\"} 40.0",
            "mbb_delivered_bytes_total{direction=\"to_ws\"} 1000.0",
            "mbb_delivered_bytes_total{direction=\"from_ws\"} 400.0",
            "mbb_redelivered_total{direction=\"to_ws\"} 5.0",
            "mbb_resent_total{direction=\"to_ws\"} 6.0",
            "mbb_requeued_total{direction=\"to_ws\"} 7.0",
            "mbb_dead_lettered_total{direction=\"to_ws\"} 9.0",
            "mbb_in_flight{direction=\"to_ws\"} 10.0",
            "mbb_resent_total{direction=\"from_ws\"} 12.0",
            "mbb_refused_total{direction=\"from_ws\"} 14.0",
            "mbb_rejected_total{direction=\"from_ws\"} 15.0",
            "mbb_in_flight{direction=\"from_ws\"} 16.0",
            "mbb_latency_seconds_count{direction=\"to_ws\"} 100",
            "mbb_latency_seconds_sum{direction=\"to_ws\"} 0.05",
            "mbb_latency_seconds_count{direction=\"from_ws\"} 40",
            "mbb_latency_seconds_sum{direction=\"from_ws\"} 0.02",
            "mbb_queue_depth{direction=\"to_ws\"} 90.0",
            "mbb_queue_depth{direction=\"from_ws\"} 17.0",
            "mbb_queue_consumers{direction=\"to_ws\"} 4.0",
            "mbb_queue_consumers{direction=\"from_ws\"} 1.0",
            "mbb_backlog_per_instance{direction=\"to_ws\"} 22.5",
            "mbb_log_events_total{level=\"warn\"} 0.0",
            "mbb_log_events_total{level=\"error\"} 0.0",
            "mbb_log_events_lost_total 18.0",
            "mbb_cloudwatch_failed_calls_total 19.0");
    assertThat(metrics.body())
        .contains("mbb_latency_seconds_bucket{direction=\"to_ws\",le=\"60.0\"} 100\n")
        .contains("mbb_latency_seconds_bucket{direction=\"to_ws\",le=\"+Inf\"} 100\n")
        .contains("# TYPE mbb_latency_seconds histogram\n")
        .contains("# TYPE mbb_delivered_total counter\n")
        .contains("process_start_time_seconds 1.79551434E9\n", "mbb_heap_used_bytes ");
  }

  @Test
  void leavesOutTheQueuesThatItKnowsNothingOf() throws Exception {
    reading.set(Bridges.in("relaying", true, true));
    show();
    assertThat(get("/metrics").body())
        .contains("mbb_queue_depth{direction=\"to_ws\"}")
        .doesNotContain("mbb_queue_depth{direction=\"from_ws\"}");
  }

  @Test
  void keepsTheLatestFiftyWarningsAndErrorsAndCountsAll() throws Exception {
    LogSetup.silence();
    show();
    for (int n = 1; n <= 60; n++) {
      LoggerFactory.getLogger("org.messagebusbridge.relay.Relay").atWarn().log("Trouble " + n);
    }
    LoggerFactory.getLogger("org.messagebusbridge.amqp.Wire")
        .atError()
        .addKeyValue("queue", "a b")
        .log("Worse</script>");
    LoggerFactory.getLogger("org.messagebusbridge.amqp.Wire").info("nothing of note");

    String status = get("/status").body();
    assertThat(status)
        .contains("\"warnings\":60,\"errors\":1,")
        .contains(
            "\"level\":\"ERROR\",\"source\":\"amqp\",\"text\":\"Worse</script>  queue=\\\"a"
                + " b\\\"\"}")
        .contains("\"Trouble 60\"", "\"Trouble 12\"")
        .doesNotContain("\"Trouble 11\"", "nothing of note");
    assertThat(get("/").body()).contains("Worse\\u003c/script>").doesNotContain("Worse</script>");
    assertThat(get("/metrics").body())
        .contains("mbb_log_events_total{level=\"warn\"} 60.0\n")
        .contains("mbb_log_events_total{level=\"error\"} 1.0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/health", "/metrics/", "/health/live/", "/..%2fstatus"})
  void knowsNoOtherPath(String path) throws Exception {
    Fetched answer = get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo(
            "There is no such page; there are /, /health/live, /health/ready, /metrics,"
                + " /status.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACEROUTE"})
  void takesNoOtherMethod(String method) throws Exception {
    Fetched answer = Fetched.of(method, service.address(), "/metrics");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    assertThat(answer.body()).isEqualTo("Only GET and HEAD are answered.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/status", "/metrics", "/health/live", "/health/ready"})
  void answersHeadLikeGetWithoutTheBody(String path) throws Exception {
    show();
    Fetched head = Fetched.of("HEAD", service.address(), path);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("Content-Type")).isEqualTo(get(path).header("Content-Type"));
    assertThat(Integer.parseInt(head.header("Content-Length"))).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "127.0.0.1, 200",
    "[::1]:80, 200",
    "evil.example.com, 421",
    "127.0.0.1.evil.example.com, 421",
    "'', 421"
  })
  void onLoopbackAnswersOnlyWhoMeansThisMachine(String host, int status) throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(("GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII));
      assertThat(firstLine(socket)).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  /** Each comes, says nothing or half a request, and stays. */
  @Test
  void clientsThatSayNothingHoldNobodyUpAndAreBounded() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int n = 0; n < 200; n++) {
        Socket socket = connect();
        idle.add(socket);
        if (n % 2 == 0) {
          socket.getOutputStream().write("GET /stat".getBytes(US_ASCII));
        }
        if (n % 20 == 19) {
          assertThat(get("/health/live").status()).as("after %d", n).isEqualTo(200);
        }
      }
      for (Socket socket : idle.subList(0, 200 - HttpListener.MOST)) {
        socket.setSoTimeout(60_000);
        assertThat(endsAtOnce(socket)).as("the longest idle go").isTrue();
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** Each asks for the page again and again, and reads none of it. */
  @Test
  void clientsThatReadNothingDoNotKeepHealthFromAnswering() throws Exception {
    byte[] requests = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200).getBytes(US_ASCII);
    List<Socket> deaf = new ArrayList<>();
    try {
      for (int n = 0; n < HttpListener.MOST + 6; n++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(service.address());
        socket.getOutputStream().write(requests);
        deaf.add(socket);
      }
      for (int n = 0; n < 20; n++) {
        assertThat(get("/health/live").status()).isEqualTo(200);
      }
    } finally {
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  @Test
  void answersSeveralRequestsOfOneConnectionUntilItIsToEnd() throws Exception {
    String requests =
        """
        HEAD /health/live HTTP/1.1
        Host: localhost

        GET /health/live?x=1 HTTP/1.1
        host:localhost
        Connection: close

        """;
    try (Socket socket = connect()) {
      socket.getOutputStream().write(requests.replace("\n", "\r\n").getBytes(US_ASCII));
      socket.setSoTimeout(20_000);
      String all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(all.split("HTTP/1.1 ", -1)).hasSize(3);
      assertThat(all).startsWith("HTTP/1.1 200 OK\r\nDate: ").endsWith("\r\n\r\n{\"live\":true}");
      assertThat(all).containsOnlyOnce("{\"live\":true}").containsOnlyOnce("Connection: close");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /', 400",
    "'GET / HTTP/2', 400",
    "'GET / HTTP/1.1\\r\\nno header', 400",
    "'GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b', 400",
    "'GET http://localhost/health/live HTTP/1.1', 200",
    "'POST /health/live HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\nabc', 405",
  })
  void refusesWhatIsNoRequest(String request, int status) throws Exception {
    try (Socket socket = connect()) {
      String raw = request.replace("\\r\\n", "\r\n") + "\r\n\r\n";
      socket.getOutputStream().write(raw.getBytes(US_ASCII));
      assertThat(firstLine(socket)).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void refusesARequestThatIsTooLong() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(("GET /" + "x".repeat(20_000)).getBytes(US_ASCII));
      assertThat(firstLine(socket)).startsWith("HTTP/1.1 431 ");
    }
  }

  private static boolean endsAtOnce(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  @Test
  void aSlowClientIsGivenTenSecondsWhileOthersAreAnswered() throws Exception {
    try (Socket slow = connect()) {
      slow.getOutputStream().write("GET /status HTTP/1.1\r\nHost: loc".getBytes(US_ASCII));
      assertThat(get("/health/live").status()).isEqualTo(200);

      slow.setSoTimeout(60_000);
      assertThat(endsAtOnce(slow)).as("its connection is closed").isTrue();
    }
  }

  @Test
  void aRequestThatFailsIsAnsweredSo() throws Exception {
    LogSetup.silence();
    service.show(
        () -> {
          throw new IllegalStateException("broken");
        });

    assertThat(get("/status").status()).isEqualTo(500);
    assertThat(get("/status").body())
        .isEqualTo("This failed in the bridge itself; its log says why.\n");
    assertThat(get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void aPortThatIsTakenIsAFailure() {
    assertThatThrownBy(
            () ->
                StatusService.open("127.0.0.1", service.address().getPort(), Bridges.ABOUT).close())
        .isInstanceOf(BindException.class);
  }

  @Test
  void whoConnectsFirstIsAnswered() throws Exception {
    for (int n = 0; n < 50; n++) {
      int port = FreePorts.next();
      FutureTask<String> first = new FutureTask<>(() -> askAsSoonAsPossible(port));
      Thread.ofPlatform().start(first);
      try (StatusService _ = StatusService.open("127.0.0.1", port, Bridges.ABOUT)) {
        assertThat(first.get()).as("time %s", n).isEqualTo("HTTP/1.1 200 OK");
      }
    }
  }

  private static String askAsSoonAsPossible(int port) throws Exception {
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket
            .getOutputStream()
            .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        return firstLine(socket);
      } catch (ConnectException e) {
        Thread.onSpinWait(); // nobody listens yet
      }
    }
  }

  private Socket connect() throws Exception {
    return new Socket(InetAddress.getLoopbackAddress(), service.address().getPort());
  }

  private static String firstLine(Socket socket) throws Exception {
    socket.setSoTimeout(60_000);
    return String.valueOf(
        new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine());
  }
}
