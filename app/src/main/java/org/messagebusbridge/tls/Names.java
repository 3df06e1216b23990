package org.messagebusbridge.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** What a certificate says of itself, short enough for one sentence. */
final class Names {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int AT_MOST = 5;

  private Names() {}

  static String subject(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    return name.isEmpty() ? "without a subject" : PeerText.line(name);
  }

  static String issuer(X509Certificate certificate) {
    return PeerText.line(certificate.getIssuerX500Principal().getName());
  }

  static String day(Date date) {
    return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  static boolean selfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** The hosts that the certificate is for (RFC 9525, section 4): {@code a.com, b.com}. */
  static String hosts(X509Certificate certificate) {
    List<String> hosts = new ArrayList<>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.getFirst() instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS)) {
          hosts.add(PeerText.line(String.valueOf(name.get(1))));
        }
      }
    } catch (CertificateParsingException e) {
      hosts.clear();
    }
    if (hosts.isEmpty()) {
      return "no host name at all";
    }
    String shown = String.join(", ", hosts.subList(0, Math.min(AT_MOST, hosts.size())));
    return hosts.size() > AT_MOST ? shown + " and " + (hosts.size() - AT_MOST) + " more" : shown;
  }
}
