package org.messagebusbridge.sandbox.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy before an emulator. A request that goes beyond a limit of AWS's is refused and
 * noted; one that meets a fault gets that; any other is passed on as it came.
 */
final class AwsGateway implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What belongs to one connection, or is set anew by what sends on. */
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final URI emulator;
  private final AwsTraffic traffic;
  private final AwsFaults faults;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;

  AwsGateway(URI emulator, AwsTraffic traffic, AwsFaults faults) throws IOException {
    this.emulator = emulator;
    this.traffic = traffic;
    this.faults = faults;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      AwsRequest request =
          AwsRequest.of(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body);
      Optional<AwsError> error = refusal(request);
      if (error.isPresent()) {
        note(request, error.get().status(), error.get().code());
        AwsRequest.Answer answer = request.answer(error.get());
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        if (request.protocol() == AwsRequest.Protocol.CBOR) {
          exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
        }
        reply(exchange, answer.status(), answer.body());
      } else {
        pass(exchange, request, body);
      }
    }
  }

  private Optional<AwsError> refusal(AwsRequest request) {
    Optional<AwsError> fault = faults.of(request.action());
    if (fault.isPresent()) {
      return fault;
    }
    List<String> violations = AwsLimits.violatedBy(request, Instant.now());
    violations.forEach(traffic::violated);
    return violations.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AwsError(400, "InvalidParameterException", String.join("; ", violations)));
  }

  private void pass(HttpExchange exchange, AwsRequest request, byte[] body) throws IOException {
    HttpResponse<byte[]> response = send(exchange, body);
    byte[] answer = response.body();
    note(
        request,
        response.statusCode(),
        response.statusCode() / 100 == 2 ? "" : request.errorIn(answer));
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (isForwarded(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    reply(exchange, response.statusCode(), answer);
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(emulator.resolve(exchange.getRequestURI()))
            .timeout(PATIENCE)
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (isForwarded(name)) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    try {
      return client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void note(AwsRequest request, int status, String error) {
    traffic.answered(
        new AwsCall(
            request.action(),
            request.caller(),
            request.parameters(),
            status,
            error,
            Instant.now()));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static boolean isForwarded(String header) {
    return !NOT_FORWARDED.contains(header.toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
    client.close();
  }
}
