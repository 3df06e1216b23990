package org.messagebusbridge.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of one TLS client.
 *
 * @param caFile the certificates to trust instead of the JDK's own
 * @param clientCertFile the client's certificate chain, leaf first; present exactly when the key is
 * @param clientKeyFile the client's private key (PKCS #8, not encrypted)
 */
public record TlsFiles(
    Optional<Path> caFile, Optional<Path> clientCertFile, Optional<Path> clientKeyFile) {

  public TlsFiles {
    if (clientCertFile.isPresent() != clientKeyFile.isPresent()) {
      throw new IllegalArgumentException(
          "a client needs both certificate and key, or none of them");
    }
  }

  /** No files: the JDK's own trust store, no client certificate. */
  public static final TlsFiles NONE =
      new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());
}
