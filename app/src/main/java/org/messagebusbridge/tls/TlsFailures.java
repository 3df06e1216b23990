package org.messagebusbridge.tls;

import java.io.EOFException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Says in one sentence why a TLS connection failed, and what to do. */
public final class TlsFailures {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  private TlsFailures() {}

  /**
   * One sentence for an operator on what TLS failed over.
   *
   * @param failure what was thrown, with its causes
   * @param host the peer, as the sentence is to name it: {@code host} or {@code host:port}
   * @param keys which keys of the configuration the sentence is to point at
   * @return empty when neither the failure nor any of its causes comes from TLS
   */
  public static Optional<String> explain(Throwable failure, String host, TlsKeys keys) {
    List<Throwable> causes = causes(failure);
    Optional<TlsException> files = first(causes, TlsException.class);
    if (files.isPresent()) {
      return Optional.of(files.get().sentence());
    }
    if (first(causes, SSLException.class).isEmpty()
        && first(causes, CertificateException.class).isEmpty()) {
      return Optional.empty();
    }
    Optional<String> alert = alert(causes);
    if (alert.isPresent()) {
      return Optional.of(peersAlert(alert.get(), host, keys));
    }
    if (first(causes, CertificateException.class).isPresent()
        || first(causes, CertPathValidatorException.class).isPresent()) {
      return Optional.of(certificate(causes, host, keys));
    }
    return Optional.of(handshake(causes, host, keys));
  }

  private static String certificate(List<Throwable> causes, String host, TlsKeys keys) {
    Optional<X509Certificate> leaf =
        first(causes, PeerCertificateException.class).map(PeerCertificateException::certificate);
    String whose =
        "The certificate of " + host + leaf.map(c -> " (" + Names.subject(c) + ")").orElse("");
    if (reason(causes, BasicReason.EXPIRED, CertificateExpiredException.class)) {
      return whose
          + leaf.filter(TlsFailures::isPast)
              .map(c -> " expired on " + Names.day(c.getNotAfter()))
              .orElse(", or one that it was issued by, has expired")
          + "; its owner has to renew it, or this machine's clock is wrong.";
    }
    if (reason(causes, BasicReason.NOT_YET_VALID, CertificateNotYetValidException.class)) {
      return whose
          + leaf.map(c -> " is not valid before " + Names.day(c.getNotBefore()))
              .orElse(" is not valid yet")
          + "; check this machine's clock.";
    }
    if (says(
        causes, m -> m.startsWith("No subject alternative") || m.startsWith("No name matching"))) {
      return whose
          + leaf.map(c -> " is for " + Names.hosts(c) + ", not for this host")
              .orElse(" is for another host")
          + "; connect by a name that it is for, or have it reissued.";
    }
    if (says(causes, m -> m.contains("unable to find valid certification path"))) {
      return whose
          + leaf.map(TlsFailures::untrusted)
              .orElse(" is self-signed or from an authority unknown here")
          + "; if you trust it, set "
          + keys.caFile()
          + " to a PEM file with that certificate.";
    }
    return whose + " was refused (" + innermost(causes) + "); its owner has to replace it.";
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

  private static String peersAlert(String alert, String host, TlsKeys keys) {
    return switch (alert) {
      case "certificate_required" ->
          host
              + " asks for a client certificate; set "
              + keys.clientCertFile()
              + " and "
              + keys.clientKeyFile()
              + ".";
      case "handshake_failure" ->
          host
              + " ended the TLS handshake (handshake_failure): it may ask for a client certificate"
              + " ("
              + keys.clientCertFile()
              + " and "
              + keys.clientKeyFile()
              + "), or have no cipher suite in common with the bridge.";
      case "bad_certificate",
          "unknown_ca",
          "certificate_unknown",
          "certificate_revoked",
          "unsupported_certificate",
          "access_denied",
          "decrypt_error" ->
          host
              + " does not accept the client certificate ("
              + alert
              + "); check that "
              + keys.clientCertFile()
              + " is the one it knows, with its whole chain.";
      case "certificate_expired" ->
          host
              + " says that the client certificate has expired; renew that of "
              + keys.clientCertFile()
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

  private static String handshake(List<Throwable> causes, String host, TlsKeys keys) {
    if (says(
        causes,
        m ->
            m.contains("Unsupported or unrecognized SSL message")
                || m.contains("plaintext connection"))) {
      return host + " does not speak TLS on this port; " + keys.plaintextAdvice() + ".";
    }
    if (says(
        causes,
        m ->
            m.contains("No appropriate protocol")
                || m.contains("protocol_version")
                || m.contains("not support")
                || m.contains("not accepted by client"))) {
      return host
          + " and the bridge have no TLS protocol or cipher suite in common; it has to offer TLS"
          + " 1.2 or 1.3.";
    }
    if (first(causes, EOFException.class).isPresent()
        || says(causes, m -> m.contains("terminated the handshake"))) {
      return host
          + " closed the connection during the TLS handshake; check that host and port are right,"
          + " or that it accepts this machine's address.";
    }
    String phase =
        first(causes, SSLHandshakeException.class).isPresent()
            ? "The TLS handshake with "
            : "The TLS connection with ";
    return phase + host + " failed: " + innermost(causes) + ".";
  }

  private static boolean reason(
      List<Throwable> causes, BasicReason reason, Class<? extends CertificateException> type) {
    return first(causes, type).isPresent()
        || first(causes, CertPathValidatorException.class)
            .filter(e -> e.getReason() == reason)
            .isPresent();
  }

  private static Optional<String> alert(List<Throwable> causes) {
    for (Throwable cause : causes) {
      Matcher matcher = ALERT.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }

  private static boolean says(List<Throwable> causes, Predicate<String> message) {
    return causes.stream().map(Throwable::getMessage).filter(m -> m != null).anyMatch(message);
  }

  private static <T extends Throwable> Optional<T> first(List<Throwable> causes, Class<T> type) {
    return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** What the deepest cause says, without the full stop that the sentence brings itself. */
  private static String innermost(List<Throwable> causes) {
    Throwable deepest = causes.getLast();
    String message = deepest.getMessage();
    return message == null || message.isBlank()
        ? deepest.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable t = failure; t != null && !causes.contains(t); t = t.getCause()) {
      causes.add(t);
    }
    return causes;
  }
}
