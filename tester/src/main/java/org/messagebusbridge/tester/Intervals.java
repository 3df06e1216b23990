package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A run cut into equal pieces of time, for charts.
 *
 * @param lengthMillis how long each piece is
 */
record Intervals(double lengthMillis, List<Interval> intervals) {

  private static final int MOST = 240;
  private static final int FEW = 10;
  private static final long[] LENGTHS_MILLIS = {
    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000
  };

  /**
   * One piece.
   *
   * @param sent how many messages were sent in it
   * @param received how many came back in it
   * @param lost how many of those sent in it never came back
   * @param late how many of those sent in it came back late
   * @param p50Micros median round trip of those sent in it; 0 when none came back
   */
  record Interval(
      int sent, int received, int lost, int late, long p50Micros, long p99Micros, long maxMicros) {}

  /**
   * Of a whole run, from its begin to its end: pieces so short that a chart shows what happened,
   * and so long that most have a message in them.
   */
  static Intervals of(Report report) {
    long took = Math.max(1, report.outcome().took().toMillis());
    int most = Math.clamp(2L * report.log().sent(), FEW, MOST);
    long length = LENGTHS_MILLIS[LENGTHS_MILLIS.length - 1];
    for (long candidate : LENGTHS_MILLIS) {
      if (took <= candidate * most) {
        length = candidate;
        break;
      }
    }
    length = Math.max(length, Math.ceilDiv(took, most));
    int count = (int) Math.ceilDiv(took, length);
    return new Intervals(length, cut(report, Duration.ofMillis(length).toNanos(), count));
  }

  private static List<Interval> cut(Report report, long length, int count) {
    MessageLog log = report.log();
    long start = report.outcome().startNanos();
    int[] received = new int[count];
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pieces.add(new Piece());
    }
    int last = -1;
    List<Interval> intervals = new ArrayList<>();
    Histogram micros = new Histogram(TimeUnit.DAYS.toMicros(2), 3);
    int messages = log.sent();
    for (int number = 1; number <= messages; number++) {
      Account account = log.account(number, Long.MAX_VALUE / 2);
      // Messages are in the order of sending, so the pieces come one after the other.
      int at = Math.max(last, piece(account.sent() - start, length, count));
      while (last < at) {
        if (last >= 0) {
          pieces.get(last).close(micros);
        }
        last++;
      }
      Piece piece = pieces.get(at);
      piece.sent++;
      if (account.roundTrip().isPresent()) {
        long nanos = account.roundTrip().get().toNanos();
        received[piece(account.intended() + nanos - start, length, count)]++;
        micros.recordValue(
            Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), micros.getHighestTrackableValue()));
        piece.late += account.state() == MessageState.LATE ? 1 : 0;
      } else {
        piece.lost++;
      }
    }
    if (last >= 0) {
      pieces.get(last).close(micros);
    }
    for (int i = 0; i < count; i++) {
      intervals.add(pieces.get(i).interval(received[i]));
    }
    return intervals;
  }

  private static int piece(long nanos, long length, int count) {
    return Math.clamp(nanos / length, 0, count - 1);
  }

  private static final class Piece {
    private int sent;
    private int lost;
    private int late;
    private long p50;
    private long p99;
    private long max;

    private void close(Histogram micros) {
      p50 = micros.getValueAtPercentile(50);
      p99 = micros.getValueAtPercentile(99);
      max = micros.getMaxValue();
      micros.reset();
    }

    private Interval interval(int received) {
      return new Interval(sent, received, lost, late, p50, p99, max);
    }
  }
}
