package org.messagebusbridge.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/**
 * The peer's certificate was refused; keeps the certificate, so that the refusal can be explained.
 */
final class PeerCertificateException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final transient X509Certificate certificate;

  PeerCertificateException(X509Certificate certificate, CertificateException cause) {
    super(cause.getMessage(), cause);
    this.certificate = certificate;
  }

  /** The peer's own certificate: the first of its chain. */
  X509Certificate certificate() {
    return certificate;
  }
}
