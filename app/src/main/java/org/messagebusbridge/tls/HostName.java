package org.messagebusbridge.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SNIHostName;

/**
 * A host whose name the JDK takes for none, as it has an underscore: containers have such names.
 * The JDK does not find it in a certificate, so that is done here. A handshake does not ask for it
 * (RFC 6066, section 3): a server on the JDK breaks off over a name that it takes for none.
 *
 * @param name in lower case, without a final dot
 */
record HostName(String name) {
  private static final int DNS_NAME = 2;

  /** The host, if the JDK cannot check its name. */
  static Optional<HostName> unknownToTheJdk(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    try {
      boolean _ = host.contains(":") || new SNIHostName(name).getAsciiName().isEmpty();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(new HostName(name));
    }
  }

  /**
   * Checks that a certificate is for this host: by its DNS names alone, with a wildcard for the
   * whole first label (RFC 9525, sections 6.3 and 6.4).
   */
  void check(X509Certificate certificate) throws CertificateException {
    var names = certificate.getSubjectAlternativeNames();
    boolean found =
        names != null
            && names.stream()
                .filter(entry -> Integer.valueOf(DNS_NAME).equals(entry.getFirst()))
                .anyMatch(entry -> matches(String.valueOf(entry.get(1))));
    if (!found) {
      throw new CertificateException("No name matching " + name + " found");
    }
  }

  private boolean matches(String presented) {
    String lower = presented.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    return lower.equals(name)
        || (lower.startsWith("*.") && dot > 0 && lower.substring(1).equals(name.substring(dot)));
  }
}
