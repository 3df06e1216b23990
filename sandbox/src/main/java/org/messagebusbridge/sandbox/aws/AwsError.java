package org.messagebusbridge.sandbox.aws;

/**
 * An error as AWS answers it.
 *
 * @param status the HTTP status
 * @param code such as {@code ThrottlingException}
 * @param message AWS's own words
 */
public record AwsError(int status, String code, String message) {

  /** Too many requests. */
  public static AwsError throttling() {
    return new AwsError(400, "ThrottlingException", "Rate exceeded");
  }

  /** Temporary credentials that ended. */
  public static AwsError expiredToken() {
    return new AwsError(
        400, "ExpiredTokenException", "The security token included in the request is expired");
  }

  /** No policy allows it; in the words of AWS, which name the caller and the action. */
  public static AwsError accessDenied(String action) {
    return new AwsError(
        400,
        "AccessDeniedException",
        "User: arn:aws:sts::111122223333:assumed-role/bridge/i-1 is not authorized to perform: %s"
                .formatted(action)
            + " because no identity-based policy allows the %s action".formatted(action));
  }
}
