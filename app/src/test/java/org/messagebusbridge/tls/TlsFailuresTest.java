package org.messagebusbridge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.Identity;
import org.messagebusbridge.websocket.WebSocketKeys;

/** What an operator reads of a handshake that failed: each of them a real one, but the last few. */
class TlsFailuresTest {
  @TempDir private static Path directory;
  private static Certificates certificates;
  private static SSLSocketFactory client;

  @BeforeAll
  static void makeCertificates() throws TlsException {
    certificates = Certificates.in(directory.resolve("certificates"));
    client = client(Optional.empty());
  }

  private static SSLSocketFactory client(Optional<Identity> identity) throws TlsException {
    return TlsContexts.socketFactory(
        new TlsFiles(
            Optional.of(certificates.caFile()),
            identity.map(Identity::certificateFile),
            identity.map(Identity::keyFile)),
        WebSocketKeys.TLS_FILES,
        "localhost");
  }

  private static String sentence(TlsPeer peer, SSLSocketFactory factory) {
    Throwable failure = catchThrowable(() -> peer.talk(factory));
    return TlsFailures.explain(
            new IOException("wrapped", failure), "api:443", WebSocketKeys.TLS_FILES)
        .orElseThrow(() -> new AssertionError(failure));
  }

  private static TlsPeer serving(Identity server, boolean needClientAuth, String... protocols)
      throws IOException {
    return TlsPeer.tls(certificates.serverContext(server), needClientAuth, protocols);
  }

  @Test
  void saysThatTheCertificateExpired() throws Exception {
    Identity server = certificates.expiredServer();
    try (TlsPeer peer = serving(server, false)) {
      assertThat(sentence(peer, client))
          .isEqualTo(
              "The certificate of api:443 (CN=localhost) expired on "
                  + Names.day(server.certificate().getNotAfter())
                  + "; its owner has to renew it, or this machine's clock is wrong.");
    }
  }

  @Test
  void saysThatACertificateThatIsItselfTrustedExpired() throws Exception {
    Identity server = certificates.expiredServer();
    SSLSocketFactory pinned =
        TlsContexts.socketFactory(
            new TlsFiles(Optional.of(server.certificateFile()), Optional.empty(), Optional.empty()),
            WebSocketKeys.TLS_FILES,
            "localhost");
    try (TlsPeer peer = serving(server, false)) {
      assertThat(sentence(peer, pinned))
          .startsWith("The certificate of api:443 (CN=localhost) expired on ");
    }
  }

  @Test
  void saysThatTheCertificateIsSelfSigned() throws Exception {
    try (TlsPeer peer = serving(certificates.selfSignedServer(), false)) {
      assertThat(sentence(peer, client))
          .isEqualTo(
              "The certificate of api:443 (CN=localhost) is self-signed; if you trust it, set"
                  + " ws_ca_file to a PEM file with that certificate.");
    }
  }

  @Test
  void saysWhoIssuedACertificateThatIsNotTrusted() throws Exception {
    try (TlsPeer peer = serving(certificates.server(), false)) {
      assertThat(
              sentence(
                  peer,
                  TlsContexts.socketFactory(TlsFiles.NONE, WebSocketKeys.TLS_FILES, "localhost")))
          .isEqualTo(
              "The certificate of api:443 (CN=localhost) was issued by CN=MessageBusBridge sandbox"
                  + " CA, which is not trusted here; if you trust it, set ws_ca_file to a PEM file"
                  + " with that authority's certificate.");
    }
  }

  @Test
  void namesACertificateOnOneLineAndPrintable() throws Exception {
    try (TlsPeer peer = serving(certificates.forgingServer(), false)) {
      assertThat(sentence(peer, client))
          .isEqualTo(
              "The certificate of api:443 (CN=api [2J error: all is lost. 31m gnol end) is for"
                  + " elsewhere.example, not for this host; connect by a name that it is for, or"
                  + " have it reissued.");
    }
  }

  @Test
  void saysWhichHostTheCertificateIsFor() throws Exception {
    try (TlsPeer peer = serving(certificates.otherHostServer(), false)) {
      assertThat(sentence(peer, client))
          .isEqualTo(
              "The certificate of api:443 (CN=localhost) is for elsewhere.example, not for this"
                  + " host; connect by a name that it is for, or have it reissued.");
    }
  }

  private static final String ASKS =
      "api:443 asks for a client certificate and got none; set ws_client_cert_file and"
          + " ws_client_key_file, or, if they are set, get a certificate from an authority that it"
          + " accepts.";

  private static final String MAY_ASK =
      "api:443 ended the TLS handshake (handshake_failure); it may ask for a client certificate"
          + " (ws_client_cert_file and ws_client_key_file) from an authority that it accepts, or"
          + " have no cipher suite in common with the bridge.";

  @Test
  void saysThatThePeerAsksForAClientCertificate() throws Exception {
    try (TlsPeer tls13 = serving(certificates.server(), true, "TLSv1.3");
        TlsPeer tls12 = serving(certificates.server(), true, "TLSv1.2")) {
      assertThat(sentence(tls13, client)).isEqualTo(ASKS);
      assertThat(sentence(tls12, client)).isEqualTo(MAY_ASK);
    }
  }

