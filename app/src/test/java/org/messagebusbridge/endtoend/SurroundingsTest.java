package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Browser;

/** The real command line in surroundings that are short of something, or hostile. */
@Timeout(180)
class SurroundingsTest {
  private static final String HOSTILE =
      "bye\n"
          + "error: all is lost\r"
          + "2026-01-01T00:00:00.000Z ERROR relay\u001b[2J\u009b2J\u007f\u202eabc";

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "surroundings-" + System.nanoTime();
  private final int port = FreePorts.next();

  private Ini ini(String apiHost) {
    return Ini.of(broker, apiHost, queues + "-to", queues + "-from").withLogin();
  }

  /** In a shell, which can set limits; both streams are this test's to read. */
  private Process start(String before, Ini ini, String... flags) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "-c",
                before + "; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                shippedClassPath(),
                "org.messagebusbridge.cli.Mbb",
                "bridge"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-c", ini.write(directory).toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("MBB_"));
    return builder.start();
  }

  /**
   * Of jars, as users have it: a jar that is open serves its classes when no file can be opened.
   */
  private String shippedClassPath() {
    Path jar = directory.resolve("app.jar");
    List<String> places = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    List<String> arguments = new ArrayList<>(List.of("--create", "--file", jar.toString()));
    for (String folder : places) {
      if (Files.exists(Path.of(folder, "org", "messagebusbridge", "cli", "Mbb.class"))) {
        arguments.addAll(List.of("-C", folder, "."));
      }
    }
    ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
    assertThat(tool.run(System.out, System.err, arguments.toArray(String[]::new))).isZero();
    Stream<String> jars = places.stream().filter(place -> place.endsWith(".jar"));
    return Stream.concat(Stream.of(jar.toString()), jars)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private HttpResponse<String> get(HttpClient client, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** For as long as the test may take. */
  private void awaitEchoes(long count) {
    while (broker.depth(queues + "-from") < count) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(broker.depth(queues + "-from")).isEqualTo(count);
  }

  /** Each message is a line of DEBUG, many times what a pipe and the bridge hold. */
  @Test
  void aPipeThatNobodyReadsHoldsUpNeitherMessagesNorTheEnd() throws Exception {
    int messages = 14_080;
    try (WebSocketService service = WebSocketService.builder().start();
        Queues clients = new Queues(broker)) {
      Process bridge = start(":", ini(service.host()), "-d", "-v");
      try {
        broker.declareQueue(queues + "-to");
        broker.declareQueue(queues + "-from");
        service.awaitConnections(1, Duration.ofSeconds(60));
        clients.publish(queues + "-to", Traffic.texts("unread"), messages);
        awaitEchoes(messages);
        bridge.toHandle().destroy();
        assertThat(bridge.waitFor(60, TimeUnit.SECONDS)).as("it ended, unread").isTrue();
        assertThat(bridge.exitValue()).isZero();
        assertThat(text(bridge.getErrorStream().readAllBytes())).isEmpty();
      } finally {
        bridge.destroyForcibly();
      }
    }
    assertThat(broker.depth(queues + "-to")).isZero();
  }

  /** What was dropped is counted when there is a reader again. */
  @Test
  void saysHowManyLinesWereDroppedWhenThePipeIsReadAgain() throws Exception {
    int messages = 14_080;
    try (WebSocketService service = WebSocketService.builder().start();
        Queues clients = new Queues(broker)) {
      Process bridge = start("exec 2>&1", ini(service.host()), "-d", "-v");
      try {
        broker.declareQueue(queues + "-to");
        broker.declareQueue(queues + "-from");
        service.awaitConnections(1, Duration.ofSeconds(60));
        clients.publish(queues + "-to", Traffic.texts("unread"), messages);
        awaitEchoes(messages);
        var lines = bridge.inputReader().lines().iterator();
        long delivered = 0;
        String line = "";
        while (!line.contains("Lines of the log were dropped")) {
          line = lines.next();
          delivered += line.contains("Delivered a message") ? 1 : 0;
        }
        assertThat(line)
            .contains(" WARN  observability Lines of the log were dropped, DEBUG first");
        long dropped = Long.parseLong(line.replaceFirst(".*lines=", ""));
        assertThat(dropped).isPositive();
        bridge.toHandle().destroy();
        StringBuilder rest = new StringBuilder();
        while (lines.hasNext()) {
          line = lines.next();
          rest.append(line).append('\n');
          delivered += line.contains("Delivered a message") ? 1 : 0;
        }
        assertThat(bridge.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered + dropped)
            .as("each is shown or counted")
            .isGreaterThanOrEqualTo(2L * messages);
        assertThat(rest.toString()).as("INFO is kept").contains(" INFO  relay      Stopped ");
      } finally {
        bridge.destroyForcibly();
      }
    }
  }

  @Test
  void filesThatRunOutForAMomentAreNoMatterAfterIt() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start();
        Queues clients = new Queues(broker)) {
      Ini ini = ini(service.host()).set("bridge", "http_port", Integer.toString(port));
      Process bridge = start(":", ini);
      List<Socket> pages = new ArrayList<>();
      try (HttpClient client = HttpClient.newHttpClient()) {
        broker.declareQueue(queues + "-to");
        broker.declareQueue(queues + "-from");
        service.awaitConnections(1, Duration.ofSeconds(60));
        assertThat(Browser.await("the page", () -> status(client, "/"), "200"::equals))
            .isEqualTo("200");
        limitFiles(bridge, openFiles(bridge) + 20);
        for (int n = 0; n < 60; n++) {
          Socket page = new Socket(InetAddress.getLoopbackAddress(), port);
          page.getOutputStream()
              .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
          pages.add(page);
        }
        assertThat(Browser.await("health", () -> status(client, "/health/live"), "200"::equals))
            .as("while they stay")
            .isEqualTo("200");
        for (Socket page : pages) {
          page.close();
        }
        for (String path : List.of("/", "/status", "/metrics", "/health/live", "/health/ready")) {
          assertThat(Browser.await(path, () -> status(client, path), "200"::equals))
              .as("after them: %s", path)
              .isEqualTo("200");
        }
        clients.publish(queues + "-to", new byte[] {'1'});
        assertThat(clients.take(queues + "-from")).isEqualTo(new byte[] {'1'});
        bridge.toHandle().destroy();
        assertThat(bridge.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(bridge.exitValue()).isZero();
        assertThat(text(bridge.getErrorStream().readAllBytes()).lines())
            .as("told once, if the classes for it could be read")
            .hasSizeLessThanOrEqualTo(1)
            .allMatch(
                line -> line.contains(" WARN  observability A client of http_port could not"));
      } finally {
        bridge.destroyForcibly();
        for (Socket page : pages) {
          page.close();
        }
      }
    }
  }

  private static int openFiles(Process of) throws IOException {
    try (var files = Files.list(Path.of("/proc", Long.toString(of.pid()), "fd"))) {
      return (int) files.count();
    }
  }

  private static void limitFiles(Process of, int limit) throws Exception {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", Long.toString(of.pid()), "--nofile=" + limit + ":")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }

  private String status(HttpClient client, String path) throws Exception {
    try {
      return Integer.toString(get(client, path).statusCode());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void whatAPeerSaysMakesNoLineOfItsOwn() throws Exception {
    HttpRefusal elsewhere =
        HttpRefusal.of(302, HOSTILE).with("Location", "/\u001b[2J\u009b\u202ex");
    try (RawPeer closing = RawPeer.sending(RawFrame.close(4000, HOSTILE));
        WebSocketService moved = WebSocketService.builder().refuse(elsewhere).start()) {
      for (String host : List.of(closing.host(), moved.host())) {
        Ini ini =
            ini(host)
                .set("ws_api", "ws_max_connect_attempts", "2")
                .set("ws_api", "ws_attempt_window_secs", "60");
        Process bridge = start(":", ini, "-d", "-v");
        String out = text(bridge.getInputStream().readAllBytes());
        String err = text(bridge.getErrorStream().readAllBytes());
        assertThat(bridge.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(out + err)
            .as("no control characters but line feeds")
            .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
        assertThat(err).as("it is told").isNotEmpty();
        assertThat(err.lines())
            .allMatch(
                line -> line.matches("(error: |\\d{4}-\\d\\d-\\d\\dT\\S+Z (WARN |ERROR) )[^\\n]*"))
            .noneMatch(line -> line.startsWith("error: all") || line.startsWith("2026-01-01"));
      }
    }
  }
}
