package org.messagebusbridge.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.junit.Needs;

class AwsEndpointTest {

  private static final String EVERYTHING_BUT_PUT =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "ssm:PutParameter", "Resource": "*"}]}
      """;

  private final long now = Instant.now().toEpochMilli();

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @Test
  void recordsWhatWasAskedAndHowItWasAnswered() {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      put(aws, "/a", "1");
      put(aws, "/b", "2");
      JsonNode read = through(aws).json("ssm:GetParameter", Map.of("Name", "/b"));
      assertThatThrownBy(() -> through(aws).json("ssm:GetParameter", Map.of("Name", "/c")))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("ParameterNotFound");

      assertThat(read.at("/Parameter/Value").asText()).isEqualTo("2");
      assertThat(aws.traffic().counts())
          .containsExactly(Map.entry("ssm:GetParameter", 2), Map.entry("ssm:PutParameter", 2));
      assertThat(aws.traffic().calls("ssm:GetParameter"))
          .extracting(AwsCall::toString)
          .containsExactly("ssm:GetParameter 200", "ssm:GetParameter 400 ParameterNotFound");
      assertThat(aws.traffic().calls("ssm:PutParameter").getFirst().request().path("Name").asText())
          .isEqualTo("/a");
    }
  }

  @Test
  void givesEachTestAnAccountOfItsOwn() {
    try (AwsEndpoint one = AwsEndpoint.open();
        AwsEndpoint other = AwsEndpoint.open()) {
      put(one, "/a", "1");

      assertThatThrownBy(() -> through(other).json("ssm:GetParameter", Map.of("Name", "/a")))
          .hasMessageContaining("ParameterNotFound");
    }
  }

  @Test
  void answersInTheEmulatorsPlaceWhereAFaultIs() {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      aws.faults().deny("ssm:PutParameter");
      aws.faults().fail("ssm:GetParameter", AwsError.throttling(), 1);

      assertThatThrownBy(() -> put(aws, "/a", "1")).hasMessageContaining("AccessDeniedException");
      assertThatThrownBy(() -> through(aws).json("ssm:GetParameter", Map.of("Name", "/a")))
          .hasMessageContaining("ThrottlingException");
      aws.faults().clear();
      assertThatThrownBy(() -> through(aws).json("ssm:GetParameter", Map.of("Name", "/a")))
          .as("nothing was written")
          .hasMessageContaining("ParameterNotFound");
    }
  }

  @Test
  void letsNoMoreThanTheRatePassInAnySecond() {
    AtomicLong clock = new AtomicLong();
    AwsFaults faults = new AwsFaults(clock::get);
    faults.limitRate("ssm:PutParameter", 2);
    List<Boolean> passed = new ArrayList<>();
    for (long millis : new long[] {0, 600, 1_000, 1_001, 1_002, 1_601, 1_602}) {
      clock.set(Duration.ofMillis(millis).toNanos());
      passed.add(faults.of("ssm:PutParameter").isEmpty());
    }
    assertThat(passed).containsExactly(true, true, false, true, false, true, false);
    assertThat(faults.of("ssm:GetParameter")).isEmpty();
  }

  @Test
  void answersThatTheRateIsExceeded() {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      aws.faults().limitRate("ssm:PutParameter", 0);
      assertThatThrownBy(() -> put(aws, "/a", "1")).hasMessageContaining("Rate exceeded");
    }
  }

  @Test
  void standsStillWhenTheNetworkDoes() throws Exception {
    try (AwsEndpoint aws = AwsEndpoint.open();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(aws.uri()).timeout(Duration.ofMillis(300)).build();
      aws.network().stall();
      assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.discarding()))
          .isInstanceOf(HttpTimeoutException.class);
      aws.network().resume();
      aws.network().refuse();
      assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.discarding()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesABatchOfLogEventsThatIsTooLarge() {
    // 1,048,576 bytes with 26 more for each event: 512 events of 2,022 bytes are the last that fit
    List<Map<String, Object>> fitting = Collections.nCopies(512, event(0, "x".repeat(2_022)));
    assertThat(violations(fitting)).isEmpty();

    List<Map<String, Object>> larger =
        IntStream.range(0, 512)
            .mapToObj(i -> event(0, "x".repeat(i == 0 ? 2_023 : 2_022)))
            .toList();
    assertThat(violations(larger))
        .containsExactly(
            "logs:PutLogEvents: 1,048,577 bytes (26 for each event included) are more than"
                + " 1,048,576");
  }

  @Test
  void refusesMoreLogEventsThanABatchTakes() {
    assertThat(violations(Collections.nCopies(10_000, event(0, "x")))).isEmpty();
    assertThat(violations(Collections.nCopies(10_001, event(0, "x"))))
        .containsExactly("logs:PutLogEvents: 10,001 events are more than 10,000");
  }

  @Test
  void refusesLogEventsOutOfOrderOrFarApart() {
    assertThat(violations(List.of(event(1, "x"), event(0, "y"))))
        .singleElement()
        .asString()
        .startsWith("logs:PutLogEvents: an event of ");
    long day = Duration.ofHours(24).toMillis();
    assertThat(violations(List.of(event(-day, "x"), event(0, "y")))).isEmpty();
    assertThat(violations(List.of(event(-day - 1, "x"), event(0, "y"))))
        .singleElement()
        .asString()
        .endsWith("which is more than 24 hours");
  }

  @Test
  void failsTheTestThatWentBeyondALimit() {
    AwsEndpoint aws = AwsEndpoint.open();
    assertThatThrownBy(() -> putMetrics(aws, "AWS/MQ", Map.of("MetricName", "a", "Value", 1.0)))
        .hasMessageContaining("400");

    assertThatThrownBy(aws::close)
        .isInstanceOf(SandboxException.class)
        .hasMessage(
            "AWS would have refused this: cloudwatch:PutMetricData: the namespace 'AWS/MQ'");
  }

  @Test
  void readsMetricsInCborThatAreCompressed() throws Exception {
    List<Double> values = IntStream.range(0, 150).mapToObj(i -> (double) i).toList();
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      putMetrics(aws, "mbb", Map.of("MetricName", "a", "Values", values));
      JsonNode sent = aws.traffic().calls("cloudwatch:PutMetricData").getFirst().request();
      assertThat(sent.path("Namespace").asText()).isEqualTo("mbb");
      assertThat(sent.at("/MetricData/0/Values")).hasSize(150);

      List<Double> more = IntStream.range(0, 151).mapToObj(i -> (double) i).toList();
      assertThatThrownBy(() -> putMetrics(aws, "mbb", Map.of("MetricName", "a", "Values", more)))
          .hasMessageContaining("400");
      assertThat(aws.traffic().takeViolations())
          .containsExactly("cloudwatch:PutMetricData: 151 values of a are more than 150");
    }
  }

  @Test
  void deniesWhatNoPolicyAllows() {
    try (AwsEndpoint aws = AwsEndpoint.open(AwsOption.IAM)) {
      AwsCredentials user = aws.direct().user("reader", EVERYTHING_BUT_PUT);
      put(aws, "/a", "1");
      var asUser = new AwsCaller(aws.uri(), aws.region(), user);

      assertThat(
              asUser.json("ssm:GetParameter", Map.of("Name", "/a")).at("/Parameter/Value").asText())
          .isEqualTo("1");
      assertThatThrownBy(
              () ->
                  asUser.json(
                      "ssm:PutParameter", Map.of("Name", "/b", "Value", "1", "Type", "String")))
          .hasMessageContaining("AccessDenied");
    }
  }

  private static List<String> violations(List<Map<String, Object>> events) {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      aws.direct().json("logs:CreateLogGroup", Map.of("logGroupName", "g"));
      aws.direct().json("logs:CreateLogStream", Map.of("logGroupName", "g", "logStreamName", "s"));
      try {
        through(aws)
            .json(
                "logs:PutLogEvents",
                Map.of("logGroupName", "g", "logStreamName", "s", "logEvents", events));
      } catch (SandboxException refused) {
        assertThat(refused).hasMessageContaining("InvalidParameterException");
      }
      return aws.traffic().takeViolations();
    }
  }

  private Map<String, Object> event(long millis, String message) {
    return Map.of("timestamp", now + millis, "message", message);
  }

  private static void put(AwsEndpoint aws, String name, String value) {
    through(aws).json("ssm:PutParameter", Map.of("Name", name, "Value", value, "Type", "String"));
  }

  private static void putMetrics(AwsEndpoint aws, String namespace, Map<String, ?> metric)
      throws Exception {
    var body = new ByteArrayOutputStream();
    try (var compressed = new GZIPOutputStream(body)) {
      compressed.write(
          AwsRequest.CBOR.writeValueAsBytes(
              Map.of("Namespace", namespace, "MetricData", List.of(metric))));
    }
    HttpRequest request =
        HttpRequest.newBuilder(
                aws.uri().resolve("/service/GraniteServiceVersion20100801/operation/PutMetricData"))
            .header("Content-Type", "application/cbor")
            .header("Content-Encoding", "gzip")
            .header("smithy-protocol", "rpc-v2-cbor")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/monitoring/aws4_request, SignedHeaders=host, Signature=0"
                    .formatted(aws.credentials().accessKeyId(), aws.region()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new SandboxException("it was refused with " + status);
      }
    }
  }

  /** Asks as the product does, through all that stands before the emulator. */
  private static AwsCaller through(AwsEndpoint aws) {
    return new AwsCaller(aws.uri(), aws.region(), aws.credentials());
  }
}
