package org.messagebusbridge.sandbox.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What AWS refuses and emulators do not: the limits in the API references of CloudWatch Logs
 * (PutLogEvents, "batch of log events") and CloudWatch (PutMetricData, MetricDatum).
 */
final class AwsLimits {

  static final int LOG_BATCH_BYTES = 1_048_576;
  static final int LOG_EVENT_OVERHEAD = 26;
  static final int LOG_EVENTS = 10_000;
  static final Duration LOG_SPAN = Duration.ofHours(24);
  static final Duration LOG_FUTURE = Duration.ofHours(2);
  static final Duration LOG_PAST = Duration.ofDays(14);

  static final int METRIC_BYTES = 1_048_576;
  static final int METRICS = 1_000;
  static final int METRIC_VALUES = 150;
  static final int DIMENSIONS = 30;

  private final List<String> violations = new ArrayList<>();

  private AwsLimits() {}

  /** What the request does that AWS would not take: a sentence for each, or none. */
  static List<String> violatedBy(AwsRequest request, Instant now) {
    var limits = new AwsLimits();
    switch (request.action()) {
      case "logs:PutLogEvents" -> limits.checkLogEvents(request.parameters(), now);
      case "cloudwatch:PutMetricData" -> limits.checkMetrics(request);
      default -> {
        return List.of();
      }
    }
    return limits.violations.stream().map(text -> request.action() + ": " + text).toList();
  }

  private void checkLogEvents(JsonNode parameters, Instant now) {
    List<JsonNode> events = list(parameters.path("logEvents"));
    atMost(LOG_EVENTS, events.size(), "events");
    require(!events.isEmpty(), "there is no event in it");
    long bytes = 0;
    long before = Long.MIN_VALUE;
    for (JsonNode event : events) {
      String message = event.path("message").asText();
      long time = event.path("timestamp").asLong();
      require(!message.isEmpty(), "an event without a message");
      require(time >= before, "an event of %d follows one of %d".formatted(time, before));
      bytes += message.getBytes(UTF_8).length + LOG_EVENT_OVERHEAD;
      before = time;
    }
    atMost(LOG_BATCH_BYTES, bytes, "bytes (26 for each event included)");
    if (!events.isEmpty()) {
      Instant first = Instant.ofEpochMilli(events.getFirst().path("timestamp").asLong());
      Instant last = Instant.ofEpochMilli(events.getLast().path("timestamp").asLong());
      require(
          Duration.between(first, last).compareTo(LOG_SPAN) <= 0,
          "it spans %s to %s, which is more than 24 hours".formatted(first, last));
      require(!last.isAfter(now.plus(LOG_FUTURE)), last + " is more than 2 hours ahead");
      require(!first.isBefore(now.minus(LOG_PAST)), first + " is more than 14 days ago");
    }
  }

  private void checkMetrics(AwsRequest request) {
    JsonNode parameters = request.parameters();
    List<JsonNode> metrics = list(parameters.path("MetricData"));
    atMost(METRIC_BYTES, request.size(), "bytes");
    atMost(METRICS, metrics.size(), "metrics");
    require(!metrics.isEmpty(), "there is no metric in it");
    String namespace = parameters.path("Namespace").asText();
    require(
        !namespace.isEmpty() && !namespace.startsWith("AWS/"),
        "the namespace '%s'".formatted(namespace));
    metrics.forEach(this::checkMetric);
  }

  private void checkMetric(JsonNode metric) {
    String name = metric.path("MetricName").asText();
    require(!name.isEmpty(), "a metric without a name");
    List<JsonNode> values = list(metric.path("Values"));
    List<JsonNode> counts = list(metric.path("Counts"));
    atMost(METRIC_VALUES, values.size(), "values of " + name);
    require(
        counts.isEmpty() || counts.size() == values.size(),
        "%d values but %d counts of %s".formatted(values.size(), counts.size(), name));
    require(
        values.stream().map(JsonNode::asDouble).distinct().count() == values.size(),
        "a value of %s comes twice".formatted(name));
    require(
        !values.isEmpty() || metric.hasNonNull("Value") || metric.hasNonNull("StatisticValues"),
        name + " has no value");
    require(
        values.stream().map(JsonNode::asDouble).allMatch(Double::isFinite)
            && Double.isFinite(metric.path("Value").asDouble()),
        name + " has a value that is no number");
    require(
        counts.stream().allMatch(count -> count.asDouble() > 0),
        "a count of %s that is not above 0".formatted(name));
    int resolution = metric.path("StorageResolution").asInt(60);
    require(
        resolution == 1 || resolution == 60,
        "%s has a resolution of %d s".formatted(name, resolution));
    List<JsonNode> dimensions = list(metric.path("Dimensions"));
    atMost(DIMENSIONS, dimensions.size(), "dimensions of " + name);
    require(
        dimensions.stream().noneMatch(dimension -> dimension.path("Value").asText().isBlank()),
        "a dimension of %s has no value".formatted(name));
  }

  private void atMost(long limit, long actual, String what) {
    require(actual <= limit, "%,d %s are more than %,d".formatted(actual, what, limit));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      violations.add(otherwise);
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
