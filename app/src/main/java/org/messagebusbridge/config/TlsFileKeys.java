package org.messagebusbridge.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The keys by which a section names the PEM files of a TLS client.
 *
 * @param plaintextAdvice what to do when the peer turns out not to speak TLS
 */
public record TlsFileKeys(
    Key<Path> caFile, Key<Path> clientCertFile, Key<Path> clientKeyFile, String plaintextAdvice) {

  /**
   * Declares them.
   *
   * @param prefix what their names begin with, before an underscore
   * @param plaintextAdvice what to do when the peer turns out not to speak TLS
   */
  public static TlsFileKeys declare(Section section, String prefix, String plaintextAdvice) {
    return new TlsFileKeys(
        section.optional(
            prefix + "_ca_file",
            Types.file("a PEM file"),
            "the JDK's trust store",
            "/etc/mbb/" + prefix + "-ca.pem",
            "The certificates to trust instead of the JDK's own"),
        section.optional(
            prefix + "_client_cert_file",
            Types.file("a PEM file"),
            "none",
            "/etc/mbb/" + prefix + "-client.pem",
            "The client certificate to show, its own first, then its issuers"),
        section.optional(
            prefix + "_client_key_file",
            Types.file("a PEM file"),
            "none",
            "/etc/mbb/" + prefix + "-client-key.pem",
            "The private key of " + prefix + "_client_cert_file (PKCS #8, not encrypted)"),
        plaintextAdvice);
  }

  /** The files that were set. */
  public TlsFiles of(Configuration configuration) {
    return new TlsFiles(
        configuration.find(caFile),
        configuration.find(clientCertFile),
        configuration.find(clientKeyFile));
  }

  /** Checks that there are both certificate and key, or none of them. */
  public void check(Values values) {
    all().forEach(values::optional);
    pair(values, clientCertFile, clientKeyFile);
    pair(values, clientKeyFile, clientCertFile);
  }

  private static void pair(Values values, Key<Path> one, Key<Path> other) {
    if (values.isSet(one) && !values.isSet(other)) {
      values.missing(other, one.name() + " is set, and a client needs both certificate and key");
    }
  }

  /** Warns of files that are set for a connection without TLS. */
  public void warnOfUnused(Values values, String why) {
    all().stream()
        .filter(values::isSet)
        .forEach(key -> values.warn(key, "the file is not used, because " + why + "."));
  }

  private List<Key<Path>> all() {
    return List.of(caFile, clientCertFile, clientKeyFile);
  }
}
