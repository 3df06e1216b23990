package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * A private certificate authority and what it signed, made on the spot: good certificates, and one
 * for each way of being bad. Immutable; the files belong to whoever owns the directory.
 */
public final class Certificates {

  /** What a terminal would take for commands, and a reader for another line. */
  public static final String FORGED_NAME =
      "api\u001b[2J\nerror: all is lost.\u009b31m\u202egnol\u2066\u200f\u061c\u2028\u0085end";

  private static final List<GeneralName> LOOPBACK =
      List.of(
          new GeneralName(GeneralName.dNSName, "localhost"),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
          new GeneralName(GeneralName.iPAddress, "::1"));
  private static final List<GeneralName> ELSEWHERE =
      List.of(new GeneralName(GeneralName.dNSName, "elsewhere.example"));
  private static final List<GeneralName> CONTAINERS =
      List.of(
          new GeneralName(GeneralName.dNSName, "shop_api_1"),
          new GeneralName(GeneralName.dNSName, "*.shop_net"),
          new GeneralName(GeneralName.dNSName, "api.example.com"));

  private final X509Certificate ca;
  private final Path caFile;
  private final Identity server;
  private final Identity expiredServer;
  private final Identity selfSignedServer;
  private final Identity otherHostServer;
  private final Identity containerServer;
  private final Identity forgingServer;
  private final Identity client;
  private final Identity foreignClient;

  private Certificates(PemFiles files) throws IOException, GeneralSecurityException {
    var authority = new CertificateAuthority("MessageBusBridge sandbox CA", newKeys());
    var foreign = new CertificateAuthority("Foreign CA", newKeys());
    ca = authority.certificate();
    caFile = files.write("ca.pem", ca);
    server = identity(files, "server", server(authority, LOOPBACK));
    expiredServer =
        identity(
            files,
            "expired-server",
            keys ->
                authority.issueExpired(
                    "localhost", keys.getPublic(), KeyPurposeId.id_kp_serverAuth, LOOPBACK));
    selfSignedServer =
        identity(
            files,
            "self-signed-server",
            keys -> server(new CertificateAuthority("localhost", keys), LOOPBACK).of(keys));
    otherHostServer = identity(files, "other-host-server", server(authority, ELSEWHERE));
    containerServer = identity(files, "container-server", server(authority, CONTAINERS));
    forgingServer =
        identity(
            files,
            "forging-server",
            keys ->
                authority.issue(
                    FORGED_NAME, keys.getPublic(), KeyPurposeId.id_kp_serverAuth, ELSEWHERE));
    client = identity(files, "client", client(authority));
    foreignClient = identity(files, "foreign-client", client(foreign));
  }

  /**
   * Makes them all; takes some 0.1 s.
   *
   * @param directory where the PEM files go; made when missing, and used once only
   * @throws SandboxException when the files cannot be written
   */
  public static Certificates in(Path directory) {
    try {
      return new Certificates(new PemFiles(Files.createDirectories(directory)));
    } catch (IOException | GeneralSecurityException e) {
      throw new SandboxException("no certificates could be made in " + directory + ": " + e, e);
    }
  }

  /** The authority's certificate, in PEM: what a client trusts, and a server of its clients. */
  public Path caFile() {
    return caFile;
  }

  /** For {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
  public Identity server() {
    return server;
  }

  /** As {@link #server()}, but its time ran out yesterday. */
  public Identity expiredServer() {
    return expiredServer;
  }

  /** As {@link #server()}, but signed by its own key instead of the authority. */
  public Identity selfSignedServer() {
    return selfSignedServer;
  }

  /** As {@link #server()}, but for {@code elsewhere.example}. */
  public Identity otherHostServer() {
    return otherHostServer;
  }

  /** As {@link #server()}, but for {@code shop_api_1}, {@code *.shop_net}, api.example.com. */
  public Identity containerServer() {
    return containerServer;
  }

  /** As {@link #otherHostServer()}, and its common name is {@link #FORGED_NAME}. */
  public Identity forgingServer() {
    return forgingServer;
  }

  /** A client that the authority signed. */
  public Identity client() {
    return client;
  }

  /** A client that another authority signed, which nobody trusts. */
  public Identity foreignClient() {
    return foreignClient;
  }

  /**
   * A server's context, which trusts clients of the authority. Whether a client must show a
   * certificate is not the context's to say: set {@code needClientAuth} on the socket or engine.
   */
  public SSLContext serverContext(Identity server) {
    return context(Optional.of(server));
  }

  /** The context of a client that trusts the authority alone and has no certificate. */
  public SSLContext clientContext() {
    return context(Optional.empty());
  }

  /**
   * The context of a client that trusts the authority alone and shows a certificate to every server
   * that asks for one, also when the server does not name its issuer.
   */
  public SSLContext clientContext(Identity client) {
    return context(Optional.of(client));
  }

  private SSLContext context(Optional<Identity> identity) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", ca);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyManager[] keys = identity.stream().map(OneIdentity::new).toArray(KeyManager[]::new);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Identity identity(PemFiles files, String name, Leaf leaf)
      throws IOException, GeneralSecurityException {
    KeyPair keys = newKeys();
    X509Certificate certificate = leaf.of(keys);
    return new Identity(
        certificate,
        keys.getPrivate(),
        files.write(name + ".pem", certificate),
        files.write(name + "-key.pem", keys.getPrivate()));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    return CertificateAuthority.newKeys();
  }

  private static Leaf server(CertificateAuthority issuer, List<GeneralName> names) {
    return keys ->
        issuer.issue("localhost", keys.getPublic(), KeyPurposeId.id_kp_serverAuth, names);
  }

  private static Leaf client(CertificateAuthority issuer) {
    return keys ->
        issuer.issue("bridge", keys.getPublic(), KeyPurposeId.id_kp_clientAuth, List.of());
  }

  private interface Leaf {
    X509Certificate of(KeyPair keys) throws IOException, GeneralSecurityException;
  }
}
