package org.messagebusbridge.observability.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.messagebusbridge.observability.Metric;
import org.messagebusbridge.observability.Metric.Value;
import org.messagebusbridge.observability.Metrics;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.observability.RecentEvents;

/** What the page shows, and what the health checks answer with, as JSON. */
final class StatusJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int PLACES = 100;

  private final JsonGenerator out;

  private interface Content {
    void write(StatusJson json) throws IOException;
  }

  private StatusJson(JsonGenerator out) {
    this.out = out;
  }

  private static String object(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      content.write(new StatusJson(out));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Whether the bridge is ready, and why not. */
  static String of(Health health) {
    return object(json -> json.health(health));
  }

  /** All of it before the bridge runs. */
  static String ofStart(About about, RecentEvents.Snapshot events) {
    return object(
        json -> {
          json.about(about);
          json.health(Health.STARTING);
          json.events(events);
        });
  }

  /** All of it. */
  static String of(About about, Reading reading, History history, RecentEvents.Snapshot events) {
    return object(
        json -> {
          json.about(about);
          json.out.writeStringField("now", reading.time().toString());
          json.health(Health.of(reading));
          json.side("mq", about.mqAddress(), reading.mq(), reading);
          json.side("ws", about.webSocketAddress(), reading.webSocket(), reading);
          History.Sample recent = history.recent(reading);
          json.flow("to_ws", about.queueToWs(), recent.toWs(), reading);
          json.flow("from_ws", about.queueFromWs(), recent.fromWs(), reading);
          json.out.writeObjectFieldStart("bridge");
          json.metrics("", reading);
          json.out.writeEndObject();
          json.history(history.samples());
          json.events(events);
        });
  }

  private void about(About about) throws IOException {
    out.writeStringField("version", about.version());
    out.writeStringField("instance", about.instance());
    out.writeStringField("mode", about.mode());
    out.writeStringField("started", about.started().toString());
  }

  private void health(Health health) throws IOException {
    out.writeBooleanField("ready", health.ready());
    out.writeStringField("state", health.state());
    out.writeArrayFieldStart("reasons");
    for (String reason : health.reasons()) {
      out.writeString(reason);
    }
    out.writeEndArray();
  }

  private void side(String name, String address, Side side, Reading reading) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("address", address);
    metrics(name, reading);
    if (side.lastFailure().isPresent()) {
      out.writeObjectFieldStart("last_failure");
      out.writeStringField("time", side.lastFailure().get().time().toString());
      out.writeStringField("sentence", side.lastFailure().get().sentence());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void flow(String name, String queue, History.Pace recent, Reading reading)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("queue", queue);
    rounded("per_second", recent.perSecond());
    rounded("p50_ms", recent.p50());
    rounded("p99_ms", recent.p99());
    metrics(name, reading);
    out.writeEndObject();
  }

  /** What is known of a subject; its latencies are told by their percentiles. */
  private void metrics(String subject, Reading reading) throws IOException {
    for (Metric<?> metric : Metrics.ALL) {
      if (metric.values(reading).get(subject) instanceof Value.Amount(double number)) {
        switch (metric.unit()) {
          case BOOLEAN -> out.writeBooleanField(metric.name(), number != 0);
          case COUNT, BYTES, MILLISECONDS -> number(metric.name(), number);
        }
      }
    }
  }

  private void number(String name, double number) throws IOException {
    if (number == Math.rint(number)) {
      out.writeNumberField(name, (long) number);
    } else {
      rounded(name, number);
    }
  }

  /** What the page has to know of the metrics themselves. */
  static String ofMetrics() {
    return object(
        json -> {
          JsonGenerator out = json.out;
          out.writeArrayFieldStart("metrics");
          for (Metric<?> metric : Metrics.ALL) {
            out.writeStartObject();
            out.writeStringField("name", metric.name());
            out.writeStringField("kind", word(metric.kind()));
            out.writeStringField("unit", word(metric.unit()));
            out.writeStringField("help", metric.help());
            out.writeArrayFieldStart("subjects");
            for (String subject : metric.subjects()) {
              out.writeString(subject.isEmpty() ? "bridge" : subject);
            }
            out.writeEndArray();
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void history(List<History.Sample> samples) throws IOException {
    out.writeObjectFieldStart("history");
    out.writeNumberField("step_seconds", History.STEP.toSeconds());
    paces("to_ws", samples, History.Sample::toWs);
    paces("from_ws", samples, History.Sample::fromWs);
    out.writeEndObject();
  }

  private void paces(
      String name, List<History.Sample> samples, Function<History.Sample, History.Pace> direction)
      throws IOException {
    List<History.Pace> paces = samples.stream().map(direction).toList();
    out.writeObjectFieldStart(name);
    series("per_second", paces, History.Pace::perSecond);
    series("p50_ms", paces, History.Pace::p50);
    series("p99_ms", paces, History.Pace::p99);
    series("in_flight", paces, History.Pace::inFlight);
    out.writeEndObject();
  }

  private void series(String name, List<History.Pace> paces, ToDoubleFunction<History.Pace> value)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (History.Pace pace : paces) {
      out.writeNumber(rounded(value.applyAsDouble(pace)));
    }
    out.writeEndArray();
  }

  private void events(RecentEvents.Snapshot events) throws IOException {
    out.writeNumberField("warnings", events.warnings());
    out.writeNumberField("errors", events.errors());
    out.writeArrayFieldStart("events");
    for (RecentEvents.Entry event : events.latest()) {
      out.writeStartObject();
      out.writeStringField("time", event.time().toString());
      out.writeStringField("level", event.level().name());
      out.writeStringField("source", event.source());
      out.writeStringField("text", event.text());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void rounded(String name, double value) throws IOException {
    out.writeNumberField(name, rounded(value));
  }

  private static double rounded(double value) {
    return (double) Math.round(value * PLACES) / PLACES;
  }
}
