package org.messagebusbridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.messagebusbridge.aws.CloudWatchConfigs.NAMESPACE;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.observability.Datum;
import org.messagebusbridge.observability.Datum.Counted;
import org.messagebusbridge.observability.Datum.Value;
import org.messagebusbridge.observability.Datum.Values;
import org.messagebusbridge.observability.ExportException;
import org.messagebusbridge.observability.Metric.Unit;
import org.messagebusbridge.sandbox.Direction;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class CloudWatchMetricsTest {
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  private final Instant time = Instant.parse("2026-11-24T10:00:00Z");
  private AwsEndpoint aws;

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @BeforeEach
  void open() {
    aws = AwsEndpoint.open();
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private CloudWatchMetrics metrics(Duration resolution) {
    return new CloudWatchMetrics(
        Sessions.of(aws),
        CloudWatchConfigs.of(aws, "unused", resolution),
        CompletableFuture.completedFuture("i-0123"));
  }

  private List<JsonNode> sent() {
    List<JsonNode> data = new ArrayList<>();
    aws.traffic()
        .calls("cloudwatch:PutMetricData")
        .forEach(call -> call.request().path("MetricData").forEach(data::add));
    return data;
  }

  @Test
  void eachMetricGoesWithTheDimensionsOfTheInstanceAndWithoutInOneCall() throws Exception {
    try (CloudWatchMetrics metrics = metrics(Duration.ofSeconds(10))) {
      metrics.put(
          time,
          List.of(
              new Value("to_ws_total", Unit.COUNT, 17),
              new Values(
                  "to_ws_latency",
                  Unit.MILLISECONDS,
                  List.of(new Counted(0.5, 3), new Counted(2.25, 4)))));
    }

    assertThat(aws.traffic().counts()).containsOnlyKeys("cloudwatch:PutMetricData");
    assertThat(aws.traffic().calls()).hasSize(1);
    assertThat(aws.traffic().calls().getFirst().request().path("Namespace").asText())
        .isEqualTo(NAMESPACE);
    List<JsonNode> sent = sent();
    assertThat(sent)
        .extracting(datum -> datum.path("MetricName").asText())
        .containsExactly("to_ws_total", "to_ws_total", "to_ws_latency", "to_ws_latency");
    for (int i = 0; i < 4; i += 2) {
      JsonNode dimensions = sent.get(i).path("Dimensions");
      assertThat(dimensions).hasSize(2);
      assertThat(dimensions.at("/0/Name").asText()).isEqualTo("instance_id");
      assertThat(dimensions.at("/0/Value").asText()).isEqualTo("i-0123");
      assertThat(dimensions.at("/1/Name").asText()).isEqualTo("pid");
      assertThat(dimensions.at("/1/Value").asText()).isEqualTo(PID);
      assertThat(sent.get(i + 1).path("Dimensions")).isEmpty();
    }
    assertThat(sent.get(1).path("Value").asDouble()).isEqualTo(17);
    assertThat(sent.get(1).path("Unit").asText()).isEqualTo("Count");
    assertThat(sent.get(1).path("StorageResolution").asInt()).isEqualTo(1);
    assertThat(sent.get(3).path("Unit").asText()).isEqualTo("Milliseconds");
    assertThat(numbers(sent.get(3).path("Values"))).containsExactly(0.5, 2.25);
    assertThat(numbers(sent.get(3).path("Counts"))).containsExactly(3.0, 4.0);
  }

  @Test
  void fromAMinuteOnCloudWatchStoresMinutes() throws Exception {
    try (CloudWatchMetrics metrics = metrics(Duration.ofMinutes(1))) {
      metrics.put(time, List.of(new Value("to_ws_total", Unit.COUNT, 1)));
    }
    assertThat(sent()).allMatch(datum -> datum.path("StorageResolution").asInt() == 60);
  }

  @Test
  void moreThan150ValuesAreSpreadAndNoneIsLost() throws Exception {
    List<Counted> values =
        IntStream.rangeClosed(1, 544).mapToObj(n -> new Counted(n / 10.0, n)).toList();
    try (CloudWatchMetrics metrics = metrics(Duration.ofSeconds(10))) {
      metrics.put(
          time,
          List.of(
              new Values("to_ws_latency", Unit.MILLISECONDS, values),
              new Values("from_ws_latency", Unit.MILLISECONDS, values)));
    }
    assertThat(aws.traffic().calls()).hasSize(1);
    List<JsonNode> fleet =
        sent().stream()
            .filter(datum -> datum.path("Dimensions").isEmpty())
            .filter(datum -> datum.path("MetricName").asText().equals("to_ws_latency"))
            .toList();
    assertThat(fleet)
        .extracting(datum -> datum.path("Values").size())
        .containsExactly(150, 150, 150, 94);
    assertThat(
            fleet.stream()
                .flatMap(datum -> numbers(datum.path("Counts")).stream())
                .mapToDouble(n -> n)
                .sum())
        .isEqualTo(544 * 545 / 2.0);
  }

  @Test
  void aCallWaitsForTheOneBeforeSoThatTheyArriveInTheirOrder() throws Exception {
    try (CloudWatchMetrics metrics = metrics(Duration.ofSeconds(10))) {
      aws.network().stall(Direction.TO_CLIENT);
      Thread first = putting(metrics, 1);
      await(() -> aws.traffic().calls().size() == 1);
      Thread second = putting(metrics, 2);
      await(() -> second.getState() == Thread.State.WAITING);
      assertThat(aws.traffic().calls()).hasSize(1);
      aws.network().resume();
      first.join();
      second.join();
    }
    assertThat(sent()).extracting(datum -> datum.path("Value").asInt()).containsExactly(1, 1, 2, 2);
  }

  @Test
  void saysWhichPermissionIsMissing() {
    aws.faults().deny("cloudwatch:PutMetricData");
    try (CloudWatchMetrics metrics = metrics(Duration.ofSeconds(10))) {
      ExportException failure = failure(metrics);
      assertThat(failure.kind()).isEqualTo(ExportException.Kind.REFUSED);
      assertThat(failure.sentence())
          .isEqualTo(
              "AWS denied cloudwatch:PutMetricData on the namespace mbb/test in eu-central-1; grant"
                  + " the IAM permission cloudwatch:PutMetricData on the namespace mbb/test, and"
                  + " see that no policy denies it.");
    }
  }

  @Test
  void aDeadEndpointMayComeBack() {
    aws.network().refuse();
    aws.network().cut();
    try (CloudWatchMetrics metrics = metrics(Duration.ofSeconds(10))) {
      assertThat(failure(metrics).kind()).isEqualTo(ExportException.Kind.UNAVAILABLE);
    }
  }

  private Thread putting(CloudWatchMetrics metrics, int value) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                metrics.put(time, List.of(new Value("to_ws_total", Unit.COUNT, value)));
              } catch (ExportException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static void await(BooleanSupplier happened) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private ExportException failure(CloudWatchMetrics metrics) {
    List<Datum> one = List.of(new Value("to_ws_total", Unit.COUNT, 1));
    return catchThrowableOfType(ExportException.class, () -> metrics.put(time, one));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }
}
