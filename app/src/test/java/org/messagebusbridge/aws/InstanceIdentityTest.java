package org.messagebusbridge.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.FreePorts;

@Timeout(180)
class InstanceIdentityTest {
  private static final String LOCAL = "local-[A-Za-z0-9._-]+";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer metadata;
  private volatile String task =
      """
      {"Cluster": "default", "Containers": [{"TaskARN": "arn:aws:ecs:::task/default/no"}],
       "TaskARN": "arn:aws:ecs:us-east-1:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c"}
      """;

  @BeforeEach
  void start() throws IOException {
    metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    metadata.createContext(
        "/v4/abc/task",
        exchange -> {
          asked.add("task");
          answer(exchange, 200, task);
        });
    metadata.createContext(
        "/latest/api/token",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " token");
          boolean right =
              exchange.getRequestMethod().equals("PUT")
                  && exchange
                      .getRequestHeaders()
                      .containsKey("X-aws-ec2-metadata-token-ttl-seconds");
          answer(exchange, right ? 200 : 400, "the-token");
        });
    metadata.createContext(
        "/latest/meta-data/instance-id",
        exchange -> {
          String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
          asked.add("id with " + token);
          answer(exchange, "the-token".equals(token) ? 200 : 401, "i-0a1b2c3d4e5f67890");
        });
    metadata.start();
  }

  @AfterEach
  void stop() {
    metadata.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String address() {
    return "http://127.0.0.1:" + metadata.getAddress().getPort();
  }

  private static String find(Map<String, String> environment) throws Exception {
    return InstanceIdentity.find(environment).get(60, TimeUnit.SECONDS);
  }

  @Test
  void inEcsItIsTheTask() throws Exception {
    assertThat(find(Map.of("ECS_CONTAINER_METADATA_URI_V4", address() + "/v4/abc")))
        .isEqualTo("158d1c8083dd49d6b527399fd6414f5c");
    assertThat(asked).containsExactly("task");
  }

  @Test
  void onEc2ItIsTheInstanceByATokenOfItsOwn() throws Exception {
    assertThat(find(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", address())))
        .isEqualTo("i-0a1b2c3d4e5f67890");
    assertThat(asked).containsExactly("PUT token", "id with the-token");
  }

  @Test
  void elsewhereItIsTheHost() throws Exception {
    assertThat(
            find(
                Map.of(
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:" + FreePorts.next())))
        .matches(LOCAL);
    assertThat(
            find(
                Map.of(
                    "AWS_EC2_METADATA_DISABLED",
                    "true",
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                    address())))
        .matches(LOCAL);
    assertThat(asked).isEmpty();
  }

  @Test
  void anAnswerThatIsNoneIsNotUsed() throws Exception {
    task = "<html>no</html>";
    assertThat(find(Map.of("ECS_CONTAINER_METADATA_URI_V4", address() + "/v4/abc"))).matches(LOCAL);
    task = "[]";
    assertThat(find(Map.of("ECS_CONTAINER_METADATA_URI_V4", address() + "/v4/abc"))).matches(LOCAL);
    assertThat(find(Map.of("ECS_CONTAINER_METADATA_URI_V4", address() + "/nothing")))
        .matches(LOCAL);
  }
}
