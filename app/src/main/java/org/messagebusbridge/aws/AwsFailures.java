package org.messagebusbridge.aws;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.tls.Causes;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells the SDK's exceptions in a sentence for an operator.
 *
 * @param action what was called, as IAM writes it: {@code ssm:PutParameter}
 * @param on what it was called on, for people: a parameter, a log group, an ARN
 * @param region where
 */
record AwsFailures(String action, String on, String region) {

  private static final Set<String> EXPIRED =
      Set.of("ExpiredTokenException", "ExpiredToken", "RequestExpired");
  private static final Set<String> UNKNOWN_KEY =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "MissingAuthenticationToken");
  private static final Set<String> DENIED =
      Set.of("AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized");

  /** The action and the resource in the words of IAM, which may be another action: a key's. */
  private static final Pattern NOT_AUTHORIZED =
      Pattern.compile("not authorized to perform: ?([\\w-]+:\\w+)(?: on resource: ?(\\S+))?");

  /** What the sentence begins with. */
  private String asked() {
    return action + " on " + on + " in " + region;
  }

  AwsException explain(SdkException failure) {
    return switch (failure) {
      case AwsServiceException service -> refused(service);
      case ApiCallTimeoutException _, ApiCallAttemptTimeoutException _ ->
          unavailable("AWS did not answer " + asked() + " in time", failure);
      default -> client(failure);
    };
  }

  private AwsException refused(AwsServiceException failure) {
    String code =
        Optional.ofNullable(failure.awsErrorDetails())
            .map(AwsErrorDetails::errorCode)
            .orElse("HTTP " + failure.statusCode());
    String words = words(failure);
    if (EXPIRED.contains(code)) {
      return AwsException.mistake(
          "AWS refused " + asked() + " because the session token has expired; get new credentials.",
          failure);
    }
    if (UNKNOWN_KEY.contains(code)
        || words.contains("security token included in the request is invalid")) {
      return AwsException.mistake(
          "AWS refused "
              + asked()
              + " because it does not know these credentials ("
              + code
              + "); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile.",
          failure);
    }
    if (DENIED.contains(code)) {
      return denied(words, failure);
    }
    if (failure.isThrottlingException()
        || code.contains("Throttl")
        || failure.statusCode() >= 500) {
      return unavailable("AWS did not do " + asked() + " (" + code + ")", failure);
    }
    return AwsException.mistake(
        "AWS refused " + asked() + ": " + ended(words.isEmpty() ? code : words), failure);
  }

  /** What is missing, named as a policy names it. */
  private AwsException denied(String words, AwsServiceException failure) {
    Matcher named = NOT_AUTHORIZED.matcher(words);
    boolean isNamed = named.find();
    String missing = isNamed ? named.group(1) : action;
    String resource =
        isNamed && named.group(2) != null ? named.group(2).replaceFirst("[.,;]$", "") : on;
    if (!isNamed && words.contains("ciphertext")) {
      missing = "kms:Decrypt";
      resource = "the key that it is encrypted under";
    }
    return AwsException.mistake(
        "AWS denied "
            + asked()
            + "; grant the IAM permission "
            + missing
            + " on "
            + resource
            + ", and see that no policy denies it.",
        failure);
  }

  private AwsException client(SdkException failure) {
    String words = String.valueOf(failure.getMessage());
    if (words.contains("Unable to load region")) {
      return noRegion(failure);
    }
    if (words.contains("Unable to load credentials")) {
      return AwsException.mistake(
          "There are no AWS credentials for "
              + asked()
              + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where"
              + " there is a role (ECS, EC2).",
          failure);
    }
    Throwable root = Causes.of(failure).root();
    if (root instanceof URISyntaxException || words.contains("protocol must not be null")) {
      return AwsException.mistake(
          "AWS_ENDPOINT_URL, or that of the service, is no URL; write one such as"
              + " https://aws.example.com, or unset it.",
          failure);
    }
    String reason =
        switch (root) {
          case UnknownHostException _ -> "its host name is not known";
          case ConnectException _ -> "the connection was refused";
          case SocketTimeoutException _ -> "it did not answer in time";
          case SSLException _ -> "TLS failed: " + root.getMessage();
          default -> first(String.valueOf(root.getMessage()));
        };
    return unavailable("AWS could not be asked for " + asked() + " (" + reason + ")", failure);
  }

  private AwsException unavailable(String what, SdkException failure) {
    return AwsException.unavailable(
        what + "; check the network, the region and AWS_ENDPOINT_URL, or try later.", failure);
  }

  /** There is no region to ask in. */
  static AwsException noRegion(@Nullable Throwable cause) {
    return AwsException.mistake(
        "There is no AWS region; name it with -r, or set AWS_REGION or the profile's region.",
        cause);
  }

  /** The region that is named is none. */
  static AwsException badRegion(String named) {
    return AwsException.mistake(
        "'"
            + named
            + "' is no AWS region; name one such as us-east-1 with -r, or in AWS_REGION or the"
            + " profile.",
        null);
  }

  private static String words(AwsServiceException failure) {
    return Optional.ofNullable(failure.awsErrorDetails())
        .map(AwsErrorDetails::errorMessage)
        .map(AwsFailures::first)
        .orElse("");
  }

  private static String first(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }
}
