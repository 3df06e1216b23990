package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerPingsTest {
  private final List<byte[]> pongs = new ArrayList<>();
  private final List<Long> alarms = new ArrayList<>();
  private long now = Duration.ofHours(1).toNanos();
  private int flushes;
  private final PeerPings pings =
      new PeerPings(() -> now, () -> flushes++, (task, nanos) -> alarms.add(nanos));

  private void ping(String payload, long messagesBefore) {
    pings.read(payload.getBytes(US_ASCII), messagesBefore);
  }

  /** All the pongs that were due so far, each taken as the output does to write it. */
  private List<String> answered() {
    byte[] pong = pings.next();
    while (pong != null) {
      pongs.add(pong);
      pong = pings.next();
    }
    return pongs.stream().map(payload -> new String(payload, US_ASCII)).toList();
  }

  @Test
  void answersAtOnceWhenEverythingBeforeIsAccepted() {
    ping("a", 0);
    pings.accepted(7);
    ping("b", 7);
    assertThat(answered()).containsExactly("a", "b");
    assertThat(alarms).isEmpty();
  }

  @Test
  void answersInOrderAsTheMessagesBeforeAreAccepted() {
    ping("a", 3);
    ping("b", 3);
    ping("c", 5);
    assertThat(answered()).isEmpty();
    pings.accepted(2);
    assertThat(answered()).isEmpty();
    pings.accepted(4);
    assertThat(answered()).containsExactly("a", "b");
    pings.accepted(5);
    assertThat(answered()).containsExactly("a", "b", "c");
  }

  @Test
  void answersAfterFiveSecondsAllTheSame() {
    ping("a", 1);
    assertThat(alarms).containsExactly(Duration.ofSeconds(5).toNanos());
    now += Duration.ofMillis(4_999).toNanos();
    pings.wake();
    assertThat(answered()).isEmpty();
    now += Duration.ofMillis(1).toNanos();
    pings.wake();
    assertThat(answered()).containsExactly("a");
  }

  @Test
  void setsOneAlarmHoweverManyPingsWaitAndTheNextWhenItHasRung() {
    for (int n = 1; n <= 500; n++) {
      ping("p" + n, 1);
    }
    now += Duration.ofSeconds(3).toNanos();
    ping("later", 2);
    assertThat(alarms).containsExactly(Duration.ofSeconds(5).toNanos());
    now += Duration.ofSeconds(2).toNanos();
    pings.wake();
    assertThat(answered()).as("of the last 64, all but the latest").hasSize(63).endsWith("p500");
    assertThat(alarms)
        .containsExactly(Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(3).toNanos());
    now += Duration.ofSeconds(3).toNanos();
    pings.wake();
    assertThat(answered()).endsWith("p500", "later");
    assertThat(alarms).hasSize(2);
  }

  @Test
  void boundsWhatItKeepsForAPeerThatPingsWithoutEndAndAnswersTheLatest() {
    for (int n = 1; n <= 1_000; n++) {
      ping("p" + n, 0);
    }
    assertThat(flushes).as("not yet written").isEqualTo(16);
    assertThat(answered()).hasSize(16 + 64);
    assertThat(answered()).endsWith("p999", "p1000").doesNotHaveDuplicates();
  }
}
