package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Browser;

/** What the real command line tells of itself on {@code http_port}. */
@Timeout(180)
class LocalStatusTest {
  private static final int MESSAGES = 1_000;

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "status-" + System.nanoTime();
  private final int port = FreePorts.next();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();

  @AfterEach
  void close() {
    client.shutdownNow();
  }

  private Ini ini(String apiHost) {
    return Ini.of(broker, apiHost, queues + "-to", queues + "-from")
        .withLogin()
        .set("aws_cloudwatch", "cw_metrics_resolution", "1")
        .set("bridge", "http_port", Integer.toString(port));
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String awaitAnswer(String path, Predicate<String> wanted) throws Exception {
    return Browser.await(
        path,
        () -> {
          try {
            HttpResponse<String> response = get(path);
            return response.statusCode() + " " + response.body();
          } catch (ConnectException e) {
            return "nobody listens yet";
          }
        },
        wanted);
  }

  @Test
  void tellsOfEveryMessageAndNoSecret() throws Exception {
    Recorder recorder = new Recorder();
    try (WebSocketService service = WebSocketService.builder().behaviour(recorder).start();
        BridgeProcess bridge =
            BridgeProcess.start("-v", "-c", ini(service.host()).write(directory).toString())) {
      assertThat(awaitAnswer("/health/ready", answer -> answer.startsWith("200 ")))
          .isEqualTo("200 {\"ready\":true,\"state\":\"relaying\",\"reasons\":[]}");
      try (Queues clients = new Queues(broker)) {
        clients.publish(queues + "-to", Traffic.texts("counted"), MESSAGES);
      }
      String metrics =
          awaitAnswer(
              "/metrics",
              text -> text.contains("mbb_delivered_total{direction=\"to_ws\"} 1000.0\n"));

      assertThat(metrics)
          .contains("mbb_latency_seconds_count{direction=\"to_ws\"} 1000\n")
          .contains("mbb_latency_seconds_bucket{direction=\"to_ws\",le=\"+Inf\"} 1000\n")
          .contains("mbb_delivered_total{direction=\"from_ws\"} 0.0\n")
          .contains("mbb_in_flight{direction=\"to_ws\"} 0.0\n")
          .contains("mbb_ready 1.0\n");
      assertThat(recorder.messages()).hasSize(MESSAGES);
      assertThat(
              awaitAnswer(
                  "/metrics", text -> text.contains("mbb_queue_depth{direction=\"to_ws\"} 0.0\n")))
          .contains("mbb_queue_depth{direction=\"to_ws\"} 0.0\n")
          .contains("mbb_queue_consumers{direction=\"to_ws\"} 1.0\n");
      for (String path : new String[] {"/", "/status", "/metrics", "/health/ready"}) {
        assertThat(get(path).body())
            .doesNotContain(Settings.CLIENT_SECRET, broker.password(), "jwt=");
      }
      assertThat(get("/").body()).contains(service.host(), queues + "-to");

      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out()).contains("are served by HTTP  host=127.0.0.1 port=" + port);
    }
  }

  @Test
  void saysWhyItIsNotReadyAndStaysAlive() throws Exception {
    try (WebSocketService service =
            WebSocketService.builder().refuse(HttpRefusal.of(503, "later")).start();
        BridgeProcess bridge =
            BridgeProcess.start("-c", ini(service.host()).write(directory).toString())) {
      String ready = awaitAnswer("/health/ready", answer -> answer.contains("after"));
      assertThat(ready)
          .startsWith("503 {\"ready\":false,\"state\":\"connecting\",\"reasons\":[")
          .contains("The WebSocket API is not connected, after ")
          .contains(service.host());
      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").body()).contains("mbb_log_events_total{level=\"warn\"} ");
      assertThat(bridge.terminate().exitCode()).isZero();
    }
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        BridgeProcess bridge =
            BridgeProcess.start("-X", "-c", ini("ws://127.0.0.1:9").write(directory).toString())) {
      Ended ended = bridge.await();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .isEqualTo(
              "error: http_port=%d is in use on 127.0.0.1 already: write another port in section bridge, or end the process that has it.\n"
                  .formatted(port));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7 | http_host=192.0.2.7 is no address of this machine: write one of its own, or"
            + " 0.0.0.0 for all.",
        "no-such.invalid | http_host=no-such.invalid cannot be resolved: write an address of this"
            + " machine, or 0.0.0.0 for all."
      })
  void anAddressThatIsNotOfThisMachine(String host, String sentence) throws Exception {
    Ini ini = ini("ws://127.0.0.1:9").set("bridge", "http_host", host);
    try (BridgeProcess bridge = BridgeProcess.start("-X", "-c", ini.write(directory).toString())) {
      Ended ended = bridge.await();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).isEqualTo("error: " + sentence + "\n");
    }
  }
}
