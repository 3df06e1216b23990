package org.messagebusbridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.messagebusbridge.aws.CloudWatchConfigs.GROUP;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.observability.ExportException;
import org.messagebusbridge.observability.LogEntry;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.aws.AwsError;
import org.messagebusbridge.sandbox.junit.Needs;
import org.slf4j.event.Level;

@Timeout(180)
class CloudWatchLogsTest {
  private final long now = Instant.now().toEpochMilli();
  private AwsEndpoint aws;
  private CloudWatchLogs logs;

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @BeforeEach
  void open() {
    aws = AwsEndpoint.open();
    logs = logs("bridge-{instance_id}");
  }

  @AfterEach
  void close() {
    logs.close();
    aws.close();
  }

  private CloudWatchLogs logs(String stream) {
    return new CloudWatchLogs(
        Sessions.of(aws),
        CloudWatchConfigs.of(aws, stream, Duration.ofSeconds(10)),
        CompletableFuture.completedFuture("i-0123"));
  }

  private LogEntry entry(int millis, String text) {
    return new LogEntry(now + millis, Level.INFO, text, text.length());
  }

  private List<String> messages(String stream) {
    JsonNode answer =
        aws.direct()
            .json(
                "logs:GetLogEvents",
                Map.of("logGroupName", GROUP, "logStreamName", stream, "startFromHead", true));
    List<String> messages = new ArrayList<>();
    answer.path("events").forEach(event -> messages.add(event.path("message").asText()));
    return messages;
  }

  private void make(String group, String... streams) {
    aws.direct().json("logs:CreateLogGroup", Map.of("logGroupName", group));
    for (String stream : streams) {
      aws.direct()
          .json("logs:CreateLogStream", Map.of("logGroupName", group, "logStreamName", stream));
    }
  }

  private JsonNode group() {
    return aws.direct()
        .json("logs:DescribeLogGroups", Map.of("logGroupNamePrefix", GROUP))
        .at("/logGroups/0");
  }

  private ExportException failure() {
    return catchThrowableOfType(
        ExportException.class, () -> logs.put(List.of(entry(0, "never kept"))));
  }

  @Test
  void makesGroupStreamAndRetentionWhenTheyAreMissing() throws Exception {
    assertThat(logs.put(List.of(entry(0, "one"), entry(0, "two \u00fc \ud83d\ude80")))).isZero();
    assertThat(logs.put(List.of(entry(1, "three")))).isZero();

    assertThat(messages("bridge-i-0123"))
        .containsExactly("one", "two \u00fc \ud83d\ude80", "three");
    assertThat(group().path("retentionInDays").asInt()).isEqualTo(14);
    assertThat(aws.traffic().counts())
        .containsOnly(
            Map.entry("logs:CreateLogGroup", 1),
            Map.entry("logs:CreateLogStream", 2),
            Map.entry("logs:PutRetentionPolicy", 1),
            Map.entry("logs:PutLogEvents", 2));
  }

  @Test
  void usesWhatIsThereAsItIs() throws Exception {
    make(GROUP, "bridge-i-0123");

    logs.put(List.of(entry(0, "one")));

    assertThat(messages("bridge-i-0123")).containsExactly("one");
    assertThat(group().has("retentionInDays")).isFalse();
    assertThat(aws.traffic().counts())
        .containsOnly(Map.entry("logs:CreateLogStream", 1), Map.entry("logs:PutLogEvents", 1));
  }

  @Test
  void usesWhatIsThereWithoutThePermissionToMakeIt() throws Exception {
    make(GROUP, "bridge-i-0123");
    aws.faults().deny("logs:CreateLogStream");

    logs.put(List.of(entry(0, "one")));

    assertThat(messages("bridge-i-0123")).containsExactly("one");
  }

  @Test
  void opensWithALineThatSaysWhoLogs() throws Exception {
    logs.open();
    assertThat(messages("bridge-i-0123"))
        .singleElement()
        .asString()
        .endsWith(
            "INFO  aws        The bridge logs from here on  instance_id=i-0123 pid="
                + ProcessHandle.current().pid());
  }

  @Test
  void saysWhichPermissionIsMissingToMakeAGroup() {
    aws.faults().deny("logs:CreateLogGroup");
    ExportException failure = failure();
    assertThat(failure.kind()).isEqualTo(ExportException.Kind.REFUSED);
    assertThat(failure.sentence())
        .isEqualTo(
            "AWS denied logs:CreateLogGroup on the log group /mbb/test in eu-central-1; grant the"
                + " IAM permission logs:CreateLogGroup on the log group /mbb/test, and see that no"
                + " policy denies it.");
  }

  @Test
  void saysWhichPermissionIsMissingToMakeAStream() {
    make(GROUP);
    aws.faults().deny("logs:CreateLogStream");
    ExportException failure = failure();
    assertThat(failure.kind()).isEqualTo(ExportException.Kind.REFUSED);
    assertThat(failure.sentence()).contains("logs:CreateLogStream on the log group /mbb/test");
  }

  @Test
  void saysWhichPermissionIsMissingToWrite() {
    make(GROUP, "bridge-i-0123");
    aws.faults().deny("logs:PutLogEvents");
    ExportException failure = failure();
    assertThat(failure.kind()).isEqualTo(ExportException.Kind.REFUSED);
    assertThat(failure.sentence()).contains("logs:PutLogEvents on the log group /mbb/test");
  }

  @Test
  void goesOnWithoutARetentionThatItMayNotSet() throws Exception {
    aws.faults().deny("logs:PutRetentionPolicy");
    logs.put(List.of(entry(0, "one")));
    assertThat(messages("bridge-i-0123")).containsExactly("one");
    assertThat(group().has("retentionInDays")).isFalse();
  }

  @Test
  void makesThemAgainWhenSomeoneDeletesThem() throws Exception {
    logs.put(List.of(entry(0, "one")));
    aws.direct().json("logs:DeleteLogGroup", Map.of("logGroupName", GROUP));

    ExportException failure = failure();
    assertThat(failure.kind()).isEqualTo(ExportException.Kind.UNAVAILABLE);
    logs.put(List.of(entry(1, "two")));

    assertThat(messages("bridge-i-0123")).containsExactly("two");
  }

  @Test
  void throttlingAndAServiceInTroubleMayPass() {
    make(GROUP, "bridge-i-0123");
    aws.faults().fail("logs:PutLogEvents", AwsError.throttling());
    assertThat(failure().kind()).isEqualTo(ExportException.Kind.UNAVAILABLE);
    aws.faults().fail("logs:PutLogEvents", new AwsError(500, "InternalFailure", "oh"));
    assertThat(failure().kind()).isEqualTo(ExportException.Kind.UNAVAILABLE);
    aws.faults().clear();
    aws.network().refuse();
    aws.network().cut();
    assertThat(failure().kind()).isEqualTo(ExportException.Kind.UNAVAILABLE);
  }

  @Test
  void aBatchThatIsNotTakenIsNotTriedAgain() {
    make(GROUP, "bridge-i-0123");
    aws.faults()
        .fail("logs:PutLogEvents", new AwsError(400, "InvalidParameterException", "too odd"));
    ExportException failure = failure();
    assertThat(failure.kind()).isEqualTo(ExportException.Kind.BAD_CONTENT);
    assertThat(failure.sentence()).contains("too odd");
  }
}