  /** The JDK shows no certificate at all when none is from an authority that the peer names. */
  @Test
  void saysThatThePeerDoesNotAcceptTheClientsAuthority() throws Exception {
    SSLSocketFactory foreign = client(Optional.of(certificates.foreignClient()));
    try (TlsPeer tls13 = serving(certificates.server(), true, "TLSv1.3");
        TlsPeer tls12 = serving(certificates.server(), true, "TLSv1.2")) {
      assertThat(sentence(tls13, foreign)).isEqualTo(ASKS);
      assertThat(sentence(tls12, foreign)).isEqualTo(MAY_ASK);
    }
  }

  @Test
  void saysThatThePeerDoesNotSpeakTls() throws Exception {
    try (TlsPeer peer = TlsPeer.plaintext()) {
      assertThat(sentence(peer, client))
          .isEqualTo(
              "api:443 does not speak TLS on this port; write ws:// instead of wss:// in api_host"
                  + " if it is meant to be plain, or correct its port.");
      assertThat(
              TlsFailures.explain(
                  catchThrowable(() -> peer.talk(client)), "mq:5672", AmqpKeys.TLS_FILES))
          .contains(
              "mq:5672 does not speak TLS on this port; correct mq_port (TLS is 5671 as a rule), or"
                  + " set mq_tls=false if it is meant to be plain.");
    }
  }

  @Test
  void saysThatThePeerHungUp() throws Exception {
    String sentence =
        "api:443 closed the connection during the TLS handshake; check host and port, whether it"
            + " asks for a client certificate (ws_client_cert_file and ws_client_key_file) or does"
            + " not accept the one it got, and whether it accepts this machine's address.";
    try (TlsPeer closing = TlsPeer.hangingUp();
        TlsPeer resetting = TlsPeer.resetting()) {
      assertThat(sentence(closing, client)).isEqualTo(sentence);
      assertThat(sentence(resetting, client)).isEqualTo(sentence);
    }
  }

  @Test
  void explainsContextsThatAreNotItsOwnToo() throws Exception {
    SSLContext jdk = SSLContext.getDefault();
    try (TlsPeer peer = serving(certificates.selfSignedServer(), false)) {
      assertThat(sentence(peer, jdk.getSocketFactory()))
          .isEqualTo(
              "The certificate of api:443 is self-signed or from an authority unknown here; if you"
                  + " trust it, set ws_ca_file to a PEM file with that certificate.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          handshake_failure => mq ended the TLS handshake (handshake_failure); it may ask for a client certificate (mq_client_cert_file and mq_client_key_file) from an authority that it accepts, or have no cipher suite in common with the bridge.
          bad_certificate => mq refused the TLS handshake (bad_certificate): it misses a client certificate, or does not accept the one it got; check mq_client_cert_file and mq_client_key_file.
          unknown_ca => mq refused the TLS handshake (unknown_ca): it misses a client certificate, or does not accept the one it got; check mq_client_cert_file and mq_client_key_file.
          certificate_expired => mq says that the client certificate has expired; renew that of mq_client_cert_file.
          protocol_version => mq speaks no TLS 1.2 or 1.3, which the bridge needs; its owner has to enable one.
          unrecognized_name => mq does not know the host name it was called by; check that it is spelled as its owner gave it.
          internal_error => mq ended the TLS handshake with the alert internal_error; its own log says why.
          """)
  void explainsTheAlertsOfThePeer(String alert, String sentence) {
    assertThat(
            TlsFailures.explain(
                new SSLHandshakeException("Received fatal alert: " + alert),
                "mq",
                AmqpKeys.TLS_FILES))
        .contains(sentence);
  }

  @Test
  void explainsFilesThatAreNotUsable() {
    assertThat(
            TlsFailures.explain(
                new IOException(new TlsException("mq_ca_file: broken.")), "mq", AmqpKeys.TLS_FILES))
        .contains("mq_ca_file: broken.");
  }

  @Test
  void saysNothingOfFailuresThatAreNotOfTls() {
    assertThat(TlsFailures.explain(new ConnectException("refused"), "mq", AmqpKeys.TLS_FILES))
        .isEmpty();
    assertThat(
            TlsFailures.explain(new SocketException("Connection reset"), "mq", AmqpKeys.TLS_FILES))
        .isEmpty();
    assertThat(TlsFailures.explain(new EOFException(), "mq", AmqpKeys.TLS_FILES)).isEmpty();
  }

  @Test
  void saysNothingOfAPortThatNothingListensOn() throws Exception {
    InetSocketAddress free =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
    try (Socket socket = client.createSocket()) {
      Throwable refused = catchThrowable(() -> socket.connect(free, 60_000));

      assertThat(refused).isInstanceOf(ConnectException.class);
      assertThat(TlsFailures.explain(refused, "api:443", WebSocketKeys.TLS_FILES)).isEmpty();
    }
  }

  @Test
  void tellsWhatItDoesNotKnowInTheWordsOfTheJdk() {
    assertThat(TlsFailures.explain(new SSLException("Odd  thing."), "mq", AmqpKeys.TLS_FILES))
        .contains("The TLS connection with mq failed: Odd thing.");
    assertThat(TlsFailures.explain(new SSLHandshakeException(""), "mq", AmqpKeys.TLS_FILES))
        .contains("The TLS handshake with mq failed: SSLHandshakeException.");
  }
}
