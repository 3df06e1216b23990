package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.junit.Needs;

/** The fuzzing server of the Autobahn test suite, in a process of its own that ends with this. */
final class AutobahnServer implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path HOME =
      Optional.ofNullable(System.getenv("AUTOBAHN_HOME"))
          .map(Path::of)
          .orElse(ROOT.resolve("target/autobahn"));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path errors;
  private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
  private final int port;
  private final List<String> cases = new ArrayList<>();

  /**
   * What the suite says of a case.
   *
   * @param behavior {@code OK}, {@code NON-STRICT}, {@code INFORMATIONAL}, or what failed
   * @param behaviorClose the same of how the connection ended
   */
  record Result(
      String id,
      String behavior,
      String behaviorClose,
      String expectation,
      String result,
      String resultClose) {

    private static Result of(JsonNode node) {
      return new Result(
          node.path("id").asText(),
          node.path("behavior").asText(),
          node.path("behaviorClose").asText(),
          node.path("expectation").asText(),
          node.path("result").asText(),
          node.path("resultClose").asText());
    }
  }

  private AutobahnServer(Path reports) throws IOException, InterruptedException {
    errors = Files.createDirectories(reports).resolve("server.log");
    process =
        new ProcessBuilder("tools/autobahn/run", reports.toString())
            .directory(ROOT.toFile())
            .redirectError(errors.toFile())
            .start();
    Thread.ofVirtual().start(this::listen);
    JsonNode start = next(PATIENCE, "the suite's start");
    port = start.path("port").asInt();
    start.path("cases").forEach(id -> cases.add(id.asText()));
  }

  /** Starts one, or says what it lacks; its page for each case is below {@code reports} later. */
  static AutobahnServer start(Path reports) throws IOException, InterruptedException {
    Needs.file(
        HOME.resolve("installed"), "the Autobahn test suite", "tools/autobahn/run --install");
    return new AutobahnServer(reports.toAbsolutePath());
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode next(Duration patience, String what) throws IOException, InterruptedException {
    JsonNode node = told.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (node == null) {
      throw new AssertionError(
          "no word of " + what + " within " + patience + "; see " + errors.toAbsolutePath());
    }
    return node;
  }

  /** The numbers of all its cases. */
  List<String> cases() {
    return List.copyOf(cases);
  }

  /** {@code api_host} of the server. */
  String host() {
    return "ws://127.0.0.1:" + port;
  }

  /** {@code api_uri} that starts a case. */
  static String uri(String id) {
    return "/runCase?agent=MessageBusBridge&casetuple=" + id;
  }

  /** What came of the case that was run last. */
  Result result(String id) throws IOException, InterruptedException {
    Result result = Result.of(next(PATIENCE, "case " + id));
    if (!result.id().equals(id)) {
      throw new AssertionError("case " + id + " was run, but the suite tells of " + result.id());
    }
    return result;
  }

  /** Has the pages written, and ends the process. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
