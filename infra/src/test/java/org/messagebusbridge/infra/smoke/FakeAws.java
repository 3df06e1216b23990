package org.messagebusbridge.infra.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Answers what a command asks of CloudFormation, ECS, CloudWatch Logs and ECR, as their API
 * references say. No emulator that runs without Docker runs a task, so this stands in for AWS; the
 * SDK and the command are the real ones.
 */
public final class FakeAws implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  private record Answer(int status, String body) {}

  public FakeAws() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How a command ended, and what it printed. */
  public record Run(int exitCode, String out, String err) {}

  /** Runs a command's main class against this, in a process of its own, by the real SDK. */
  public Run run(Class<?> command, Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                command.getName()));
    line.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_ENDPOINT_URL", uri().toString());
    builder.environment().put("AWS_REGION", "eu-west-1");
    builder.environment().put("AWS_ACCESS_KEY_ID", "test");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  /** The next answer to an action; the last one is given for ever. */
  public FakeAws answers(String action, int status, String body) {
    answers.computeIfAbsent(action, key -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  /** What was asked: the action, and the body of the request. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String action =
        target != null
            ? target.substring(target.indexOf('.') + 1)
            : body.replaceFirst(".*Action=(\\w+).*", "$1");
    calls.add(action + " " + body);
    Answer answer;
    synchronized (answers) {
      Deque<Answer> queue = answers.getOrDefault(action, new ArrayDeque<>());
      answer =
          queue.isEmpty()
              ? new Answer(400, "{\"__type\":\"InvalidAction\",\"message\":\"no " + action + "\"}")
              : queue.size() == 1 ? queue.element() : queue.remove();
    }
    exchange
        .getResponseHeaders()
        .add("Content-Type", target != null ? "application/x-amz-json-1.1" : "text/xml");
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
