package org.messagebusbridge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.Identity;
import org.messagebusbridge.websocket.WebSocketKeys;

class TlsContextsTest {
  @TempDir private static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = Certificates.in(directory.resolve("certificates"));
  }

  private static TlsFiles trusting(Path ca) {
    return new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty());
  }

  private static TlsFiles showing(Path certificate, Path key) {
    return new TlsFiles(
        Optional.of(certificates.caFile()), Optional.of(certificate), Optional.of(key));
  }

  private static String refusal(TlsFiles files) {
    return catchThrowableOfType(
            TlsException.class, () -> TlsContexts.of(files, WebSocketKeys.TLS_FILES))
        .sentence();
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }

  @Test
  void trustsThePrivateAuthorityInsteadOfTheJdks() throws Exception {
    try (TlsPeer peer = TlsPeer.tls(certificates.serverContext(certificates.server()), false)) {
      assertThat(
              peer.talk(
                  TlsContexts.socketFactory(
                      trusting(certificates.caFile()), WebSocketKeys.TLS_FILES, "localhost")))
          .isEqualTo(TlsPeer.ANSWER);
    }
  }

  @Test
  void trustsEachOfSeveralAuthoritiesInOneFileWithTextBetweenThem() throws Exception {
    Path bundle =
        write(
            "bundle.pem",
            "Root - one\n"
                + Files.readString(certificates.selfSignedServer().certificateFile())
                + "\nRoot -- two:\r\n"
                + Files.readString(certificates.caFile()).replace("\n", "\r\n"));
    for (Identity server :
        new Identity[] {certificates.server(), certificates.selfSignedServer()}) {
      try (TlsPeer peer = TlsPeer.tls(certificates.serverContext(server), false)) {
        assertThat(
                peer.talk(
                    TlsContexts.socketFactory(trusting(bundle), AmqpKeys.TLS_FILES, "localhost")))
            .isEqualTo(TlsPeer.ANSWER);
      }
    }
  }

  @Test
  void showsTheClientCertificate() throws Exception {
    Identity client = certificates.client();
    try (TlsPeer peer = TlsPeer.tls(certificates.serverContext(certificates.server()), true)) {
      assertThat(
              peer.talk(
                  TlsContexts.socketFactory(
                      showing(client.certificateFile(), client.keyFile()),
                      WebSocketKeys.TLS_FILES,
                      "localhost")))
          .isEqualTo(TlsPeer.ANSWER);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, SHA256withRSA, TLSv1.3",
    "RSA, 2048, SHA256withRSA, TLSv1.2",
    "EC, 384, SHA384withECDSA, TLSv1.3",
    "EC, 256, SHA256withECDSA, TLSv1.2",
    "Ed25519, 255, Ed25519, TLSv1.3"
  })
  void takesClientKeysOfEachKind(String algorithm, int size, String signature, String protocol)
      throws Exception {
    KeyPair keys = keys(algorithm, size);
    X509Certificate certificate = selfSigned(keys, signature);
    Path certificateFile = write("kind.pem", pem("CERTIFICATE", certificate.getEncoded()));
    Path keyFile = write("kind-key.pem", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    try (TlsPeer peer = TlsPeer.tls(serverTrusting(certificate), true, protocol)) {
      assertThat(
              peer.talk(
                  TlsContexts.socketFactory(
                      showing(certificateFile, keyFile), AmqpKeys.TLS_FILES, "localhost")))
          .isEqualTo(TlsPeer.ANSWER);
    }
  }

  @Test
  void speaksTls12And13AndChecksTheHostName() throws Exception {
    var factory = TlsContexts.socketFactory(TlsFiles.NONE, WebSocketKeys.TLS_FILES, "localhost");
    try (SSLSocket socket = (SSLSocket) factory.createSocket()) {
      assertThat(socket.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
      assertThat(socket.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    }
  }

  @Test
  void checksTheHostNameOfASocketThatWasMadeUnconnected() throws Exception {
    var factory =
        TlsContexts.socketFactory(
            trusting(certificates.caFile()), WebSocketKeys.TLS_FILES, "localhost");
    try (TlsPeer good = TlsPeer.tls(certificates.serverContext(certificates.server()), false);
        TlsPeer other =
            TlsPeer.tls(certificates.serverContext(certificates.otherHostServer()), false)) {
      assertThat(handshake(factory.createSocket(), good.port())).isEmpty();
      assertThat(handshake(factory.createSocket(), other.port()))
          .contains("No subject alternative DNS name matching localhost found.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop_api_1, ''",
    "Shop_API_1., ''",
    "db_1.shop_net, ''",
    "api.example.com, api.example.com",
    "api.example.com., api.example.com"
  })
  void findsTheHostInItsCertificateAndAsksForItByANameThatEveryServerTakes(
      String host, String asked) throws Exception {
    for (boolean connected : new boolean[] {true, false}) {
      assertThat(handshake(certificates.containerServer(), host, connected))
          .isEqualTo("asked for " + asked);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop_api_2, No name matching shop_api_2 found",
    "a.b_1.shop_net, No name matching a.b_1.shop_net found",
    "shop_net, No name matching shop_net found",
    "x_.example.com, No name matching x_.example.com found",
    "www.example.com, No subject alternative DNS name matching www.example.com found."
  })
  void refusesACertificateForAnotherHost(String host, String why) throws Exception {
    for (boolean connected : new boolean[] {true, false}) {
      assertThat(handshake(certificates.containerServer(), host, connected)).endsWith(why);
    }
  }

  @Test
  void trustsNoUnknownAuthorityForTheSakeOfAName() throws Exception {
    SSLSocketFactory factory =
        TlsContexts.socketFactory(TlsFiles.NONE, WebSocketKeys.TLS_FILES, "shop_api_1");
    assertThat(handshake(factory, certificates.containerServer(), "shop_api_1", true))
        .contains("unable to find valid certification path");
  }

  private static String handshake(Identity server, String host, boolean connected)
      throws Exception {
    return handshake(
        TlsContexts.socketFactory(trusting(certificates.caFile()), WebSocketKeys.TLS_FILES, host),
        server,
        host,
        connected);
  }

  /**
   * What comes of a handshake with a server on the loopback.
   *
   * @param connected whether TLS is laid over a connection, as in a tunnel
   */
  private static String handshake(
      SSLSocketFactory factory, Identity identity, String host, boolean connected)
      throws Exception {
    InetAddress address =
        InetAddress.getByAddress(host, InetAddress.getLoopbackAddress().getAddress());
    try (SSLServerSocket server =
            (SSLServerSocket)
                certificates
                    .serverContext(identity)
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, address);
        Socket plain = connected ? new Socket(address, server.getLocalPort()) : new Socket()) {
      FutureTask<List<SNIServerName>> names = new FutureTask<>(() -> serve(server));
      Thread.ofVirtual().start(names);
      try (SSLSocket tls =
          (SSLSocket)
              (connected ? factory.createSocket(plain, host, 443, true) : factory.createSocket())) {
        if (!connected) {
          tls.connect(new InetSocketAddress(address, server.getLocalPort()));
        }
        tls.startHandshake();
        assertThat(tls.getInputStream().read()).isEqualTo(TlsPeer.ANSWER);
      }
      return "asked for "
          + names.get().stream()
              .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
              .collect(Collectors.joining(", "));
    } catch (SSLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<SNIServerName> serve(SSLServerSocket server) throws IOException {
    try (SSLSocket client = (SSLSocket) server.accept()) {
      client.startHandshake();
      client.getOutputStream().write(TlsPeer.ANSWER);
      return ((ExtendedSSLSession) client.getSession()).getRequestedServerNames();
    }
  }

  private static Optional<String> handshake(Socket socket, int port) throws IOException {
    try (SSLSocket tls = (SSLSocket) socket) {
      tls.connect(new InetSocketAddress(InetAddress.getByName("localhost"), port));
      tls.startHandshake();
      return Optional.empty();
    } catch (SSLException e) {
      return Optional.ofNullable(e.getMessage()).map(m -> m.replaceFirst("^\\(.*?\\) ", ""));
    }
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    Path notPem = write("not.pem", "just text");
    Path damaged = write("damaged.pem", pem("CERTIFICATE", new byte[] {1, 2, 3}));
    Path badBase64 =
        write("base64.pem", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n");
    Path missing = directory.resolve("missing.pem");

    assertThat(refusal(trusting(missing)))
        .isEqualTo("ws_ca_file: there is no file " + missing + ".");
    assertThat(refusal(trusting(directory)))
        .isEqualTo("ws_ca_file: " + directory + " is a directory, not a file.");
    assertThat(refusal(trusting(notPem)))
        .isEqualTo(
            "ws_ca_file: the file "
                + notPem
                + " is not a PEM file (it has no whole block from \"-----BEGIN ...-----\" to"
                + " \"-----END ...-----\"); convert it with openssl, or name another.");
    assertThat(refusal(trusting(damaged)))
        .isEqualTo(
            "ws_ca_file: the file "
                + damaged
                + " is damaged: certificate 1 cannot be read; fetch it again.");
    assertThat(refusal(trusting(badBase64)))
        .isEqualTo(
            "ws_ca_file: the file "
                + badBase64
                + " is damaged: certificate 1 is not valid base64; fetch it again.");
    assertThat(refusal(trusting(certificates.server().keyFile())))
        .isEqualTo(
            "ws_ca_file: the file "
                + certificates.server().keyFile()
                + " holds no certificate, only \"PRIVATE KEY\"; name the certificate's file.");
  }

  @Test
  void saysHowToConvertAPrivateKeyOfAnotherForm() throws Exception {
    Path certificate = certificates.client().certificateFile();
    byte[] der = keys("RSA", 2048).getPrivate().getEncoded();
    Path pkcs1 = write("pkcs1.key", pem("RSA PRIVATE KEY", der));
    Path sec1 = write("sec1.pem", pem("EC PARAMETERS", der) + pem("EC PRIVATE KEY", der));
    Path encrypted = write("encrypted.pem", pem("ENCRYPTED PRIVATE KEY", der));
    Path encryptedPkcs1 =
        write(
            "encrypted-pkcs1.pem",
            """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-256-CBC,00

            AAAA
            -----END RSA PRIVATE KEY-----
            """);
    Path garbage = write("garbage.pem", pem("PRIVATE KEY", new byte[] {1, 2, 3}));

    assertThat(refusal(showing(certificate, pkcs1)))
        .isEqualTo(
            "ws_client_key_file: the file "
                + pkcs1
                + " holds a private key in the older form \"RSA PRIVATE KEY\"; convert it with:"
                + " openssl pkcs8 -topk8 -nocrypt -in "
                + pkcs1
                + " -out pkcs1-pkcs8.pem.");
    assertThat(refusal(showing(certificate, sec1))).contains("older form \"EC PRIVATE KEY\"");
    for (Path file : new Path[] {encrypted, encryptedPkcs1}) {
      assertThat(refusal(showing(certificate, file)))
          .startsWith(
              "ws_client_key_file: the file "
                  + file
                  + " holds an encrypted private key, which needs a passphrase; decrypt it with:"
                  + " openssl pkcs8 -topk8 -nocrypt -in "
                  + file);
    }
    assertThat(refusal(showing(certificate, garbage)))
        .isEqualTo(
            "ws_client_key_file: the file "
                + garbage
                + " holds a private key that is damaged or neither RSA, EC nor Ed25519; use one of"
                + " these.");
    assertThat(refusal(showing(certificate, certificate)))
        .isEqualTo(
            "ws_client_key_file: the file "
                + certificate
                + " holds no private key, only \"CERTIFICATE\"; name the private key's file.");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, SHA256withRSA",
    "EC, 256, SHA256withECDSA",
    "EC, 384, SHA384withECDSA",
    "Ed25519, 255, Ed25519"
  })
  void saysThatAKeyBelongsToAnotherCertificate(String algorithm, int size, String signature)
      throws Exception {
    Path certificate =
        write(
            "one.pem",
            pem("CERTIFICATE", selfSigned(keys(algorithm, size), signature).getEncoded()));
    Path sameKind =
        write("other-key.pem", pem("PRIVATE KEY", keys(algorithm, size).getPrivate().getEncoded()));
    String kind = algorithm.equals("RSA") ? "EC" : "RSA";
    Path otherKind =
        write(
            "kind-key.pem",
            pem(
                "PRIVATE KEY",
                keys(kind, kind.equals("EC") ? 256 : 2048).getPrivate().getEncoded()));

    for (Path key : new Path[] {sameKind, otherKind}) {
      assertThat(refusal(showing(certificate, key)))
          .isEqualTo(
              "ws_client_key_file: the file "
                  + key
                  + " holds a key that does not belong to the certificate of ws_client_cert_file"
                  + " (CN=client); name the two that were made together, the client's own"
                  + " certificate first in its file.");
    }
  }

  @Test
  void saysThatTheClientCertificateIsNotValidNow() {
    Identity client = certificates.client();
    TlsFiles files = showing(client.certificateFile(), client.keyFile());
    Instant late = client.certificate().getNotAfter().toInstant().plusSeconds(1);
    Instant early = client.certificate().getNotBefore().toInstant().minusSeconds(1);

    assertThat(
            catchThrowableOfType(
                    TlsException.class,
                    () -> TlsContexts.of(files, AmqpKeys.TLS_FILES, InstantSource.fixed(late)))
                .sentence())
        .isEqualTo(
            "mq_client_cert_file: the file "
                + client.certificateFile()
                + " holds a certificate (CN=bridge) that expired on "
                + Names.day(client.certificate().getNotAfter())
                + "; get a new one from who issued it.");
    assertThat(
            catchThrowableOfType(
                    TlsException.class,
                    () -> TlsContexts.of(files, AmqpKeys.TLS_FILES, InstantSource.fixed(early)))
                .sentence())
        .isEqualTo(
            "mq_client_cert_file: the file "
                + client.certificateFile()
                + " holds a certificate (CN=bridge) that is not valid before "
                + Names.day(client.certificate().getNotBefore())
                + "; check this machine's clock.");
  }

  private static KeyPair keys(String algorithm, int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private static X509Certificate selfSigned(KeyPair keys, String signature) throws Exception {
    X500Name name = new X500Name("CN=client");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            name,
            keys.getPublic());
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(signature).build(keys.getPrivate())));
  }

  private static SSLContext serverTrusting(X509Certificate client)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStores.empty();
    trusted.setCertificateEntry("client", client);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    Identity server = certificates.server();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new ClientIdentity(server.key(), List.of(server.certificate())).keyManagers(),
        trust.getTrustManagers(),
        null);
    return context;
  }
}
