package org.messagebusbridge.sandbox.aws;

/**
 * Who asks.
 *
 * @param accessKeyId the public half
 * @param secretAccessKey the other half, which no emulator checks
 */
public record AwsCredentials(String accessKeyId, String secretAccessKey) {

  @Override
  public String toString() {
    return accessKeyId;
  }
}
