package org.messagebusbridge.sandbox;

import static java.util.function.UnaryOperator.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WebSocketServiceHandshakeTest {
  private static final String BASIC = "Basic dXNlcjpww6Rzcw==";

  @Test
  void takesAFreshTokenForEachConnectAndKeepsThem() throws Exception {
    try (WebSocketService service =
        WebSocketService.builder().jwt(Tokens.CLIENT, Tokens.SECRET_HEX).start()) {
      String one = token(service, Instant.now());
      String two = token(service, Instant.now());
      for (String token : List.of(one, two)) {
        try (WebSocketClient client = WebSocketClient.connect(service.url() + "?jwt=" + token)) {
          client.sendText("in");
          assertThat(client.next()).isEqualTo("text:in");
        }
      }

      assertThat(service.tokens()).containsExactly(one, two);
      assertThat(service.handshakes())
          .extracting(handshake -> handshake.request().uri())
          .containsExactly("/ws?jwt=" + one, "/ws?jwt=" + two);
    }
  }

  @Test
  void refusesAnExpiredTokenAndSaysWhy() {
    try (WebSocketService service =
        WebSocketService.builder().jwt(Tokens.CLIENT, Tokens.SECRET_HEX).start()) {
      String expired = token(service, Instant.now().minusSeconds(400));

      assertThat(
              WebSocketClient.refusal(service.url() + "?jwt=" + expired, identity()).statusCode())
          .isEqualTo(401);
      Handshake handshake = service.handshakes().getFirst();
      assertThat(handshake.accepted()).isFalse();
      assertThat(handshake.status()).isEqualTo(401);
      assertThat(handshake.reason()).isEqualTo("the token expired (claim exp)");
    }
  }

  @Test
  void asksForABearerToken() {
    try (WebSocketService service = WebSocketService.builder().bearer("t0ken").start();
        WebSocketClient client =
            WebSocketClient.connect(
                service.url(), socket -> socket.header("Authorization", "Bearer t0ken"))) {
      HttpResponse<?> refusal =
          WebSocketClient.refusal(
              service.url(), socket -> socket.header("Authorization", "Bearer other"));

      assertThat(refusal.statusCode()).isEqualTo(401);
      assertThat(refusal.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(service.handshakes()).extracting(Handshake::status).containsExactly(101, 401);
      assertThat(service.handshakes().getFirst().request().header("authorization"))
          .contains("Bearer t0ken");
      assertThat(service.connections()).isEqualTo(1);
      assertThat(client).isNotNull();
    }
  }

  @Test
  void asksForBasicCredentialsAndAHeader() {
    try (WebSocketService service =
        WebSocketService.builder().basic("user", "päss").requireHeader("X-Tenant", "a").start()) {
      HttpResponse<?> withoutBasic = WebSocketClient.refusal(service.url(), identity());
      HttpResponse<?> withoutHeader =
          WebSocketClient.refusal(service.url(), socket -> socket.header("Authorization", BASIC));
      try (WebSocketClient client =
          WebSocketClient.connect(
              service.url(),
              socket -> socket.header("Authorization", BASIC).header("X-Tenant", "a"))) {
        assertThat(client).isNotNull();
      }

      assertThat(withoutBasic.statusCode()).isEqualTo(401);
      assertThat(withoutHeader.statusCode()).isEqualTo(403);
      assertThat(service.handshakes())
          .extracting(Handshake::reason)
          .containsExactly(
              "Basic credentials are missing or wrong", "header X-Tenant is missing or wrong", "");
    }
  }

  @Test
  void answersAnotherPathWith404() {
    try (WebSocketService service = WebSocketService.builder().path("/api/ws").start()) {
      assertThat(WebSocketClient.refusal(service.host() + "/api", identity()).statusCode())
          .isEqualTo(404);
      assertThat(service.url()).isEqualTo("ws://127.0.0.1:" + service.port() + "/api/ws");
    }
  }

  @Test
  void choosesASubprotocolThatTheClientOffers() {
    try (WebSocketService service = WebSocketService.builder().subprotocols("v2", "v1").start();
        WebSocketClient v1 =
            WebSocketClient.connect(service.url(), socket -> socket.subprotocols("v0", "v1"));
        WebSocketClient none = WebSocketClient.connect(service.url())) {
      assertThat(v1.subprotocol()).isEqualTo("v1");
      assertThat(none.subprotocol()).isEmpty();
    }
  }

  @Test
  void refusesAsOftenAsItIsToldThenTakesClients() {
    HttpRefusal refusal = HttpRefusal.tooManyRequests(Duration.ofSeconds(7));
    try (WebSocketService service = WebSocketService.builder().start()) {
      service.refuseNext(2, refusal);

      HttpResponse<?> first = WebSocketClient.refusal(service.url(), identity());
      assertThat(first.statusCode()).isEqualTo(429);
      assertThat(first.headers().firstValue("Retry-After")).contains("7");
      assertThat(WebSocketClient.refusal(service.url(), identity()).statusCode()).isEqualTo(429);
      try (WebSocketClient client = WebSocketClient.connect(service.url())) {
        assertThat(client).isNotNull();
      }
      assertThat(service.handshakes()).extracting(Handshake::status).containsExactly(429, 429, 101);
      assertThat(service.connectionAttempts()).isEqualTo(3);
    }
  }

  @Test
  void refusesWhileAConditionHolds() {
    AtomicBoolean down = new AtomicBoolean(true);
    try (WebSocketService service = WebSocketService.builder().start()) {
      service.refuseWhile(HttpRefusal.unavailable(), down::get);
      assertThat(WebSocketClient.refusal(service.url(), identity()).statusCode()).isEqualTo(503);

      down.set(false);

      try (WebSocketClient client = WebSocketClient.connect(service.url())) {
        assertThat(client).isNotNull();
      }
    }
  }

  @Test
  void refusesFromTheStartUntilItAccepts() {
    try (WebSocketService service =
        WebSocketService.builder().refuse(HttpRefusal.internalError()).start()) {
      assertThat(WebSocketClient.refusal(service.url(), identity()).statusCode()).isEqualTo(500);

      service.accept();

      try (WebSocketClient client = WebSocketClient.connect(service.url())) {
        assertThat(client).isNotNull();
      }
    }
  }

  @Test
  void answersWithAWebPageAndEndsTheConnection() throws Exception {
    try (WebSocketService service =
        WebSocketService.builder()
            .refuse(HttpRefusal.html(200, "<html>Wartung ä</html>"))
            .start()) {
      String response = exchange(service, handshakeOfVersion(13));

      assertThat(response)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-type: text/html; charset=utf-8\r\n", "content-length: 23\r\n")
          .endsWith("\r\n\r\n<html>Wartung ä</html>");
    }
  }

  @Test
  void answersWhatIsNoHandshake() throws Exception {
    try (WebSocketService service = WebSocketService.builder().start()) {
      assertThat(exchange(service, "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ")
          .endsWith("not a WebSocket handshake");
      assertThat(exchange(service, "\u0016\u0003\u0001 hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
      assertThat(exchange(service, handshakeOfVersion(99)))
          .startsWith("HTTP/1.1 426 ")
          .contains("Sec-WebSocket-Version: 13\r\n");
      assertThat(service.connections()).isZero();
    }
  }

  @Test
  void echoesThroughTlsAndKnowsItsClientByCertificate(@TempDir Path directory) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (WebSocketService service =
            WebSocketService.builder()
                .tls(certificates.serverContext(certificates.server()), true)
                .start();
        WebSocketClient client =
            WebSocketClient.connect(
                service.url(), certificates.clientContext(certificates.client()))) {
      String text = "x".repeat(1024 * 1024);
      client.sendText(text);
      client.ping("after");

      assertThat(service.url()).startsWith("wss://127.0.0.1:");
      assertThat(client.nextWhole()).isEqualTo("text:" + text);
      assertThat(client.next()).isEqualTo("pong:after");
      assertThat(service.handshakes().getFirst().request().clientCertificate()).isPresent();
    }
  }

  @Test
  void abortsATlsConnectionWithoutAGoodbye(@TempDir Path directory) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (WebSocketService service =
            WebSocketService.builder()
                .tls(certificates.serverContext(certificates.server()), false)
                .start();
        WebSocketClient client =
            WebSocketClient.connect(service.url(), certificates.clientContext())) {
      service.abortAll();

      assertThat(client.next()).isEqualTo("error");
    }
  }

  @Test
  void refusesAClientWithoutARightCertificate(@TempDir Path directory) {
    Certificates certificates = Certificates.in(directory);
    try (WebSocketService service =
        WebSocketService.builder()
            .tls(certificates.serverContext(certificates.server()), true)
            .start()) {
      assertThatThrownBy(() -> WebSocketClient.connect(service.url(), certificates.clientContext()))
          .isInstanceOf(CompletionException.class);
      assertThatThrownBy(
              () ->
                  WebSocketClient.connect(
                      service.url(), certificates.clientContext(certificates.foreignClient())))
          .isInstanceOf(CompletionException.class);
      assertThat(service.handshakes()).isEmpty();
      assertThat(service.connections()).isZero();
    }
  }

  private static String token(WebSocketService service, Instant now) {
    return Tokens.sign(Tokens.claims(service.host(), service.uri(), now), Tokens.SECRET_HEX);
  }

  private static String handshakeOfVersion(int version) {
    return """
    GET /ws HTTP/1.1
    Host: x
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
    Sec-WebSocket-Version: %d

    """
        .formatted(version)
        .replace("\n", "\r\n");
  }

  private static String exchange(WebSocketService service, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
