package org.messagebusbridge.sandbox.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.messagebusbridge.sandbox.SandboxException;

/** What a bridge says of itself at {@code /metrics}. */
final class BridgeMetrics {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private BridgeMetrics() {}

  /**
   * How many messages of a direction its source had handed out before.
   *
   * @param port the bridge's {@code http_port}
   * @throws SandboxException when the bridge does not say
   */
  static long redelivered(int port, Flow flow) throws InterruptedException {
    String name = "mbb_redelivered_total{direction=\"%s\"}".formatted(flow.label());
    return page(port)
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToLong(value -> (long) Double.parseDouble(value))
        .findFirst()
        .orElseThrow(() -> new SandboxException("The bridge has no metric " + name + "."));
  }

  private static String page(int port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(PATIENCE)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new SandboxException("The bridge's metrics cannot be read: " + e.getMessage() + ".", e);
    }
  }
}
