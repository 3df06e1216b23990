package org.messagebusbridge.observability.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a service answers. */
record Fetched(HttpResponse<String> response) {

  static Fetched get(InetSocketAddress from, String path) throws Exception {
    return of("GET", from, path);
  }

  static Fetched of(String method, InetSocketAddress from, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri(from, path))
              .timeout(Duration.ofSeconds(60))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return new Fetched(client.send(request, BodyHandlers.ofString()));
    }
  }

  static URI uri(InetSocketAddress of, String path) {
    return URI.create("http://127.0.0.1:" + of.getPort() + path);
  }

  int status() {
    return response.statusCode();
  }

  String body() {
    return response.body();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
