package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.relay.Relay.Patience.NORMAL;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.relay.Relay.Patience;

class RetryPolicyTest {
  /** Makes each pause as long as it can be. */
  private static final RandomGenerator LONGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public long nextLong(long bound) {
          return 0;
        }
      };

  private final BusException unavailable = new BusException(Kind.UNAVAILABLE, "gone", null);
  private final BusException unauthorized =
      new BusException(Kind.UNAUTHORIZED, "who are you", null);

  @Test
  void givesUpAfterAsManyAttemptsAsAllowed() {
    RetryPolicy policy = RetryPolicy.counted(3, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    assertThat(fail(policy)).contains(Duration.ofMillis(500));
    assertThat(fail(policy)).contains(Duration.ofSeconds(1));
    assertThat(fail(policy)).isEmpty();
  }

  @Test
  void aConnectionThatLastedOrAchievedSomethingIsRoutineAndResetsTheCount() {
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    for (int i = 0; i < 5; i++) {
      connect(policy);
      assertThat(idle(policy, Duration.ofSeconds(61))).contains(Duration.ZERO);
      connect(policy);
      assertThat(lost(policy, Duration.ofSeconds(6))).contains(Duration.ZERO);
    }
    connect(policy);
    assertThat(idle(policy, Duration.ofSeconds(60))).contains(Duration.ofMillis(500));
    connect(policy);
    assertThat(idle(policy, Duration.ofSeconds(59))).isEmpty();
  }

  @Test
  void withBothZeroTheFirstLossIsFinal() {
    RetryPolicy policy = RetryPolicy.counted(0, Duration.ZERO, Backoff.STANDARD, "limit");
    connect(policy);
    assertThat(lost(policy, Duration.ofDays(1))).isEmpty();
  }

  @Test
  void aMistakeAtStartIsFinalAtOnceButNotLater() {
    RetryPolicy policy = RetryPolicy.counted(10, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    policy.attempting();
    assertThat(policy.afterFailure(unauthorized, NORMAL, LONGEST)).isEmpty();

    connect(policy);
    assertThat(lost(policy, Duration.ofHours(1))).isPresent();
    policy.attempting();
    assertThat(policy.afterFailure(unauthorized, NORMAL, LONGEST)).isPresent();
  }

  @Test
  void theFirstRefusalOfCredentialsThatHadWorkedDoesNotCountWhenTheyWereReadAgain() {
    BusException refused = new BusException(Kind.UNAUTHORIZED, "No entry.", null);
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    assertThat(policy.wantsRenewal(refused)).as("never connected").isFalse();
    connect(policy);
    assertThat(lost(policy, Duration.ofHours(1))).contains(Duration.ZERO);
    assertThat(policy.wantsRenewal(unavailable)).isFalse();

    policy.attempting();
    assertThat(policy.wantsRenewal(refused)).isTrue();
    assertThat(policy.afterRenewal(refused, NORMAL, LONGEST)).contains(Duration.ZERO);
    assertThat(policy.nextAttempt()).isEqualTo(1);

    policy.attempting();
    assertThat(policy.wantsRenewal(refused)).as("read again each time").isTrue();
    assertThat(policy.afterRenewal(refused, NORMAL, LONGEST)).get().isNotEqualTo(Duration.ZERO);
    policy.attempting();
    assertThat(policy.afterRenewal(refused, NORMAL, LONGEST))
        .as("the second that counts")
        .isEmpty();
  }

  @Test
  void aConnectionMakesTheNextRefusalAFirstOneAgain() {
    BusException refused = new BusException(Kind.UNAUTHORIZED, "No entry.", null);
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD, "limit");
    for (int rotation = 0; rotation < 3; rotation++) {
      connect(policy);
      policy.attempting();
      assertThat(policy.afterRenewal(refused, NORMAL, LONGEST)).contains(Duration.ZERO);
    }
  }

  @Test
  void waitsAsLongAsThePeerAskedItTo() {
    RetryPolicy policy = RetryPolicy.counted(10, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    policy.attempting();
    assertThat(
            policy.afterFailure(unavailable.withRetryAfter(Duration.ofSeconds(7)), NORMAL, LONGEST))
        .contains(Duration.ofSeconds(7));
  }

  @Test
  void mqIsTriedWithoutEndOnceItWasConnectedAtMostThirtySecondsApart() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD, "limit");
    assertThat(fail(policy)).isPresent();
    connect(policy);
    assertThat(lost(policy, Duration.ofSeconds(100))).contains(Duration.ZERO);
    Optional<Duration> pause = Optional.empty();
    for (int i = 0; i < 1000; i++) {
      pause = fail(policy);
      assertThat(pause).isPresent();
    }
    assertThat(pause).contains(Duration.ofSeconds(30));
  }

  @Test
  void mqGivesUpAtStartAfterAsManyAttemptsAsAllowed() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD, "limit");
    assertThat(fail(policy)).isPresent();
    assertThat(fail(policy)).isEmpty();
  }

  @Test
  void doesNotSpinOnConnectionsOfUseThatAreLostAsSoonAsTheyStand() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD, "limit");
    Duration last = Duration.ZERO;
    for (int i = 0; i < 8; i++) {
      connect(policy);
      last = lost(policy, Duration.ofMillis(3)).orElseThrow();
    }
    assertThat(last).isEqualTo(Duration.ofSeconds(1));
    connect(policy);
    assertThat(lost(policy, Duration.ofSeconds(6))).contains(Duration.ZERO);
  }

  @Test
  void aConnectionThatAchievedNothingIsAFailureLikeOneThatWasRefused() {
    RetryPolicy policy = RetryPolicy.counted(4, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    assertThat(useless(policy, false)).contains(Duration.ofMillis(500));
    assertThat(useless(policy, true)).as("a word and a goodbye").contains(Duration.ofSeconds(1));
    assertThat(useless(policy, false)).contains(Duration.ofSeconds(2));
    assertThat(useless(policy, false)).isEmpty();
  }

  @Test
  void oneMinuteWithoutAProviderIsSurvivedWithTheDefaults() {
    RandomGenerator shortest =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return Long.MAX_VALUE;
          }

          @Override
          public long nextLong(long bound) {
            return bound - 1;
          }
        };
    RetryPolicy policy = RetryPolicy.counted(10, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    connect(policy);
    assertThat(lost(policy, Duration.ofHours(1))).contains(Duration.ZERO);
    Duration away = Duration.ZERO;
    policy.attempting();
    for (Optional<Duration> pause = policy.afterFailure(unavailable, NORMAL, shortest);
        pause.isPresent();
        pause = policy.afterFailure(unavailable, NORMAL, shortest)) {
      away = away.plus(pause.get());
      policy.attempting();
    }
    assertThat(away).isGreaterThan(Duration.ofSeconds(60));
  }

  @Test
  void aRefusalIsFinalUntilTheSideHasLetTheBridgeWorkOnceAndBacksOffLater() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(5, Backoff.STANDARD, "limit");
    BusException forbidden = new BusException(Kind.MISCONFIGURED, "no permission", null);
    RetryPolicy.Loss loss = new RetryPolicy.Loss(forbidden, Duration.ofMillis(5), true, true);
    connect(policy);
    assertThat(policy.neverAllowed()).isTrue();
    assertThat(policy.afterLoss(loss, NORMAL, LONGEST)).isEmpty();

    policy.allowed();
    assertThat(policy.neverAllowed()).isFalse();
    connect(policy);
    assertThat(policy.afterLoss(loss, NORMAL, LONGEST)).contains(Duration.ofMillis(500));
    connect(policy);
    assertThat(policy.afterLoss(loss, NORMAL, LONGEST)).contains(Duration.ofSeconds(1));
    assertThat(policy.nextAttempt()).isEqualTo(4);
  }

  @Test
  void probingUsesUpNoAttempts() {
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    for (int i = 0; i < 20; i++) {
      connect(policy);
      assertThat(policy.afterLoss(loss(Duration.ofMillis(5)), Patience.PROBING, LONGEST))
          .get()
          .isNotEqualTo(Duration.ZERO);
    }
  }

  @Test
  void backsOffToFiveMinutesWhileTheBreakerIsOpenAndNeverGivesUp() {
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD, "limit");
    Optional<Duration> pause = Optional.empty();
    for (int i = 0; i < 10; i++) {
      connect(policy);
      pause = policy.afterLoss(loss(Duration.ofMillis(5)), Patience.BREAKER_OPEN, LONGEST);
      policy.attempting();
      assertThat(policy.afterFailure(unavailable, Patience.BREAKER_OPEN, LONGEST)).isPresent();
    }
    assertThat(pause).contains(Duration.ofMinutes(5));
  }

  @Test
  void jitterIsDrawnFromTheSecondHalfOfTheDoubledBase() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int failures = 1; failures <= 100; failures++) {
      Duration pause = backoff.pause(failures, random);
      assertThat(pause).isBetween(Duration.ofMillis(50), Duration.ofSeconds(1));
    }
    assertThat(backoff.pause(1, LONGEST)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.pause(4, LONGEST)).isEqualTo(Duration.ofMillis(800));
    assertThat(backoff.pause(5, LONGEST)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.pause(Integer.MAX_VALUE, LONGEST)).isEqualTo(Duration.ofSeconds(1));
  }

  private Optional<Duration> fail(RetryPolicy policy) {
    policy.attempting();
    return policy.afterFailure(unavailable, NORMAL, LONGEST);
  }

  /** The loss of a connection that was of use. */
  private Optional<Duration> lost(RetryPolicy policy, Duration lasted) {
    return policy.afterLoss(loss(lasted), NORMAL, LONGEST);
  }

  private RetryPolicy.Loss loss(Duration lasted) {
    return new RetryPolicy.Loss(unavailable, lasted, true, false);
  }

  /** The loss of a connection on which nothing happened. */
  private Optional<Duration> idle(RetryPolicy policy, Duration lasted) {
    return policy.afterLoss(
        new RetryPolicy.Loss(unavailable, lasted, false, false), NORMAL, LONGEST);
  }

  private Optional<Duration> useless(RetryPolicy policy, boolean delivered) {
    connect(policy);
    return policy.afterLoss(
        new RetryPolicy.Loss(unavailable, Duration.ofMillis(5), false, delivered), NORMAL, LONGEST);
  }

  private static void connect(RetryPolicy policy) {
    policy.attempting();
    policy.connected();
  }
}
