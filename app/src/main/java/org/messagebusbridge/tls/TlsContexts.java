package org.messagebusbridge.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.config.TlsFileKeys;
import org.messagebusbridge.config.TlsFiles;

/**
 * TLS contexts of a client from its PEM files.
 *
 * <p>The files are read at each call, so a client that asks for a context at each connect takes up
 * certificates that were renewed on disk without a restart.
 */
public final class TlsContexts {
  /** The protocols that the bridge speaks (RFC 8446, RFC 5246), in the JDK's names. */
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private TlsContexts() {}

  /**
   * A context that trusts the certificates of {@link TlsFiles#caFile} instead of the JDK's own, and
   * shows the client certificate if there is one.
   *
   * <p>A context alone checks neither the host name nor the protocol: use {@link #socketFactory}.
   *
   * @param keys whose files these are, for errors
   * @throws TlsException when a file cannot be read or is not what it should be, when the private
   *     key does not belong to the certificate, or when the client certificate is not valid now
   */
  public static SSLContext of(TlsFiles files, TlsFileKeys keys) throws TlsException {
    return of(files, keys, InstantSource.system());
  }

  /** What is wrong with the contents of the files, in a sentence; empty: nothing. */
  public static Optional<String> flaw(TlsFiles files, TlsFileKeys keys) {
    try {
      of(files, keys);
      return Optional.empty();
    } catch (TlsException e) {
      return Optional.of(e.sentence());
    }
  }

  static SSLContext of(TlsFiles files, TlsFileKeys keys, InstantSource clock) throws TlsException {
    return of(files, keys, clock, Optional.empty());
  }

  private static SSLContext of(
      TlsFiles files, TlsFileKeys keys, InstantSource clock, Optional<HostName> host)
      throws TlsException {
    Optional<ClientIdentity> identity = identity(files, keys, clock);
    KeyStore anchors = files.caFile().isPresent() ? anchors(files.caFile().get(), keys) : null;
    try {
      KeyManager[] keyManagers =
          identity.isPresent() ? identity.get().keyManagers() : new KeyManager[0];
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers, new TrustManager[] {trustManager(anchors, clock, host)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new TlsException(
          "The TLS of this Java runtime cannot be set up ("
              + e.getMessage()
              + "); check its trust store and java.security file.",
          e);
    }
  }

  /**
   * A factory whose sockets speak TLS 1.2 or 1.3 and check that the peer's certificate is for the
   * host (RFC 9525). Sockets that were made unconnected take the host's name from the address they
   * are connected to, so that has to be made by name.
   *
   * @param host whom all its sockets connect to, as it is configured; a dot may end its name
   * @throws TlsException as {@link #of}
   */
  public static SSLSocketFactory socketFactory(TlsFiles files, TlsFileKeys keys, String host)
      throws TlsException {
    Optional<HostName> checkedHere = HostName.unknownToTheJdk(host);
    SSLContext context = of(files, keys, InstantSource.system(), checkedHere);
    SSLParameters parameters = parameters(checkedHere);
    return new WrappedTlsSockets(
        context.getSocketFactory(),
        socket -> {
          socket.setSSLParameters(parameters);
          return socket;
        });
  }

  private static SSLParameters parameters(Optional<HostName> checkedHere) {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS.clone());
    if (checkedHere.isEmpty()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }

  private static Optional<ClientIdentity> identity(
      TlsFiles files, TlsFileKeys keys, InstantSource clock) throws TlsException {
    if (files.clientCertFile().isEmpty() || files.clientKeyFile().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ClientIdentity.read(
            PemFile.read(keys.clientCertFile().name(), files.clientCertFile().get()),
            PemFile.read(keys.clientKeyFile().name(), files.clientKeyFile().get()),
            keys.clientCertFile().name(),
            clock.instant()));
  }

  private static KeyStore anchors(Path caFile, TlsFileKeys keys) throws TlsException {
    PemFile file = PemFile.read(keys.caFile().name(), caFile);
    try {
      KeyStore store = KeyStores.empty();
      int number = 0;
      for (X509Certificate certificate : file.certificates()) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw file.failure("holds a certificate that this Java runtime cannot store");
    }
  }

  private static X509ExtendedTrustManager trustManager(
      @Nullable KeyStore anchors, InstantSource clock, Optional<HostName> host)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .map(jdk -> new PeerTrustManager(jdk, clock, host))
        .orElseThrow(() -> new GeneralSecurityException("it has no X.509 trust manager"));
  }
}
