package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The function that makes the bridge's user, as Lambda runs it: its own code in a Python that has
 * botocore, which is ministack's. It calls what the environment names. CloudFormation's part, the
 * address that it answers to, is here.
 */
final class BrokerUserFunction implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PYTHON = ROOT.resolve("target/ministack/bin/python");
  private static final Path CODE =
      Path.of("src/main/resources/org/messagebusbridge/infra/lambda").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> environment;
  private final Path folder;
  private final HttpServer cloudFormation;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

  /**
   * @param environment where the broker and Secrets Manager are
   * @param folder for what it prints
   */
  BrokerUserFunction(Map<String, String> environment, Path folder) throws IOException {
    this.environment = new TreeMap<>(environment);
    this.folder = folder;
    cloudFormation =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloudFormation.createContext(
        "/",
        exchange -> {
          answers.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    cloudFormation.start();
  }

  /** CloudFormation's call, and what it is answered. */
  JsonNode provide(String request, Map<String, String> properties) throws Exception {
    Map<String, Object> event = new TreeMap<>();
    event.put("RequestType", request);
    event.put("ResponseURL", "http://127.0.0.1:" + cloudFormation.getAddress().getPort() + "/");
    event.put("StackId", "stack");
    event.put("RequestId", "request");
    event.put("LogicalResourceId", "User");
    event.put("ResourceProperties", properties);
    Ended ended = call("on_event", event);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    JsonNode answer = answers.poll(1, TimeUnit.MINUTES);
    assertThat(answer).as(ended.output()).isNotNull();
    return answer;
  }

  /** One of Secrets Manager's four calls. */
  Ended rotate(String secret, String token, String step) throws Exception {
    return call(
        "on_rotation", Map.of("SecretId", secret, "ClientRequestToken", token, "Step", step));
  }

  /**
   * A call's end.
   *
   * @param output of both streams
   */
  record Ended(int exitCode, String output) {}

  private Ended call(String handler, Map<String, ?> event) throws Exception {
    Path log = Files.createTempFile(folder, handler, ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    PYTHON.toString(),
                    "-c",
                    "import json, sys; import broker_user; broker_user."
                        + handler
                        + "(json.loads(sys.argv[1]), None)",
                    JSON.writeValueAsString(event)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    // As Lambda has both.
    builder
        .environment()
        .put("AWS_DEFAULT_REGION", environment.getOrDefault("AWS_REGION", "us-east-1"));
    builder.environment().put("PYTHONPATH", CODE.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process python = builder.start();
    try {
      assertThat(python.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return new Ended(python.exitValue(), Files.readString(log));
    } finally {
      python.destroyForcibly();
    }
  }

  @Override
  public void close() {
    cloudFormation.stop(0);
  }
}
