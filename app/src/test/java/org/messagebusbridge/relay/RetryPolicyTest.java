package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;

class RetryPolicyTest {
  /** Draws the largest number possible. */
  private static final RandomGenerator HIGHEST =
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

  private final BusException unavailable = new BusException(Kind.UNAVAILABLE, "gone", null);
  private final BusException unauthorized =
      new BusException(Kind.UNAUTHORIZED, "who are you", null);

  @Test
  void givesUpAfterAsManyAttemptsAsAllowed() {
    RetryPolicy policy = RetryPolicy.counted(3, Duration.ofSeconds(60), Backoff.STANDARD);
    assertThat(fail(policy)).contains(Duration.ofMillis(500));
    assertThat(fail(policy)).contains(Duration.ofSeconds(1));
    assertThat(fail(policy)).isEmpty();
  }

  @Test
  void aConnectionThatLastedIsRoutineAndResetsTheCount() {
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD);
    for (int i = 0; i < 5; i++) {
      connect(policy);
      assertThat(policy.afterLoss(Duration.ofSeconds(61), HIGHEST)).contains(Duration.ZERO);
    }
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofSeconds(60), HIGHEST)).contains(Duration.ZERO);
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofSeconds(59), HIGHEST)).isEmpty();
  }

  @Test
  void withBothZeroTheFirstLossIsFinal() {
    RetryPolicy policy = RetryPolicy.counted(0, Duration.ZERO, Backoff.STANDARD);
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofDays(1), HIGHEST)).isEmpty();
  }

  @Test
  void aMistakeAtStartIsFinalAtOnceButNotLater() {
    RetryPolicy policy = RetryPolicy.counted(10, Duration.ofSeconds(60), Backoff.STANDARD);
    policy.attempting();
    assertThat(policy.afterFailure(unauthorized, HIGHEST)).isEmpty();

    connect(policy);
    assertThat(policy.afterLoss(Duration.ofHours(1), HIGHEST)).isPresent();
    policy.attempting();
    assertThat(policy.afterFailure(unauthorized, HIGHEST)).isPresent();
  }

  @Test
  void theFirstRefusalOfCredentialsThatHadWorkedDoesNotCountWhenTheyWereReadAgain() {
    BusException refused = new BusException(Kind.UNAUTHORIZED, "No entry.", null);
    RetryPolicy policy = RetryPolicy.counted(2, Duration.ofSeconds(60), Backoff.STANDARD);
    assertThat(policy.wantsRenewal(refused)).as("never connected").isFalse();
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofHours(1), HIGHEST)).contains(Duration.ZERO);
    assertThat(policy.wantsRenewal(unavailable)).isFalse();

    policy.attempting();
    assertThat(policy.wantsRenewal(refused)).isTrue();
    assertThat(policy.afterRenewal(refused, HIGHEST)).contains(Duration.ZERO);
    assertThat(policy.nextAttempt()).isEqualTo(1);

    policy.attempting();
    assertThat(policy.wantsRenewal(refused)).as("read again each time").isTrue();
    assertThat(policy.afterRenewal(refused, HIGHEST)).get().isNotEqualTo(Duration.ZERO);
    policy.attempting();
    assertThat(policy.afterRenewal(refused, HIGHEST)).as("the second that counts").isEmpty();
  }

  @Test
  void aConnectionMakesTheNextRefusalAFirstOneAgain() {
    BusException refused = new BusException(Kind.UNAUTHORIZED, "No entry.", null);
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD);
    for (int rotation = 0; rotation < 3; rotation++) {
      connect(policy);
      policy.attempting();
      assertThat(policy.afterRenewal(refused, HIGHEST)).contains(Duration.ZERO);
    }
  }

  @Test
  void waitsAsLongAsThePeerAskedItTo() {
    RetryPolicy policy = RetryPolicy.counted(10, Duration.ofSeconds(60), Backoff.STANDARD);
    policy.attempting();
    assertThat(policy.afterFailure(unavailable.withRetryAfter(Duration.ofSeconds(7)), HIGHEST))
        .contains(Duration.ofSeconds(7));
  }

  @Test
  void mqIsTriedWithoutEndOnceItWasConnectedAtMostThirtySecondsApart() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD);
    assertThat(fail(policy)).isPresent();
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofSeconds(100), HIGHEST)).contains(Duration.ZERO);
    Optional<Duration> pause = Optional.empty();
    for (int i = 0; i < 1000; i++) {
      pause = fail(policy);
      assertThat(pause).isPresent();
    }
    assertThat(pause).contains(Duration.ofSeconds(30));
  }

  @Test
  void mqGivesUpAtStartAfterAsManyAttemptsAsAllowed() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD);
    assertThat(fail(policy)).isPresent();
    assertThat(fail(policy)).isEmpty();
  }

  @Test
  void doesNotSpinOnConnectionsThatAreLostAsSoonAsTheyStand() {
    RetryPolicy policy = RetryPolicy.boundedAtStart(2, Backoff.STANDARD);
    Duration last = Duration.ZERO;
    for (int i = 0; i < 8; i++) {
      connect(policy);
      last = policy.afterLoss(Duration.ofMillis(3), HIGHEST).orElseThrow();
    }
    assertThat(last).isEqualTo(Duration.ofSeconds(1));
    connect(policy);
    assertThat(policy.afterLoss(Duration.ofSeconds(6), HIGHEST)).contains(Duration.ZERO);
  }

  @Test
  void jitterIsDrawnFromZeroToTheDoubledBase() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int failures = 1; failures <= 100; failures++) {
      Duration pause = backoff.pause(failures, random);
      assertThat(pause).isBetween(Duration.ZERO, Duration.ofSeconds(1));
    }
    assertThat(backoff.pause(1, HIGHEST)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.pause(4, HIGHEST)).isEqualTo(Duration.ofMillis(800));
    assertThat(backoff.pause(5, HIGHEST)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.pause(Integer.MAX_VALUE, HIGHEST)).isEqualTo(Duration.ofSeconds(1));
  }

  private Optional<Duration> fail(RetryPolicy policy) {
    policy.attempting();
    return policy.afterFailure(unavailable, HIGHEST);
  }

  private static void connect(RetryPolicy policy) {
    policy.attempting();
    policy.connected();
  }
}
