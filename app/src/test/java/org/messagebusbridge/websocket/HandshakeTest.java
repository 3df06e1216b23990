package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.bus.RecordedLosses;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.Handshake;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.RawFrame;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.WebSocketServiceBuilder;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;
import org.messagebusbridge.websocket.WebSocketConfig.Header;
import org.messagebusbridge.websocket.WebSocketConfig.Proxy;

/** How a WebSocket comes about, and what is said when it does not. */
@Timeout(180)
class HandshakeTest {
  private static final String SECRET = "00ff10a0deadbeef";

  private final Clients clients = new Clients();

  @AfterEach
  void close() {
    clients.close();
  }

  private static TestConfig to(WebSocketService service) {
    return new TestConfig(service.host(), service.uri());
  }

  private static TestConfig to(RawPeer peer) {
    return new TestConfig(peer.host(), "/ws");
  }

  private static WebSocketServiceBuilder recording() {
    return WebSocketService.builder().behaviour(new Recorder());
  }

  private static void assertSays(BusException failure, Kind kind, String sentence) {
    assertThat(failure.sentence()).isEqualTo(sentence);
    assertThat(failure.kind()).isEqualTo(kind);
  }

  @Test
  void showsANewTokenAtEachConnect() throws Exception {
    try (WebSocketService service = recording().jwt("client-7", SECRET).start()) {
      Bus bus = clients.bus(to(service).credentials(Auth.JWT, "client-7", SECRET));
      clients.connect(bus);
      clients.connect(bus);

      assertThat(service.handshakes()).extracting(Handshake::status).containsExactly(101, 101);
      assertThat(service.tokens()).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Test
  void addsTheTokenToAQueryThatIsThereAlready() throws Exception {
    try (WebSocketService service = recording().jwt("client-7", SECRET).start()) {
      clients.start(
          new TestConfig(service.host(), service.uri() + "?tenant=9")
              .credentials(Auth.JWT, "client-7", SECRET));
      assertThat(service.handshakes().getFirst().request().uri()).startsWith("/ws?tenant=9&jwt=");
    }
  }

  @Test
  void showsOtherCredentialsAndHeadersAsTheyAreConfigured() throws Exception {
    try (WebSocketService bearer = recording().bearer("t0ken").start();
        WebSocketService basic = recording().basic("user", "pass:w\u00f6rd").start();
        WebSocketService header = recording().requireHeader("X-Api-Key", "k1").start()) {
      clients.start(to(bearer).credentials(Auth.BEARER, "", "t0ken"));
      clients.start(to(basic).credentials(Auth.BASIC, "user", "pass:w\u00f6rd"));
      TestConfig withHeader = to(header);
      withHeader.headers = List.of(new Header("X-Api-Key", new Secret("k1")));
      clients.start(withHeader);

      assertThat(bearer.connections() + basic.connections() + header.connections()).isEqualTo(3);
    }
  }

  @Test
  void readsTheCredentialsAnewAtEachConnect() throws Exception {
    try (WebSocketService service = recording().bearer("new").start()) {
      List<String> tokens = List.of("old", "new");
      int[] asked = new int[1];
      Bus bus =
          clients.bus(
              to(service).credentials(Auth.BEARER, "", "none").build(),
              () ->
                  new Credentials(
                      Optional.empty(), Optional.of(new Secret(tokens.get(asked[0]++)))));

      assertThatThrownBy(() -> bus.connect(new RecordedLosses())).isInstanceOf(BusException.class);
      clients.connect(bus);
      assertThat(service.connections()).isEqualTo(1);
    }
  }

  @Test
  void saysThatCredentialsWereRefusedAndNeverShowsThem() throws Exception {
    try (WebSocketService service = recording().jwt("client-7", SECRET).start()) {
      BusException wrongKey =
          clients.failure(to(service).credentials(Auth.JWT, "client-7", "abcdef"));
      assertSays(
          wrongKey,
          Kind.UNAUTHORIZED,
          service.url()
              + " answered 401 Unauthorized to the handshake: check client_id and client_secret"
              + " (ws_auth=jwt), and this machine's clock.");
      assertThat(chain(wrongKey)).doesNotContain("jwt=", service.tokens().getFirst(), "abcdef");
    }
    try (WebSocketService service = recording().refuse(HttpRefusal.forbidden("not you")).start()) {
      assertSays(
          clients.failure(to(service)),
          Kind.UNAUTHORIZED,
          service.url()
              + " answered 403 Forbidden to the handshake: check whether it wants credentials"
              + " (client_id and client_secret, or ws_auth).");
    }
  }

  /** Everything that a log could print of a failure. */
  private static String chain(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      all.append(t).append('\n');
    }
    return all.toString();
  }

  @Test
  void saysWhatIsMissingOrWrongInTheCredentials() {
    try (WebSocketService service = recording().start()) {
      WebSocketConfig config = to(service).credentials(Auth.JWT, "client-7", SECRET).build();
      assertSays(
          refused(config, Optional.empty()),
          Kind.MISCONFIGURED,
          "ws_auth=jwt needs client_secret: set it in section ws_api.");
      assertSays(
          refused(config, Optional.of(new Secret("f00"))),
          Kind.MISCONFIGURED,
          "client_secret is not hexadecimal, which ws_auth=jwt needs; copy it again as the API's"
              + " provider gave it.");
      assertThat(service.connectionAttempts()).isZero();
    }
  }

  private BusException refused(WebSocketConfig config, Optional<Secret> secret) {
    Bus bus = clients.bus(config, () -> new Credentials(Optional.of("client-7"), secret));
    return catchThrowableOfType(BusException.class, () -> clients.connect(bus));
  }

  @Test
  void saysThatThePathIsWrong() {
    try (WebSocketService service = recording().start()) {
      assertSays(
          clients.failure(new TestConfig(service.host(), "/other?key=secret")),
          Kind.MISCONFIGURED,
          service.host() + "/other answered 404 Not Found to the handshake: check api_uri.");
    }
  }

  @Test
  void tellsHowLongTheServiceWantsToBeLeftAlone() {
    try (WebSocketService service =
        recording().refuse(HttpRefusal.tooManyRequests(Duration.ofSeconds(17))).start()) {
      BusException failure = clients.failure(to(service));
      assertSays(
          failure,
          Kind.UNAVAILABLE,
          service.url()
              + " answered 429 Too Many Requests to the handshake, and asks to be tried again in"
              + " 17 s.");
      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(17));
    }
    try (WebSocketService service =
        recording()
            .refuse(HttpRefusal.unavailable().with("Retry-After", "Fri, 01 Jan 2021 00:00:00 GMT"))
            .start()) {
      BusException failure = clients.failure(to(service));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.retryAfter()).contains(Duration.ZERO);
    }
    try (WebSocketService service =
        recording().refuse(HttpRefusal.internalError().with("Retry-After", "soon")).start()) {
      BusException failure = clients.failure(to(service));
      assertSays(
          failure,
          Kind.UNAVAILABLE,
          service.url()
              + " answered 500 Internal Server Error to the handshake; it may do better later.");
      assertThat(failure.retryAfter()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "301",
        "999999999",
        "999999999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
      })
  void leavesAServiceAloneForNoLongerThanIsAllowed(String retryAfter) {
    try (WebSocketService service =
        recording().refuse(HttpRefusal.unavailable().with("Retry-After", retryAfter)).start()) {
      BusException failure = clients.failure(to(service));
      assertSays(
          failure,
          Kind.UNAVAILABLE,
          service.url()
              + " answered 503 Service Unavailable to the handshake, and asks to be tried again in"
              + " more than 300 s, the longest that it is left alone (ws_max_retry_after_secs).");
      assertThat(failure.retryAfter()).contains(Duration.ofMinutes(5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "1e9", "0x10", "1.5", "12 s", "", "Sat, 31 Dec 9999 23:59:59 GMT"})
  void passesOverARetryAfterThatIsNone(String retryAfter) {
    try (WebSocketService service =
        recording().refuse(HttpRefusal.unavailable().with("Retry-After", retryAfter)).start()) {
      BusException failure = clients.failure(to(service));
      assertThat(failure.sentence()).endsWith("to the handshake; it may do better later.");
      assertThat(failure.retryAfter()).isEmpty();
    }
  }

  @Test
  void tellsAWebPageAndARedirectFromAWebSocket() {
    try (WebSocketService service =
        recording().refuse(HttpRefusal.html(200, "<h1>Welcome</h1>")).start()) {
      assertSays(
          clients.failure(to(service)),
          Kind.MISCONFIGURED,
          service.url()
              + " answered with a web page, not a WebSocket: check api_host and api_uri.");
    }
    try (WebSocketService service =
        recording()
            .refuse(HttpRefusal.of(302, "").with("Location", "https://login.example/in?back=1"))
            .start()) {
      assertSays(
          clients.failure(to(service)),
          Kind.MISCONFIGURED,
          service.url()
              + " answered 302 Found to the handshake, pointing to https://login.example/in:"
              + " correct api_host and api_uri.");
    }
  }

  @Test
  void namesAHostThatIsNotKnownAndAPortThatRefuses() throws Exception {
    assertSays(
        clients.failure(new TestConfig("ws://no-such-host.invalid:81", "/ws")),
        Kind.UNAVAILABLE,
        "The host of no-such-host.invalid:81 is not known: check api_host for a misspelling, and"
            + " this machine's DNS.");
    int port = FreePorts.next();
    assertSays(
        clients.failure(new TestConfig("ws://127.0.0.1:" + port, "/ws")),
        Kind.UNAVAILABLE,
        "127.0.0.1:"
            + port
            + " refused the connection: check api_host, or whether the service is down.");
  }

  @Test
  void givesUpInTimeOnAPeerThatIsSilentOrAnswersInDribs() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    RawPeer.Script dribs =
        client -> {
          client.readRequest();
          client.send("HTTP/1.1 101 Switching Protocols\r\nX: ");
          while (!over.await(20, TimeUnit.MILLISECONDS)) {
            client.send("x");
          }
        };
    try (RawPeer silent = RawPeer.silent();
        RawPeer slow = RawPeer.playing(dribs)) {
      for (String host :
          List.of(silent.host(), silent.host().replace("ws:", "wss:"), slow.host())) {
        TestConfig config = new TestConfig(host, "/ws");
        config.connectTimeout = Duration.ofMillis(500);
        long begun = System.nanoTime();
        BusException failure = clients.failure(config);

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isBetween(Duration.ofMillis(450), Duration.ofSeconds(60));
        assertSays(
            failure,
            Kind.UNAVAILABLE,
            host
                + "/ws did not answer within 0.5 s (ws_connect_timeout_secs, for connection, TLS"
                + " and handshake together); check api_host, and firewalls on the way.");
      }
      silent.awaitEnds(2, Duration.ofSeconds(60));
      over.countDown();
    }
  }

  @Test
  void leavesNothingOpenWhenItIsInterrupted() throws Exception {
    try (RawPeer silent = RawPeer.silent()) {
      FutureTask<Boolean> connect =
          new FutureTask<>(
              () -> {
                try {
                  clients.connect(clients.bus(to(silent)));
                  return false;
                } catch (InterruptedException e) {
                  return true;
                }
              });
      Thread thread = Thread.ofPlatform().start(connect);
      while (silent.connections() == 0) {
        Thread.onSpinWait();
      }
      thread.interrupt();

      assertThat(connect.get(60, TimeUnit.SECONDS)).isTrue();
      silent.awaitEnds(1, Duration.ofSeconds(60));
    }
  }

  @Test
  void saysWhatIsWrongWithAPeerThatIsNoWebSocket() {
    try (RawPeer smtp = RawPeer.playing(client -> client.send("220 mail.example ESMTP\r\n"));
        RawPeer gone = RawPeer.hangingUpMidHandshake();
        RawPeer wrong = RawPeer.withWrongAccept()) {
      String address = smtp.host().substring(5);
      assertSays(
          clients.failure(to(smtp)),
          Kind.MISCONFIGURED,
          address
              + " does not speak HTTP there: check the port and the scheme (ws or wss) of"
              + " api_host.");
      assertSays(
          clients.failure(to(gone)),
          Kind.UNAVAILABLE,
          gone.host().substring(5)
              + " closed the connection during the handshake, without an answer: check the port"
              + " and the scheme (ws or wss) of api_host, or whether the service is restarting.");
      assertThat(clients.failure(to(wrong)).sentence())
          .startsWith(wrong.url() + " answered the handshake in a way that RFC 6455 forbids");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
        "HTTP/1.1 102 Processing\n\nHTTP/1.1 100\r\n\r\nHTTP/1.1 199 x\r\nContent-Length: 9\r\n\r\n"
      })
  void passesOverInterimResponses(String interim) throws Exception {
    try (RawPeer peer = greeting(interim, "")) {
      assertThat(clients.start(to(peer)).deliveries().messages(1)).isEqualTo(Messages.texts(1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Extensions:\r\n",
        "Sec-WebSocket-Extensions: \t, ,\r\nSec-WebSocket-Extensions: \r\n",
        "Sec-WebSocket-Protocol:\r\nX-Folded: a\r\n b: c\r\n"
      })
  void takesAnEmptyListForNone(String headers) throws Exception {
    try (RawPeer peer = greeting("", headers)) {
      assertThat(clients.start(to(peer)).deliveries().messages(1)).isEqualTo(Messages.texts(1, 1));
    }
  }

  @Test
  void findsAnExtensionAmongEmptyElements() throws Exception {
    Deflation deflation = new Deflation(true, Deflation.WIDEST_WINDOW);
    RawFrame compressed = RawFrame.text(deflation.deflate(Messages.text(1).body())).withRsv(4);
    deflation.end();
    RawPeer.Script deflating =
        client -> {
          client.open("", "Sec-WebSocket-Extensions: , permessage-deflate ,\r\n");
          client.send(compressed);
          client.readToEnd();
        };
    try (RawPeer peer = RawPeer.playing(deflating)) {
      TestConfig config = to(peer);
      config.compression = WebSocketConfig.Compression.PERMESSAGE_DEFLATE;
      assertThat(clients.start(config).deliveries().messages(1)).isEqualTo(Messages.texts(1, 1));
    }
  }

  /** Opens the WebSocket in its own way and sends a message. */
  private static RawPeer greeting(String before, String headers) {
    return RawPeer.playing(
        client -> {
          client.open(before, headers);
          client.send(RawFrame.text(Messages.text(1).body()));
          client.readToEnd();
        });
  }

  @Test
  void endsAHeadThatHasNoEnd() throws Exception {
    RawPeer.Script headers =
        client -> {
          client.readRequest();
          client.send("HTTP/1.1 101 Switching Protocols\r\n");
          while (true) {
            client.send("X: y\r\n".repeat(1_000));
          }
        };
    RawPeer.Script interim =
        client -> {
          client.readRequest();
          while (true) {
            client.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(1_000));
          }
        };
    for (RawPeer.Script script : List.of(headers, interim)) {
      try (RawPeer peer = RawPeer.playing(script)) {
        assertSays(
            clients.failure(to(peer)),
            Kind.MISCONFIGURED,
            peer.host().substring(5)
                + " answered the handshake with more than 64 KiB of headers: check api_uri and"
                + " what is between the bridge and the API.");
        peer.awaitEnds(1, Duration.ofSeconds(5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ws://shop_api_1, shop_api_1:80, shop_api_1",
    "ws://shop_api_1:8080, shop_api_1:8080, shop_api_1:8080",
    "ws://web.1.x3fz:8080, web.1.x3fz:8080, web.1.x3fz:8080",
    "ws://api.example.com., api.example.com.:80, api.example.com.",
    "ws://[::1]:8080, [::1]:8080, [::1]:8080",
    "ws://api.example.com:80, api.example.com:80, api.example.com:80"
  })
  void asksForTheHostAsItIsWritten(String apiHost, String connect, String host) throws Exception {
    List<String> requests = new CopyOnWriteArrayList<>();
    RawPeer.Script proxy =
        client -> {
          requests.add(client.readRequest());
          client.send("HTTP/1.1 200 OK\r\n\r\n");
          requests.add(client.readRequest());
          client.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        };
    try (RawPeer peer = RawPeer.playing(proxy)) {
      TestConfig config = new TestConfig(apiHost, "/ws?x=1");
      config.proxy = Optional.of(throughProxy(peer));
      assertThat(clients.failure(config).sentence())
          .isEqualTo(apiHost + "/ws answered 404 Not Found to the handshake: check api_uri.");
    }
    assertThat(requests).hasSize(2);
    assertThat(requests.getFirst())
        .startsWith("CONNECT " + connect + " HTTP/1.1\r\nHost: " + connect + "\r\n");
    assertThat(requests.getLast()).startsWith("GET /ws?x=1 HTTP/1.1\r\nHost: " + host + "\r\n");
  }

  private static Proxy throughProxy(RawPeer peer) {
    return new Proxy(
        "127.0.0.1", URI.create(peer.host()).getPort(), Optional.empty(), Optional.empty());
  }

  @Test
  void connectsToThePortOfAHostWhoseNameIsNoInternetHosts() throws Exception {
    try (RawPeer peer = greeting("", "")) {
      // An address all the same: the resolver takes it, java.net.URI does not.
      String apiHost = "ws://127.1:" + URI.create(peer.host()).getPort();
      assertThat(URI.create(apiHost).getHost()).isNull();
      assertThat(clients.start(new TestConfig(apiHost, "/ws")).deliveries().messages(1))
          .isEqualTo(Messages.texts(1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 Connection established",
        "201 Created\r\nContent-Length: 100",
        "202 Accepted",
        "204 No Content",
        "299",
        "100 Continue\r\n\r\nHTTP/1.1 200 OK"
      })
  void takesEverySuccessForATunnel(String answer) throws Exception {
    RawPeer.Script proxy =
        client -> {
          client.readRequest();
          client.send("HTTP/1.1 " + answer + "\r\nVia: 1.1 x\r\n\r\n");
          client.open();
          client.send(RawFrame.text(Messages.text(1).body()));
          client.readToEnd();
        };
    try (RawPeer peer = RawPeer.playing(proxy)) {
      TestConfig config = new TestConfig("ws://api.invalid", "/ws");
      config.proxy = Optional.of(throughProxy(peer));
      assertThat(clients.start(config).deliveries().messages(1)).isEqualTo(Messages.texts(1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"101 Switching Protocols", "302 Found", "400 Bad Request"})
  void takesNothingElseForATunnel(String answer) {
    RawPeer.Script proxy =
        client -> {
          client.readRequest();
          client.send("HTTP/1.1 " + answer + "\r\n\r\n");
          client.readToEnd();
        };
    try (RawPeer peer = RawPeer.playing(proxy)) {
      TestConfig config = new TestConfig("ws://api.invalid", "/ws");
      config.proxy = Optional.of(throughProxy(peer));
      assertThat(clients.failure(config).sentence())
          .startsWith(
              "The proxy " + peer.host().substring(5) + " answered " + answer.substring(0, 3))
          .endsWith(": check ws_proxy, and that it may connect to api.invalid:80.");
    }
  }

  @Test
  void writesAddressesOfIpv6InBrackets() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    TestConfig direct = new TestConfig("ws://[::1]:" + port, "/ws");
    assertThat(clients.failure(direct).sentence()).contains("[::1]:" + port);
    TestConfig proxied = new TestConfig("ws://[fd00::7]", "/ws");
    proxied.proxy = Optional.of(new Proxy("[::1]", port, Optional.empty(), Optional.empty()));
    assertThat(clients.failure(proxied).sentence())
        .contains("[::1]:" + port)
        .doesNotContain("fd00");
  }

  @Test
  void quotesALocationOnOneLineAndPrintable() {
    try (RawPeer peer =
        RawPeer.playing(
            client -> {
              client.readRequest();
              client.send(
                  "HTTP/1.1 302 Found\r\nLocation: https://x/\u001b[2J\u009b31m\u0085a\u007f"
                      + "b\r\n\r\n");
              client.readToEnd();
            })) {
      assertSays(
          clients.failure(to(peer)),
          Kind.MISCONFIGURED,
          peer.url()
              + " answered 302 Found to the handshake, pointing to https://x/ [2J 31m a b: correct"
              + " api_host and api_uri.");
    }
  }

  @Test
  void takesTheSubprotocolThatIsChosenAndRefusesOneThatWasNotOffered() throws Exception {
    try (WebSocketService service = recording().subprotocols("v2.bridge").start()) {
      TestConfig config = to(service);
      config.subprotocols = List.of("v3.bridge", "v2.bridge");
      clients.start(config);
      assertThat(service.handshakes().getFirst().request().header("Sec-WebSocket-Protocol"))
          .contains("v3.bridge, v2.bridge");
    }
  }
}
