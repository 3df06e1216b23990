package org.messagebusbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.sandbox.FreePorts;

class HealthCheckTest {

  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private HttpServer server;

  @BeforeEach
  void listens() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    System.setErr(new PrintStream(said, true, UTF_8));
  }

  @AfterEach
  void stops() {
    System.setErr(err);
    server.stop(0);
  }

  @Test
  void aBridgeThatAnswersIsAlive() {
    answers(200);

    assertThat(HealthCheck.check(port())).isZero();
    assertThat(said.toString(UTF_8)).isEmpty();
  }

  @Test
  void oneThatAnswersOtherwiseIsNot() {
    answers(503);

    assertThat(HealthCheck.check(port())).isEqualTo(1);
    assertThat(said.toString(UTF_8))
        .isEqualTo(
            "error: http://127.0.0.1:%s/health/live answers with HTTP status 503.\n"
                .formatted(port()));
  }

  @Test
  void oneThatDoesNotAnswerIsNot() {
    String nobody = Integer.toString(FreePorts.next());

    assertThat(HealthCheck.check(nobody)).isEqualTo(1);
    assertThat(said.toString(UTF_8))
        .isEqualTo(
            "error: http://127.0.0.1:%s/health/live does not answer: Connection refused.\n"
                .formatted(nobody));
  }

  @Test
  void withoutAPortItSaysWhatItNeeds() {
    assertThat(HealthCheck.check()).isEqualTo(2);
    assertThat(HealthCheck.check("65536")).isEqualTo(2);
    assertThat(said.toString(UTF_8).lines())
        .containsOnly("error: give the bridge's http_port, and nothing else.")
        .hasSize(2);
  }

  private void answers(int status) {
    server.createContext(
        "/health/live",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
  }

  private String port() {
    return Integer.toString(server.getAddress().getPort());
  }
}
