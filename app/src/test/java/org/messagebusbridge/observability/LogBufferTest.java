package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.observability.LogBuffer.Limits;
import org.slf4j.event.Level;

@Timeout(180)
class LogBufferTest {
  private static final Limits LIMITS = new Limits(1_000, 26, 10, Duration.ofMillis(100));
  private static final Duration LONG = Duration.ofHours(1);
  private static final int EACH = 110;

  private final LogBuffer buffer = new LogBuffer(10 * EACH, LIMITS);

  private static LogEntry entry(long millis, Level level, String text) {
    return new LogEntry(millis, level, text, text.length());
  }

  /** One of 10 bytes, which weighs {@link #EACH}. */
  private static LogEntry entry(int number, Level level) {
    return entry(number, level, "%10d".formatted(number));
  }

  private List<Long> all() {
    return buffer.takeAll().stream().map(LogEntry::millis).toList();
  }

  @Test
  void keepsTheOrderOfWritingAcrossLevels() {
    buffer.add(entry(1, Level.INFO));
    buffer.add(entry(2, Level.DEBUG));
    buffer.add(entry(3, Level.WARN));
    buffer.add(entry(4, Level.DEBUG));
    assertThat(all()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void whenFullTheOldestDebugGoesFirstAndThenTheOldestOfAll() {
    for (int n = 1; n <= 10; n++) {
      buffer.add(entry(n, n % 5 == 0 ? Level.DEBUG : Level.INFO));
    }
    assertThat(buffer.hasDropped()).isFalse();

    buffer.add(entry(11, Level.INFO));
    buffer.add(entry(12, Level.ERROR));
    buffer.add(entry(13, Level.DEBUG));
    buffer.add(entry(14, Level.INFO));

    assertThat(all()).containsExactly(2L, 3L, 4L, 6L, 7L, 8L, 9L, 11L, 12L, 14L);
    assertThat(buffer.takeDropped()).isEqualTo(4);
    assertThat(buffer.takeDropped()).isZero();
  }

  @Test
  void noneGoesForOneThatMattersLess() {
    for (int n = 1; n <= 10; n++) {
      buffer.add(entry(n, n == 1 ? Level.INFO : Level.WARN));
    }

    assertThat(buffer.add(entry(11, Level.DEBUG))).isTrue();
    buffer.add(entry(12, Level.INFO));
    buffer.add(entry(13, Level.ERROR));
    buffer.add(entry(14, Level.ERROR));
    buffer.add(entry(15, Level.INFO));

    assertThat(all()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 13L, 14L);
    assertThat(buffer.takeDropped()).isEqualTo(5);
  }

  @Test
  void aLargeOneMakesRoomForItself() {
    for (int n = 1; n <= 10; n++) {
      buffer.add(entry(n, Level.INFO));
    }
    buffer.add(entry(11, Level.INFO, "x".repeat(3 * EACH - 100)));
    assertThat(all()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(buffer.takeDropped()).isEqualTo(3);
  }

  @Test
  void whatIsTakenCountsUntilItIsReleased() throws Exception {
    for (int n = 1; n <= 10; n++) {
      buffer.add(entry(n, Level.INFO));
    }
    assertThat(buffer.take(LONG)).hasSize(10);
    buffer.add(entry(11, Level.INFO));
    buffer.add(entry(12, Level.INFO));
    assertThat(buffer.takeDropped()).isEqualTo(1);

    buffer.release();
    buffer.add(entry(13, Level.INFO));
    assertThat(buffer.takeDropped()).isZero();
    assertThat(all()).containsExactly(12L, 13L);
  }

  @Test
  void aBatchEndsWithItsNumberOfEntries() throws Exception {
    LogBuffer large = new LogBuffer(1 << 20, LIMITS);
    for (int n = 1; n <= 15; n++) {
      large.add(entry(n, Level.INFO));
    }
    large.hurry();
    assertThat(large.take(LONG)).extracting(LogEntry::millis).hasSize(10).endsWith(10L);
    assertThat(large.take(LONG))
        .extracting(LogEntry::millis)
        .containsExactly(11L, 12L, 13L, 14L, 15L);
    assertThat(large.take(LONG)).isEmpty();
  }

  @Test
  void aBatchEndsWithItsBytes() throws Exception {
    LogBuffer large = new LogBuffer(1 << 20, LIMITS);
    large.add(entry(1, Level.INFO, "x".repeat(474)));
    large.add(entry(2, Level.INFO, "x".repeat(474)));
    large.add(entry(3, Level.INFO, "x".repeat(475)));
    large.add(entry(4, Level.INFO, "x".repeat(474)));
    large.hurry();
    assertThat(large.take(LONG)).extracting(LogEntry::millis).containsExactly(1L, 2L);
    assertThat(large.take(LONG)).extracting(LogEntry::millis).containsExactly(3L);
    assertThat(large.take(LONG)).extracting(LogEntry::millis).containsExactly(4L);
  }

  @Test
  void aBatchSpansNoMoreThanItMayAndIsInTheOrderOfTimeThoughTheClockStepped() throws Exception {
    buffer.add(entry(1_000, Level.INFO));
    buffer.add(entry(1_050, Level.DEBUG));
    buffer.add(entry(950, Level.INFO));
    buffer.add(entry(949, Level.INFO));
    buffer.add(entry(1_100, Level.INFO));
    buffer.hurry();
    assertThat(buffer.take(LONG))
        .extracting(LogEntry::millis)
        .containsExactly(950L, 1_000L, 1_050L);
    assertThat(buffer.take(LONG)).extracting(LogEntry::millis).containsExactly(949L);
    assertThat(buffer.take(LONG)).extracting(LogEntry::millis).containsExactly(1_100L);
  }

  @Test
  void aFullBatchIsTakenWithoutLingering() throws Exception {
    CompletableFuture<List<LogEntry>> taken = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.complete(buffer.take(LONG));
                  } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                  }
                });
    List<LogEntry> written = new ArrayList<>();
    for (int n = 1; n <= 10; n++) {
      written.add(entry(n, Level.INFO));
      buffer.add(written.getLast());
    }
    assertThat(taken.get(60, TimeUnit.SECONDS)).isEqualTo(written);
    reader.join();
  }

  @Test
  void nothingIsAddedAfterAllWasTaken() {
    assertThat(buffer.add(entry(1, Level.INFO))).isTrue();
    assertThat(all()).containsExactly(1L);
    assertThat(buffer.add(entry(2, Level.INFO))).isFalse();
    assertThat(all()).isEmpty();
  }

  @Test
  void waitsForMoreForAWhileOnly() throws Exception {
    buffer.add(entry(1, Level.INFO));
    assertThat(buffer.take(Duration.ofMillis(1))).hasSize(1);
  }
}
