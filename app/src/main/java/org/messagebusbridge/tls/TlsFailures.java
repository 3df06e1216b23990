package org.messagebusbridge.tls;

import java.io.EOFException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.messagebusbridge.config.TlsFileKeys;

/** Says in one sentence why a TLS connection failed, and what to do. */
public final class TlsFailures {
  private TlsFailures() {}

  /**
   * One sentence for an operator on what TLS failed over, for failures to connect: up to the first
   * byte that the peer answers, as with TLS 1.3 a refused client certificate shows only then.
   *
   * @param failure what was thrown, with its causes
   * @param host the peer, as the sentence is to name it: {@code host} or {@code host:port}
   * @param keys which keys of the configuration the sentence is to point at
   * @return empty when neither the failure nor any of its causes comes from TLS
   */
  public static Optional<String> explain(Throwable failure, String host, TlsFileKeys keys) {
    Causes causes = Causes.of(failure);
    Optional<TlsException> files = causes.first(TlsException.class);
    if (files.isPresent()) {
      return Optional.of(files.get().sentence());
    }
    if (!causes.cutOff()
        && causes.first(SSLException.class).isEmpty()
        && causes.first(CertificateException.class).isEmpty()) {
      return Optional.empty();
    }
    Optional<String> alert = causes.alert();
    if (alert.isPresent()) {
      return Optional.of(peersAlert(alert.get(), host, keys));
    }
    if (causes.first(CertificateException.class).isPresent()
        || causes.first(CertPathValidatorException.class).isPresent()) {
      return Optional.of(certificate(causes, host, keys));
    }
    return Optional.of(handshake(causes, host, keys));
  }

  private static String certificate(Causes causes, String host, TlsFileKeys keys) {
    Optional<X509Certificate> leaf =
        causes.first(PeerCertificateException.class).map(PeerCertificateException::certificate);
    String whose =
        "The certificate of " + host + leaf.map(c -> " (" + Names.subject(c) + ")").orElse("");
    if (causes.haveReason(BasicReason.EXPIRED, CertificateExpiredException.class)) {
      return whose
          + leaf.filter(TlsFailures::isPast)
              .map(c -> " expired on " + Names.day(c.getNotAfter()))
              .orElse(", or one that it was issued by, has expired")
          + "; its owner has to renew it, or this machine's clock is wrong.";
    }
    if (causes.haveReason(BasicReason.NOT_YET_VALID, CertificateNotYetValidException.class)) {
      return whose
          + leaf.map(c -> " is not valid before " + Names.day(c.getNotBefore()))
              .orElse(" is not valid yet")
          + "; check this machine's clock.";
    }
    if (causes.say(
        m -> m.startsWith("No subject alternative") || m.startsWith("No name matching"))) {
      return whose
          + leaf.map(c -> " is for " + Names.hosts(c) + ", not for this host")
              .orElse(" is for another host")
          + "; connect by a name that it is for, or have it reissued.";
    }
    if (causes.say(m -> m.contains("unable to find valid certification path"))) {
      return whose
          + leaf.map(TlsFailures::untrusted)
              .orElse(" is self-signed or from an authority unknown here")
          + "; if you trust it, set "
          + keys.caFile().name()
          + " to a PEM file with "
          + (leaf.filter(c -> !Names.selfSigned(c)).isPresent()
              ? "that authority's certificate."
              : "that certificate.");
    }
    return whose + " was refused (" + causes.innermost() + "); its owner has to replace it.";
  }

  private static String untrusted(X509Certificate certificate) {
    return Names.selfSigned(certificate)
        ? " is self-signed"
        : " was issued by " + Names.issuer(certificate) + ", which is not trusted here";
  }

  private static boolean isPast(X509Certificate certificate) {
    try {
      certificate.checkValidity();
      return false;
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return true;
    }
  }

  private static String peersAlert(String alert, String host, TlsFileKeys keys) {
    String files = keys.clientCertFile().name() + " and " + keys.clientKeyFile().name();
    return switch (alert) {
      case "certificate_required" ->
          host
              + " asks for a client certificate and got none; set "
              + files
              + ", or, if they are set, get a certificate from an authority that it accepts.";
      case "handshake_failure" ->
          host
              + " ended the TLS handshake (handshake_failure); it may ask for a client certificate"
              + " ("
              + files
              + ") from an authority that it accepts, or have no cipher suite in common with the"
              + " bridge.";
      case "bad_certificate",
          "unknown_ca",
          "certificate_unknown",
          "certificate_revoked",
          "unsupported_certificate",
          "access_denied",
          "decrypt_error" ->
          host
              + " refused the TLS handshake ("
              + alert
              + "): it misses a client certificate, or does not accept the one it got; check "
              + files
              + ".";
      case "certificate_expired" ->
          host
              + " says that the client certificate has expired; renew that of "
              + keys.clientCertFile().name()
              + ".";
      case "protocol_version" ->
          host + " speaks no TLS 1.2 or 1.3, which the bridge needs; its owner has to enable one.";
      case "unrecognized_name" ->
          host
              + " does not know the host name it was called by; check that it is spelled as its"
              + " owner gave it.";
      default ->
          host + " ended the TLS handshake with the alert " + alert + "; its own log says why.";
    };
  }

  private static String handshake(Causes causes, String host, TlsFileKeys keys) {
    if (causes.say(
        m ->
            m.contains("Unsupported or unrecognized SSL message")
                || m.contains("plaintext connection"))) {
      return host + " does not speak TLS on this port; " + keys.plaintextAdvice() + ".";
    }
    if (causes.say(
        m ->
            m.contains("No appropriate protocol")
                || m.contains("protocol_version")
                || m.contains("not support")
                || m.contains("not accepted by client"))) {
      return host
          + " and the bridge have no TLS protocol or cipher suite in common; it has to offer TLS"
          + " 1.2 or 1.3.";
    }
    if (causes.cutOff()
        || causes.first(EOFException.class).isPresent()
        || causes.say(m -> m.contains("terminated the handshake"))) {
      return host
          + " closed the connection during the TLS handshake; check host and port, whether it asks"
          + " for a client certificate ("
          + keys.clientCertFile().name()
          + " and "
          + keys.clientKeyFile().name()
          + ") or does not accept the one it got, and whether it accepts this machine's address.";
    }
    String phase =
        causes.first(SSLHandshakeException.class).isPresent()
            ? "The TLS handshake with "
            : "The TLS connection with ";
    return phase + host + " failed: " + causes.innermost() + ".";
  }
}
