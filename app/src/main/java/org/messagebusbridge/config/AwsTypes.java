package org.messagebusbridge.config;

import java.util.List;
import java.util.Locale;

/** What AWS gives a form: regions, ARNs and the names of CloudWatch. */
public final class AwsTypes {
  /** CloudWatch Logs API reference, PutRetentionPolicy. */
  static final List<Integer> RETENTION_DAYS =
      List.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private static final String REGION = "[a-z]{2,3}(-[a-z]+)+-\\d+";

  private AwsTypes() {}

  public static Type<String> region() {
    return Types.matching("a region such as us-east-1", REGION);
  }

  /** Whether a region may be called so. */
  public static boolean isRegion(String name) {
    return name.matches(REGION);
  }

  public static Type<String> secretArn() {
    return Types.matching(
        "an ARN such as arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf",
        "arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+");
  }

  /** CloudWatch Logs API reference, CreateLogGroup. */
  static Type<String> logGroup() {
    return Types.matching("1 to 512 of letters, digits, _ - / . #", "[A-Za-z0-9_/.#-]{1,512}");
  }

  /** CloudWatch Logs API reference, CreateLogStream. */
  static Type<String> logStream() {
    return Types.matching("1 to 512 characters other than : and *", "[^:*]{1,512}");
  }

  /** CloudWatch API reference, PutMetricData. */
  static Type<String> metricsNamespace() {
    Type<String> form =
        Types.matching(
            "1 to 255 of letters, digits, space, _ - / . # :", "[0-9A-Za-z._/#: -]{1,255}");
    return new Type<>(
        form.form(),
        text -> {
          if (text.toUpperCase(Locale.ROOT).startsWith("AWS/") || text.startsWith(":")) {
            throw new BadValueException(
                "begins with AWS/ or a colon, which CloudWatch keeps for itself",
                "write another namespace");
          }
          return form.parser().parse(text);
        });
  }
}
