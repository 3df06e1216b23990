package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.messagebusbridge.cli.SilenceWatch.Signs;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.RecentEvents;
import org.messagebusbridge.relay.BridgeState.Side;

@ResourceLock("the log")
class SilenceWatchTest {
  private static final Signs IDLE = new Signs(Optional.empty(), List.of(1L));

  private final RecentEvents events = new RecentEvents(10);
  private Signs mq = IDLE;
  private Signs webSocket = IDLE;
  private long now = 7;
  private final SilenceWatch watch = new SilenceWatch(() -> mq, () -> webSocket, () -> now);

  @BeforeEach
  void listen() {
    LogSetup.silence();
    LogSetup.watch(events);
  }

  @AfterEach
  void asAtTheBeginning() {
    LogSetup.watch(event -> {});
    LogSetup.install(false, false);
  }

  private static Signs waiting(long answers) {
    return new Signs(Optional.of("with 3 messages in flight"), List.of(answers));
  }

  private void lookFor(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      now += Duration.ofSeconds(1).toNanos();
      watch.look();
    }
  }

  @Test
  void tenSecondsWithoutAnAnswerAreToldOnceAndShownUntilThereIsOne() {
    watch.look();
    webSocket = waiting(1);
    lookFor(Duration.ofSeconds(9));
    assertThat(watch.silence(Side.FAR)).isEmpty();

    lookFor(Duration.ofSeconds(5));
    assertThat(watch.silence(Side.FAR))
        .contains("The WebSocket API has answered nothing for 14 s, with 3 messages in flight.");
    assertThat(watch.silence(Side.NEAR)).isEmpty();
    assertThat(events.snapshot().warnings()).isEqualTo(1);
    assertThat(events.snapshot().latest().getFirst().text())
        .isEqualTo("The WebSocket API has answered nothing for 10 s, with 3 messages in flight.");

    webSocket = waiting(2);
    watch.look();
    assertThat(watch.silence(Side.FAR)).isEmpty();
    lookFor(Duration.ofSeconds(10));
    assertThat(events.snapshot().warnings()).as("it begins anew").isEqualTo(2);
  }

  @Test
  void whereNothingWaitsSilenceIsNoMatter() {
    lookFor(Duration.ofHours(1));
    assertThat(watch.silence(Side.NEAR)).isEmpty();

    mq = new Signs(Optional.of("since the attempt to connect began"), List.of(1L));
    lookFor(Duration.ofSeconds(10));
    assertThat(watch.silence(Side.NEAR))
        .contains("MQ has answered nothing for 10 s, since the attempt to connect began.");
    mq = IDLE;
    watch.look();
    assertThat(watch.silence(Side.NEAR)).isEmpty();
  }

  @Test
  void whoAnswersSlowlyIsNotSilent() {
    for (int n = 0; n < 100; n++) {
      mq = waiting(n);
      lookFor(Duration.ofSeconds(9));
      assertThat(watch.silence(Side.NEAR)).isEmpty();
    }
    assertThat(events.snapshot().warnings()).isZero();
  }
}
