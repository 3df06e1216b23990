package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {

  @TempDir private static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void make() {
    certificates = Certificates.in(directory.resolve("made"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "::1"})
  void theServerIsTrustedUnderItsLoopbackNames(String host) throws Exception {
    assertThat(talk(host, certificates.server(), certificates.clientContext(), false))
        .isEqualTo("hello");
  }

  @Test
  void theExpiredServerIsRefused() {
    refused(certificates.expiredServer(), "certificate_expired");
  }

  @Test
  void theSelfSignedServerIsRefused() {
    refused(certificates.selfSignedServer(), "unable to find valid certification path");
  }

  @Test
  void theServerOfAnotherHostIsRefused() {
    refused(certificates.otherHostServer(), "No subject alternative DNS name matching localhost");
  }

  @Test
  void theClientIsTrustedWhereACertificateIsRequired() throws Exception {
    SSLContext client = certificates.clientContext(certificates.client());
    assertThat(talk("localhost", certificates.server(), client, true)).isEqualTo("hello");
  }

  @Test
  void aClientWithoutCertificateIsRefusedWhereOneIsRequired() {
    assertThatThrownBy(
            () -> talk("localhost", certificates.server(), certificates.clientContext(), true))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void theForeignClientIsRefusedWhereACertificateIsRequired() {
    SSLContext client = certificates.clientContext(certificates.foreignClient());
    assertThatThrownBy(() -> talk("localhost", certificates.server(), client, true))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theFilesHoldWhatIsInMemory() throws Exception {
    for (Identity identity : identities()) {
      try (InputStream in = Files.newInputStream(identity.certificateFile())) {
        assertThat(CertificateFactory.getInstance("X.509").generateCertificate(in))
            .isEqualTo(identity.certificate());
      }
      String body =
          Files.readString(identity.keyFile(), US_ASCII).replaceAll("-----.*-----|\n", "");
      var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
      assertThat(KeyFactory.getInstance("EC").generatePrivate(spec)).isEqualTo(identity.key());
    }
  }

  @Test
  void keysAreReadableByTheirOwnerAloneAndThatOfTheAuthorityIsNotWritten() throws Exception {
    for (Identity identity : identities()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(identity.keyFile())))
          .isEqualTo("rw-------");
    }
    try (Stream<Path> files = Files.list(directory.resolve("made"))) {
      assertThat(files).hasSize(2 * identities().size() + 1).contains(certificates.caFile());
    }
  }

  @Test
  void saysWhereItCouldNotWrite() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Certificates.in(file))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining(file.toString());
  }

  private static List<Identity> identities() {
    return List.of(
        certificates.server(),
        certificates.expiredServer(),
        certificates.selfSignedServer(),
        certificates.otherHostServer(),
        certificates.containerServer(),
        certificates.forgingServer(),
        certificates.client(),
        certificates.foreignClient());
  }

  private static void refused(Identity server, String reason) {
    assertThatThrownBy(() -> talk("localhost", server, certificates.clientContext(), false))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(reason);
  }

  /** What a client that checks the host name reads from a server with the identity given. */
  private static String talk(String host, Identity server, SSLContext client, boolean clientAuth)
      throws Exception {
    InetAddress address = InetAddress.getByName(host);
    var factory = certificates.serverContext(server).getServerSocketFactory();
    try (var listener = (SSLServerSocket) factory.createServerSocket(0, 1, address)) {
      listener.setNeedClientAuth(clientAuth);
      Thread.startVirtualThread(() -> greet(listener));
      try (var socket =
          (SSLSocket) client.getSocketFactory().createSocket(host, listener.getLocalPort())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(60_000);
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
      }
    }
  }

  private static void greet(SSLServerSocket listener) {
    try (var socket = listener.accept()) {
      socket.getOutputStream().write("hello".getBytes(US_ASCII));
    } catch (IOException refusedByTheClientWhichAsserts) {
      return;
    }
  }
}
