package org.messagebusbridge.infra;

import java.util.Optional;
import org.messagebusbridge.infra.Options.OwnBroker;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The log groups: the bridge's, that of the round trips that test it, and that of what makes its
 * user. They are of the stack that lasts, for one that is kept is in the way of the next stack that
 * makes it.
 */
final class Logs extends Construct {
  private final LogGroup bridge;
  private final LogGroup smoke;
  private final Optional<LogGroup> brokerUser;

  Logs(Construct scope, String id, Options options) {
    super(scope, id);
    bridge = group(this, "Bridge", name(options), options);
    smoke = group(this, "Smoke", name(options) + "/smoke", options);
    brokerUser =
        options.broker() instanceof OwnBroker own && own.ownUser()
            ? Optional.of(group(this, "BrokerUser", name(options) + "/broker-user", options))
            : Optional.empty();
  }

  private static String name(Options options) {
    return "/messagebusbridge/" + options.stackName();
  }

  /** A group that is kept for as long as the options say, and by the stack's {@link Removal}. */
  static LogGroup group(Construct scope, String id, String name, Options options) {
    return LogGroup.Builder.create(scope, id)
        .logGroupName(name)
        .retention(retention(options.watch().logDays()))
        .removalPolicy(Removal.of(options))
        .build();
  }

  private static RetentionDays retention(int days) {
    return switch (days) {
      case 1 -> RetentionDays.ONE_DAY;
      case 3 -> RetentionDays.THREE_DAYS;
      case 5 -> RetentionDays.FIVE_DAYS;
      case 7 -> RetentionDays.ONE_WEEK;
      case 14 -> RetentionDays.TWO_WEEKS;
      case 30 -> RetentionDays.ONE_MONTH;
      case 60 -> RetentionDays.TWO_MONTHS;
      case 90 -> RetentionDays.THREE_MONTHS;
      case 120 -> RetentionDays.FOUR_MONTHS;
      case 150 -> RetentionDays.FIVE_MONTHS;
      case 180 -> RetentionDays.SIX_MONTHS;
      case 365 -> RetentionDays.ONE_YEAR;
      case 400 -> RetentionDays.THIRTEEN_MONTHS;
      case 545 -> RetentionDays.EIGHTEEN_MONTHS;
      case 731 -> RetentionDays.TWO_YEARS;
      case 1827 -> RetentionDays.FIVE_YEARS;
      case 3653 -> RetentionDays.TEN_YEARS;
      default -> throw new IllegalArgumentException("no such retention: " + days);
    };
  }

  LogGroup bridge() {
    return bridge;
  }

  LogGroup smoke() {
    return smoke;
  }

  /** Of the function that makes the bridge's user, where it has one of its own. */
  Optional<LogGroup> brokerUser() {
    return brokerUser;
  }

  /** What the bridge's option {@code -l} needs in a group that is there. */
  void grantWrite(IGrantable who) {
    bridge.grantWrite(who);
  }
}
