package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Messages;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.HttpConnectProxy;
import org.messagebusbridge.sandbox.Identity;
import org.messagebusbridge.sandbox.RawPeer;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.Clients.Client;
import org.messagebusbridge.websocket.WebSocketConfig.Proxy;

/** TLS and proxies: what gets through, and what is said when it does not. */
@Timeout(180)
class SecureTest {
  @TempDir static Path files;
  private static Certificates certificates;

  private final Clients clients = new Clients();

  @BeforeAll
  static void makeCertificates() {
    certificates = Certificates.in(files.resolve("certificates"));
  }

  @AfterEach
  void close() {
    clients.close();
  }

  private static WebSocketService echo(Identity server, boolean clientCertificate) {
    return WebSocketService.builder()
        .tls(certificates.serverContext(server), clientCertificate)
        .start();
  }

  private static TestConfig to(WebSocketService service) {
    return new TestConfig(service.host(), service.uri()).trusting(certificates.caFile());
  }

  private static Proxy proxy(HttpConnectProxy proxy) {
    return new Proxy("127.0.0.1", proxy.port(), Optional.empty(), Optional.empty());
  }

  private static Proxy proxy(HttpConnectProxy proxy, String user, String password) {
    return new Proxy(
        "127.0.0.1", proxy.port(), Optional.of(user), Optional.of(new Secret(password)));
  }

