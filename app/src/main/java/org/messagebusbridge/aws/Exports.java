package org.messagebusbridge.aws;

import org.messagebusbridge.observability.ExportException;

/** What logs and metrics have in common. */
final class Exports {
  private Exports() {}

  static ExportException failed(AwsException failure) {
    return new ExportException(
        failure.isMistake() ? ExportException.Kind.REFUSED : ExportException.Kind.UNAVAILABLE,
        failure.sentence(),
        failure);
  }
}
