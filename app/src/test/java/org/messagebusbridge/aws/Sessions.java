package org.messagebusbridge.aws;

import org.messagebusbridge.sandbox.aws.AwsCredentials;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;

/** Sessions with the emulator. */
final class Sessions {

  private Sessions() {}

  /** As the account itself. */
  static AwsSession of(AwsEndpoint aws) {
    return of(aws, aws.credentials());
  }

  /** As that caller. */
  static AwsSession of(AwsEndpoint aws, AwsCredentials caller) {
    return AwsSession.at(aws.uri(), aws.region(), caller.accessKeyId(), caller.secretAccessKey());
  }
}
