package org.messagebusbridge.tester;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * All figures of a run, for programs and for the page. Times are ISO 8601 in UTC or milliseconds
 * from the begin of the run, round trips are milliseconds.
 */
final class JsonReport implements ReportFile.Form {

  /** How many messages are listed one by one, in each of the three lists. */
  static final int MOST_LISTED = 2_000;

  private static final double[] PERCENTILES = {
    0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100
  };

  @Override
  public void write(Report report, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      write(report, json);
    }
    out.write('\n');
  }

  /** Writes one object. */
  static void write(Report report, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("version", report.version());
    json.writeStringField("started", report.outcome().started().toString());
    json.writeNumberField("tookMillis", report.outcome().took().toMillis());
    json.writeStringField("broker", report.config().address());
    json.writeStringField("queueToWs", report.config().queueToWs());
    json.writeStringField("queueFromWs", report.config().queueFromWs());
    ending(report, json);
    plan(report, json);
    counts(report.outcome().summary(), json);
    roundTrips(report.outcome().summary().roundTrips(), json);
    distribution(report.log().roundTrips(), json);
    intervals(Intervals.of(report), json);
    list("messages", report, json, state -> true, report.log().sent() <= MOST_LISTED);
    list("lost", report, json, JsonReport::isLost, true);
    list("late", report, json, state -> state == MessageState.LATE, true);
    json.writeEndObject();
  }

  private static boolean isLost(MessageState state) {
    return state != MessageState.BACK && state != MessageState.LATE;
  }

  private static void ending(Report report, JsonGenerator json) throws IOException {
    json.writeStringField(
        "ending",
        switch (report.outcome().ending()) {
          case Ending.Complete() -> "complete";
          case Ending.TimeUp() -> "time up";
          case Ending.Interrupted() -> "interrupted";
          case Ending.Failed(String sentence) -> sentence;
        });
    json.writeNumberField("exitCode", report.exitCode());
  }

  private static void plan(Report report, JsonGenerator json) throws IOException {
    Plan plan = report.plan();
    json.writeObjectFieldStart("plan");
    OptionalInt total = plan.schedule().total();
    if (total.isPresent()) {
      json.writeNumberField("messages", total.getAsInt());
    }
    if (plan.schedule().isTimed()) {
      json.writeNumberField("perSecond", round(1e9 / plan.schedule().nanosApart()));
    }
    json.writeObjectFieldStart("bytes");
    json.writeNumberField("from", plan.payload().smallest());
    json.writeNumberField("to", plan.payload().largest());
    json.writeEndObject();
    json.writeBooleanField("binary", plan.payload().isBinary());
    json.writeNumberField("window", plan.window());
    json.writeBooleanField("exclusive", plan.exclusive());
    json.writeBooleanField("direct", plan.direct());
    json.writeNumberField("endDelayMillis", plan.endDelay().toMillis());
    json.writeNumberField("lateMillis", millis(plan.late()));
    Optional<Duration> maxP99 = report.maxP99();
    if (maxP99.isPresent()) {
      json.writeNumberField("maxP99Millis", millis(maxP99.get()));
    }
    json.writeEndObject();
  }

  private static void counts(Summary summary, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("counts");
    json.writeNumberField("sent", summary.sent());
    json.writeNumberField("received", summary.returned());
    json.writeNumberField("lost", summary.lost());
    json.writeNumberField("refused", summary.refused());
    json.writeNumberField("damaged", summary.damaged());
    json.writeNumberField("duplicated", summary.duplicated());
    json.writeNumberField("outOfOrder", summary.outOfOrder());
    json.writeNumberField("foreign", summary.foreign());
    json.writeNumberField("late", summary.late());
    json.writeNumberField("clockSetBack", summary.clockStepsBack());
    json.writeEndObject();
    json.writeNumberField("sentPerSecond", round(summary.sentPerSecond()));
    json.writeNumberField("receivedPerSecond", round(summary.returnedPerSecond()));
  }

  private static void roundTrips(RoundTrips trips, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("roundTripMillis");
    json.writeNumberField("min", millis(trips.min()));
    json.writeNumberField("mean", millis(trips.mean()));
    json.writeNumberField("p50", millis(trips.p50()));
    json.writeNumberField("p90", millis(trips.p90()));
    json.writeNumberField("p95", millis(trips.p95()));
    json.writeNumberField("p99", millis(trips.p99()));
    json.writeNumberField("p99.9", millis(trips.p999()));
    json.writeNumberField("max", millis(trips.max()));
    json.writeEndObject();
  }

  private static void distribution(Histogram micros, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("percentiles");
    if (micros.getTotalCount() > 0) {
      for (double percentile : PERCENTILES) {
        json.writeStartObject();
        json.writeNumberField("percentile", percentile);
        json.writeNumberField("millis", micros.getValueAtPercentile(percentile) / 1e3);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("histogram");
    for (Buckets.Bucket bucket : Buckets.of(micros)) {
      json.writeStartObject();
      json.writeNumberField("fromMillis", bucket.fromMicros() / 1e3);
      json.writeNumberField("toMillis", bucket.toMicros() / 1e3);
      json.writeNumberField("count", bucket.count());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void intervals(Intervals intervals, JsonGenerator json) throws IOException {
    json.writeNumberField("intervalMillis", intervals.lengthMillis());
    json.writeArrayFieldStart("intervals");
    for (Intervals.Interval interval : intervals.intervals()) {
      json.writeStartObject();
      json.writeNumberField("sent", interval.sent());
      json.writeNumberField("received", interval.received());
      json.writeNumberField("lost", interval.lost());
      json.writeNumberField("late", interval.late());
      json.writeNumberField("p50", interval.p50Micros() / 1e3);
      json.writeNumberField("p99", interval.p99Micros() / 1e3);
      json.writeNumberField("max", interval.maxMicros() / 1e3);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void list(
      String name, Report report, JsonGenerator json, Predicate<MessageState> wanted, boolean any)
      throws IOException {
    MessageLog log = report.log();
    int messages = any ? log.sent() : 0;
    int listed = 0;
    json.writeArrayFieldStart(name);
    for (int number = 1; number <= messages && listed < MOST_LISTED; number++) {
      if (wanted.test(log.state(number, Long.MIN_VALUE / 2))) {
        listed++;
        message(report, log.account(number, Long.MIN_VALUE / 2), json);
      }
    }
    json.writeEndArray();
  }

  private static void message(Report report, Account account, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", account.message().number());
    json.writeNumberField("sentMillis", round(report.millis(account.sent())));
    Optional<Duration> roundTrip = account.roundTrip();
    if (roundTrip.isPresent()) {
      json.writeNumberField("millis", millis(roundTrip.get()));
    } else {
      json.writeStringField(
          "state",
          account.state() == MessageState.OUT
              ? "lost"
              : account.state().name().toLowerCase(Locale.ROOT));
    }
    json.writeEndObject();
  }

  private static double millis(Duration time) {
    return Math.floor(time.toNanos() / 1e3) / 1e3;
  }

  private static double round(double value) {
    return Math.round(1_000 * value) / 1e3;
  }
}
