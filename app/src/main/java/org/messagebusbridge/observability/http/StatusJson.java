package org.messagebusbridge.observability.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Queue;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.observability.RecentEvents;
import org.messagebusbridge.relay.RelayStats;

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
          json.side("mq", about.mqAddress(), reading.mq());
          json.side("websocket", about.webSocketAddress(), reading.webSocket());
          History.Sample recent = history.recent(reading);
          json.flow("to_ws", reading.toWs(), recent.toWs());
          json.flow("from_ws", reading.fromWs(), recent.fromWs());
          json.queue("queue_to_ws", about.queueToWs(), reading.toWsQueue());
          json.queue("queue_from_ws", about.queueFromWs(), reading.fromWsQueue());
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

  private void side(String name, String address, Side side) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("address", address);
    out.writeBooleanField("connected", side.connected());
    out.writeNumberField("attempts", side.attempts());
    if (side.lastFailure().isPresent()) {
      out.writeObjectFieldStart("last_failure");
      out.writeStringField("time", side.lastFailure().get().time().toString());
      out.writeStringField("sentence", side.lastFailure().get().sentence());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void flow(String name, RelayStats.Snapshot flow, History.Pace recent) throws IOException {
    out.writeObjectFieldStart(name);
    rounded("per_second", recent.perSecond());
    rounded("p50_ms", recent.p50());
    rounded("p99_ms", recent.p99());
    out.writeNumberField("in_flight", flow.inFlight());
    out.writeNumberField("total", flow.accepted());
    out.writeNumberField("bytes", flow.acceptedBytes());
    out.writeNumberField("redelivered", flow.redelivered());
    out.writeNumberField("resent", flow.resent());
    out.writeNumberField("requeued", flow.requeued());
    out.writeNumberField("refused", flow.refused());
    out.writeNumberField("rejected", flow.rejected());
    out.writeEndObject();
  }

  private void queue(String field, String name, Optional<Queue> queue) throws IOException {
    out.writeObjectFieldStart(field);
    out.writeStringField("name", name);
    if (queue.isPresent()) {
      out.writeNumberField("messages", queue.get().messages());
      out.writeNumberField("consumers", queue.get().consumers());
    }
    out.writeEndObject();
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
