package org.messagebusbridge.observability.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.relay.Latencies;
import org.messagebusbridge.relay.RelayStats;

/** The last minutes, second by second, and what the last ten seconds come to. Any thread. */
final class History {
  /** Between two samples. */
  static final Duration STEP = Duration.ofSeconds(1);

  private static final int SAMPLES = 300;
  private static final int WINDOW = 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** The last readings, the latest first: those that {@link #recent} looks back over. */
  private final Deque<Reading> window = new ArrayDeque<>();

  /**
   * What one direction did between two readings.
   *
   * @param perSecond messages a second
   * @param p50 the median of their latencies in milliseconds; 0: there were none
   * @param p99 the time that 99 % of them took at most, in milliseconds; 0: there were none
   * @param inFlight at the end
   */
  record Pace(double perSecond, double p50, double p99, int inFlight) {
    private static Pace between(
        Reading before, Reading now, RelayStats.Snapshot was, RelayStats.Snapshot is) {
      double seconds = Math.max(1, now.nanoTime() - before.nanoTime()) / 1e9;
      Latencies.Snapshot latency = is.latencies().since(was.latencies());
      return new Pace(
          (is.accepted() - was.accepted()) / seconds,
          latency.quantileMillis(0.5),
          latency.quantileMillis(0.99),
          is.inFlight());
    }
  }

  /**
   * One second, or the last ten.
   *
   * @param time its end
   */
  record Sample(Instant time, Pace toWs, Pace fromWs) {
    private static Sample between(Reading before, Reading now) {
      return new Sample(
          now.time(),
          Pace.between(before, now, before.toWs(), now.toWs()),
          Pace.between(before, now, before.fromWs(), now.fromWs()));
    }
  }

  /** One more reading. Called at each {@link #STEP}. */
  void add(Reading reading) {
    lock.lock();
    try {
      Reading before = window.peekFirst();
      window.addFirst(reading);
      if (before == null) {
        return;
      }
      samples.add(Sample.between(before, reading));
      if (samples.size() > SAMPLES) {
        samples.remove();
      }
      if (window.size() > WINDOW) {
        window.removeLast();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last five minutes at most, the oldest first. */
  List<Sample> samples() {
    lock.lock();
    try {
      return List.copyOf(samples);
    } finally {
      lock.unlock();
    }
  }

  /** What the last ten seconds come to, up to {@code now}. */
  Sample recent(Reading now) {
    @Nullable Reading oldest;
    lock.lock();
    try {
      oldest = window.peekLast();
    } finally {
      lock.unlock();
    }
    return Sample.between(oldest == null ? now : oldest, now);
  }
}
