package org.messagebusbridge.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes the TLS files of one section. */
final class TlsReader {
  private TlsReader() {}

  static TlsFiles read(Values values, Key<Path> ca, Key<Path> certificate, Key<Path> key) {
    Optional<Path> caFile = values.optional(ca);
    Optional<Path> certificateFile = values.optional(certificate);
    Optional<Path> keyFile = values.optional(key);
    pair(values, certificate, key);
    pair(values, key, certificate);
    return certificateFile.isPresent() == keyFile.isPresent()
        ? new TlsFiles(caFile, certificateFile, keyFile)
        : TlsFiles.NONE;
  }

  private static void pair(Values values, Key<Path> one, Key<Path> other) {
    if (values.isSet(one) && !values.isSet(other)) {
      values.missing(other, one.name() + " is set, and a client needs both certificate and key");
    }
  }

  /** Warns of files that are set for a connection without TLS. */
  static void warnOfUnused(Values values, String why, List<Key<Path>> keys) {
    keys.stream()
        .filter(values::isSet)
        .forEach(key -> values.warn(key, "the file is not used, because " + why + "."));
  }
}
