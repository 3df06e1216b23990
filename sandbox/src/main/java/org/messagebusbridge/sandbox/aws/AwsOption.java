package org.messagebusbridge.sandbox.aws;

/** What an emulator does beyond answering. */
public enum AwsOption {

  /**
   * Denies what no policy of the caller allows. {@link AwsEndpoint#credentials} stand for the
   * account itself, which may do everything; {@link AwsCaller#user} makes callers that may not.
   */
  IAM,

  /** Answers half of all requests with {@code ThrottlingException}. */
  THROTTLING
}
