package org.messagebusbridge.sandbox;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate and its key, in memory and as PEM files.
 *
 * @param certificate the leaf, signed by a root
 * @param key its ECDSA P-256 key
 * @param certificateFile the leaf alone
 * @param keyFile the key, PKCS #8, not encrypted, readable by its owner alone
 */
public record Identity(
    X509Certificate certificate, PrivateKey key, Path certificateFile, Path keyFile) {

  @Override
  public String toString() {
    return certificateFile.getFileName() + " (" + certificate.getSubjectX500Principal() + ")";
  }
}
