package org.messagebusbridge.tester;

import java.time.Duration;

/** Plans for tests, in few words. */
final class Plans {

  static final Duration LATE = Duration.ofSeconds(1);

  private Plans() {}

  /** So many messages, so far apart. */
  static Plan of(int number, Duration apart, Duration endDelay) {
    return new Plan(
        Schedule.of(number, apart), Payload.TEXT, 0, LATE, false, endDelay, false, false);
  }

  static Plan exclusive(Plan plan) {
    return new Plan(
        plan.schedule(),
        plan.payload(),
        plan.window(),
        plan.late(),
        true,
        plan.endDelay(),
        plan.focused(),
        plan.direct());
  }

  static Plan focused(Plan plan) {
    return new Plan(
        plan.schedule(),
        plan.payload(),
        plan.window(),
        plan.late(),
        plan.exclusive(),
        plan.endDelay(),
        true,
        plan.direct());
  }

  static Plan direct(Plan plan) {
    return new Plan(
        plan.schedule(),
        plan.payload(),
        plan.window(),
        plan.late(),
        plan.exclusive(),
        plan.endDelay(),
        plan.focused(),
        true);
  }

  static Plan with(Plan plan, Payload payload, int window) {
    return new Plan(
        plan.schedule(),
        payload,
        window,
        plan.late(),
        plan.exclusive(),
        plan.endDelay(),
        plan.focused(),
        plan.direct());
  }

  static MessageLog log(Plan plan) {
    return new MessageLog(4711, plan.payload(), plan.late());
  }
}