  private void assertEchoes(Client client) throws InterruptedException {
    client.send(Messages.texts(1, 200));
    assertThat(client.deliveries().messages(200)).isEqualTo(Messages.texts(1, 200));
    assertThat(client.confirmations().await(200)).isEqualTo(200);
    client.connection().close();
    assertThat(client.losses().count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void trustsAPrivateAuthorityForTheHostsOfItsCertificate(String host) throws Exception {
    try (WebSocketService service = echo(certificates.server(), false)) {
      assertEchoes(
          clients.start(
              new TestConfig("wss://" + host + ":" + service.port(), "/ws")
                  .trusting(certificates.caFile())));
    }
  }

  @Test
  void showsAClientCertificate() throws Exception {
    try (WebSocketService service = echo(certificates.server(), true)) {
      TestConfig config = to(service);
      config.tls =
          new TlsFiles(
              Optional.of(certificates.caFile()),
              Optional.of(certificates.client().certificateFile()),
              Optional.of(certificates.client().keyFile()));
      assertEchoes(clients.start(config));
      assertThat(service.handshakes().getFirst().request().clientCertificate()).isPresent();

      BusException without = clients.failure(to(service));
      assertThat(without.kind()).isEqualTo(Kind.MISCONFIGURED);
      assertThat(without.sentence()).contains("127.0.0.1:" + service.port(), "ws_client_cert_file");
    }
  }

  @Test
  void refusesACertificateThatIsNotToBeTrusted() {
    record Case(Identity server, boolean trusting, String why) {}
    for (Case wrong :
        new Case[] {
          new Case(certificates.server(), false, "which is not trusted here"),
          new Case(certificates.selfSignedServer(), true, "is self-signed"),
          new Case(certificates.expiredServer(), true, "expired on"),
          new Case(certificates.otherHostServer(), true, "not for this host")
        }) {
      try (WebSocketService service = echo(wrong.server(), false)) {
        TestConfig config = new TestConfig(service.host(), service.uri());
        BusException failure =
            clients.failure(wrong.trusting() ? config.trusting(certificates.caFile()) : config);
        assertThat(failure.sentence()).contains(wrong.why()).doesNotContain("\n", "Exception");
        assertThat(failure.kind()).isEqualTo(Kind.MISCONFIGURED);
        assertThat(service.handshakes()).isEmpty();
      }
    }
  }

  @Test
  void tellsAPlainServiceFromOneWithTlsAndTheOtherWayRound() {
    try (WebSocketService plain = WebSocketService.builder().start();
        WebSocketService tls = echo(certificates.server(), false)) {
      BusException notTls =
          clients.failure(new TestConfig("wss://127.0.0.1:" + plain.port(), "/ws"));
      assertThat(notTls.sentence()).contains("does not speak TLS on this port");
      assertThat(notTls.kind()).isEqualTo(Kind.MISCONFIGURED);
      BusException notPlain =
          clients.failure(new TestConfig("ws://127.0.0.1:" + tls.port(), "/ws"));
      assertThat(notPlain.sentence()).contains("scheme (ws or wss)");
    }
  }

  @Test
  void goesThroughAProxyWithAndWithoutTlsAndCredentials() throws Exception {
    try (WebSocketService tls = echo(certificates.server(), false);
        WebSocketService plain = WebSocketService.builder().start();
        HttpConnectProxy open = HttpConnectProxy.open();
        HttpConnectProxy guarded = HttpConnectProxy.withCredentials("carrier", "p:ss w\u00f6rd")) {
      TestConfig throughOpen = to(plain);
      throughOpen.proxy = Optional.of(proxy(open));
      assertEchoes(clients.start(throughOpen));
      TestConfig secured = to(tls);
      secured.proxy = Optional.of(proxy(open));
      assertEchoes(clients.start(secured));
      TestConfig known = to(tls);
      known.proxy = Optional.of(proxy(guarded, "carrier", "p:ss w\u00f6rd"));
      assertEchoes(clients.start(known));

      assertThat(open.targets())
          .containsExactly("127.0.0.1:" + plain.port(), "127.0.0.1:" + tls.port());
      assertThat(guarded.targets()).containsExactly("127.0.0.1:" + tls.port());
    }
  }

  @Test
  void checksTheHostNameThroughAProxyToo() {
    try (WebSocketService other = echo(certificates.otherHostServer(), false);
        HttpConnectProxy open = HttpConnectProxy.open()) {
      TestConfig config = to(other);
      config.proxy = Optional.of(proxy(open));
      assertThat(clients.failure(config).sentence()).contains("not for this host");
    }
  }

  @Test
  void saysWhatTheProxyHasAgainstIt() {
    try (HttpConnectProxy guarded = HttpConnectProxy.withCredentials("carrier", "right");
        RawPeer silent = RawPeer.silent()) {
      TestConfig wrong = new TestConfig("wss://api.invalid", "/ws?key=1");
      wrong.proxy = Optional.of(proxy(guarded, "carrier", "wr0ng"));
      BusException unauthorized = clients.failure(wrong);
      assertThat(unauthorized.sentence())
          .isEqualTo(
              "The proxy 127.0.0.1:"
                  + guarded.port()
                  + " answered 407 Proxy Authentication Required to CONNECT: check its user and"
                  + " password (ws_proxy=http://user:password@host:port).");
      assertThat(unauthorized.kind()).isEqualTo(Kind.MISCONFIGURED);

      TestConfig unreachable = new TestConfig("wss://api.invalid", "/ws");
      unreachable.proxy = Optional.of(proxy(guarded, "carrier", "right"));
      BusException badGateway = clients.failure(unreachable);
      assertThat(badGateway.sentence())
          .isEqualTo(
              "The proxy 127.0.0.1:"
                  + guarded.port()
                  + " answered 502 Bad Gateway to CONNECT: it cannot reach api.invalid:443; check"
                  + " api_host.");
      assertThat(badGateway.kind()).isEqualTo(Kind.UNAVAILABLE);

      TestConfig stuck = new TestConfig("wss://api.invalid", "/ws");
      stuck.connectTimeout = Duration.ofMillis(300);
      stuck.proxy =
          Optional.of(
              new Proxy(
                  "127.0.0.1",
                  Integer.parseInt(silent.host().substring(silent.host().lastIndexOf(':') + 1)),
                  Optional.empty(),
                  Optional.empty()));
      assertThat(clients.failure(stuck).sentence()).contains("did not answer within 0.3 s");
    }
  }
}
