package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.aws.AwsCall;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.aws.AwsError;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * {@code mbb bridge -l -m} with an emulator of AWS: what it logged and what it counted are read
 * back and add up.
 */
@Timeout(240)
class CloudWatchEndToEndTest {
  private static final int MESSAGES = 10_000;
  private static final String GROUP = "/mbb/end-to-end";
  private static final Pattern START_LINE =
      Pattern.compile("MQ to WebSocket Message Bridge v\\S+ starting up\n");
  private static final Pattern DELIVERED =
      Pattern.compile(
          "\\S+ DEBUG relay      Delivered a message  direction=(\\S+) number=(\\d+) bytes=\\d+"
              + " attempts=1 micros=\\d+");

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "cw-" + System.nanoTime();
  private AwsEndpoint aws;
  private WebSocketService service;

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @BeforeEach
  void open() throws Exception {
    aws = AwsEndpoint.open();
    service = WebSocketService.builder().start();
    broker.declareQueue(queues + ".to_ws");
    broker.declareQueue(queues + ".from_ws");
  }

  @AfterEach
  void close() {
    service.close();
    aws.close();
  }

  private Ini ini() {
    return Ini.of(broker, service.host(), queues + ".to_ws", queues + ".from_ws")
        .withLogin()
        .set("aws_cloudwatch", "cw_region", aws.region())
        .set("aws_cloudwatch", "cw_log_group", GROUP)
        .set("aws_cloudwatch", "cw_log_stream", "bridge-{instance_id}")
        .set("aws_cloudwatch", "cw_metrics_namespace", "mbb")
        .set("aws_cloudwatch", "cw_metrics_resolution", "1");
  }

  private BridgeProcess start(Ini ini, String... flags) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(List.of("-c", ini.write(directory).toString()));
    return BridgeProcess.start(aws.environment(), arguments.toArray(String[]::new));
  }

  private void pass(Queues clients, int count) throws Exception {
    Traffic traffic = Traffic.texts("cloudwatch");
    clients.publish(queues + ".to_ws", traffic, count);
    assertThat(clients.consume(queues + ".from_ws", traffic, count)).isEqualTo(count);
  }

  @Test
  void theLogLinesAndTheMetricsOfTenThousandMessagesAddUpExactly() throws Exception {
    String pid;
    Ini ini = ini().set("bridge", "http_port", Integer.toString(FreePorts.next()));
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = start(ini, "-l", "-m", "-v", "-d")) {
      pid = Long.toString(bridge.pid());
      service.awaitConnections(1, Duration.ofSeconds(60));
      pass(clients, MESSAGES);
      // The emulator may be slower than the bridge, which may be done within an interval.
      await("lines", () -> linesSent("direction=from_ws") == MESSAGES);
      await(
          "a reading", () -> values("ws_connected", CloudWatchEndToEndTest::ofFleet).contains(1.0));
      Ended ended = bridge.terminate();
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out()).matches(START_LINE);
      assertThat(ended.exitCode()).isZero();
    }

    String instance = "local-" + hostName();
    List<String> lines = logLines("bridge-" + instance);
    assertThat(numbers(lines, "to_ws")).isEqualTo(upTo(MESSAGES));
    assertThat(numbers(lines, "from_ws")).isEqualTo(upTo(MESSAGES));
    assertThat(lines).filteredOn(line -> line.endsWith("INFO  relay      Relaying")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains("are served by HTTP")).hasSize(1);
    assertThat(lines.getFirst())
        .endsWith("The bridge logs from here on  instance_id=" + instance + " pid=" + pid);
    assertThat(lines.getLast())
        .endsWith("INFO  cli        The bridge has ended, as it was told to  by=SIGTERM");

    for (String direction : List.of("to_ws", "from_ws")) {
      for (Predicate<JsonNode> which :
          List.of(CloudWatchEndToEndTest::ofFleet, of(instance, pid))) {
        assertThat(sum(direction + "_recent", which)).isEqualTo(MESSAGES);
        assertThat(latencies(direction + "_latency", which)).isEqualTo(MESSAGES);
        assertThat(last(direction + "_total", which)).isEqualTo(MESSAGES);
        assertThat(last(direction + "_in_flight", which)).isZero();
        assertThat(sum(direction + "_resent", which)).isZero();
      }
    }
    assertThat(last("mq_connection_attempts_total", of(instance, pid))).isEqualTo(1);
    assertThat(last("ws_connection_attempts_total", of(instance, pid))).isEqualTo(1);
    assertThat(sum("ws_connection_attempts_recent", of(instance, pid))).isEqualTo(1);
    assertThat(sum("to_ws_dead_lettered", of(instance, pid))).isZero();
    assertThat(sum("to_ws_requeued", of(instance, pid))).isZero();
    assertThat(values("ws_connected", of(instance, pid)))
        .contains(1.0)
        .startsWith(0.0)
        .endsWith(0.0);
    assertThat(readBack("to_ws_recent", List.of())).isEqualTo(MESSAGES);
    assertThat(
            readBack(
                "to_ws_recent",
                List.of(
                    Map.of("Name", "instance_id", "Value", instance),
                    Map.of("Name", "pid", "Value", pid))))
        .isEqualTo(MESSAGES);
  }

  @Test
  void anOutageOfCloudWatchNeitherStopsTheBridgeNorLosesACount() throws Exception {
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = start(ini(), "-l", "-m", "-v", "-d")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      pass(clients, 100);
      await("lines", () -> linesSent("direction=from_ws") == 100);
      awaitCalls("cloudwatch:PutMetricData", 3);
      awaitThatNoCountIsOnItsWay();
      aws.network().refuse();
      aws.network().cut();
      aws.faults().clear();
      pass(clients, 1_000);
      aws.network().accept();
      awaitCalls(
          "cloudwatch:PutMetricData", aws.traffic().calls("cloudwatch:PutMetricData").size() + 2);
      await("lines", () -> linesSent("direction=from_ws") == 1_100);
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).matches(START_LINE);
    }
    List<String> lines = logLines("bridge-local-" + hostName());
    assertThat(lines).filteredOn(line -> line.contains("direction=to_ws")).hasSize(1_100);
    assertThat(lines).filteredOn(line -> line.contains("direction=from_ws")).hasSize(1_100);
    assertThat(sum("to_ws_recent", CloudWatchEndToEndTest::ofFleet)).isEqualTo(1_100);
    assertThat(latencies("from_ws_latency", CloudWatchEndToEndTest::ofFleet)).isEqualTo(1_100);
  }

  @Test
  void throttlingDelaysTheLogAndLosesNothing() throws Exception {
    aws.faults().limitRate("logs:PutLogEvents", 1);
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = start(ini(), "-l", "-v", "-d")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      for (int n = 0; n < 3; n++) {
        pass(clients, 1_000);
      }
      await("lines", () -> linesSent("direction=from_ws") == 3_000);
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).matches(START_LINE);
    }
    List<String> lines = logLines("bridge-local-" + hostName());
    assertThat(numbers(lines, "to_ws")).isEqualTo(upTo(3_000));
    assertThat(numbers(lines, "from_ws")).isEqualTo(upTo(3_000));
  }

  @Test
  void theReasonOfAFailureIsInTheLogToo() throws Exception {
    Ini wrong = ini().set("aws_mq", "mq_password", "not-the-password");
    try (BridgeProcess bridge = start(wrong, "-l", "-m")) {
      Ended ended = bridge.await();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).startsWith("error: ").hasLineCount(1);
      String sentence = ended.err().strip().substring("error: ".length());
      List<String> lines = logLines("bridge-local-" + hostName());
      assertThat(lines).hasSize(2);
      assertThat(lines.getLast()).endsWith("ERROR cli        " + sentence);
      assertThat(sentence).contains("mq_password").doesNotContain("not-the-password");
    }
  }

  @Test
  void aDeadEndpointFromTheStartIsToldAndWhatCouldNotBeDeliveredIsShown() throws Exception {
    aws.network().refuse();
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = start(ini(), "-l", "-m", "-v")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      pass(clients, 100);
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err())
          .contains("AWS could not be asked for logs:CreateLogStream")
          .contains("The log could not be sent to its end; what is left of it follows")
          .contains("AWS could not be asked for cloudwatch:PutMetricData on the namespace mbb")
          .doesNotContain("\tat ");
      assertThat(ended.out()).contains("INFO  relay      Relaying\n").contains("to_ws=100");
    }
  }

  @Test
  void aLogGroupThatMayNotBeCreatedEndsItAtTheStart() throws Exception {
    aws.faults().deny("logs:CreateLogGroup");
    try (BridgeProcess bridge = start(ini(), "-l", "-v")) {
      Ended ended = bridge.await();
      assertThat(ended.err())
          .isEqualTo(
              "error: AWS denied logs:CreateLogGroup on the log group /mbb/end-to-end in"
                  + " eu-central-1; grant the IAM permission logs:CreateLogGroup on the log group"
                  + " /mbb/end-to-end, and see that no policy denies it.\n");
      assertThat(ended.out()).matches(START_LINE);
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void metricsThatMayNotBeSentEndItAtTheStart() throws Exception {
    aws.faults().deny("cloudwatch:PutMetricData");
    try (BridgeProcess bridge = start(ini(), "-m")) {
      Ended ended = bridge.await();
      assertThat(ended.err())
          .startsWith("error: AWS denied cloudwatch:PutMetricData on the namespace mbb in")
          .hasLineCount(1);
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void aPermissionLostWhileItRunsIsAWarningOnceAndACount() throws Exception {
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = start(ini(), "-m")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      awaitCalls("cloudwatch:PutMetricData", 3);
      aws.faults().deny("cloudwatch:PutMetricData");
      int before = aws.traffic().calls("cloudwatch:PutMetricData").size();
      pass(clients, 100);
      awaitCalls("cloudwatch:PutMetricData", before + 3);
      aws.faults().clear();
      Ended ended = bridge.terminate();
      int denied =
          Math.toIntExact(
              aws.traffic().calls("cloudwatch:PutMetricData").stream()
                  .filter(call -> !call.succeeded())
                  .count());
      assertThat(ended.err())
          .matches("\\S+ WARN  observability AWS denied cloudwatch:PutMetricData on .*\n");
      assertThat(ended.exitCode()).isZero();
      assertThat(sum("cloudwatch_failed_calls", CloudWatchEndToEndTest::ofFleet)).isEqualTo(denied);
      assertThat(sum("to_ws_recent", CloudWatchEndToEndTest::ofFleet)).isEqualTo(100);
    }
  }

  @Test
  void withoutCredentialsItEndsAtTheStart() throws Exception {
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.remove("AWS_ACCESS_KEY_ID");
    environment.remove("AWS_SECRET_ACCESS_KEY");
    String file = ini().write(directory).toString();
    try (BridgeProcess bridge = BridgeProcess.start(environment, "-l", "-m", "-c", file)) {
      Ended ended = bridge.await();
      assertThat(ended.err())
          .startsWith("error: There are no AWS credentials for logs:CreateLogStream on the log")
          .contains("error: There are no AWS credentials for cloudwatch:PutMetricData on")
          .hasLineCount(2);
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void withoutTheFlagsNothingOfAwsIsLoaded() throws Exception {
    Path loaded = directory.resolve("loaded.txt");
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded);
    String file = ini().write(directory).toString();
    try (BridgeProcess bridge = BridgeProcess.start(environment, "-v", "-c", file)) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
    }
    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains(" org.messagebusbridge.cli.BridgeRuntime "))
        .noneMatch(line -> line.contains(" software.amazon."))
        .noneMatch(line -> line.contains(" org.messagebusbridge.aws."));
    assertThat(aws.traffic().calls()).isEmpty();
  }

  @Test
  void withoutARegionItEndsAtTheStart() throws Exception {
    try (BridgeProcess bridge = start(ini().set("aws_cloudwatch", "cw_region", ""), "-m")) {
      Ended ended = bridge.await();
      assertThat(ended.err())
          .startsWith("error: aws_cloudwatch.cw_region (")
          .contains("is empty, but -m needs");
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  /** A call whose answer is lost is made again, and CloudWatch counts it twice. */
  private void awaitThatNoCountIsOnItsWay() throws InterruptedException {
    String action = "cloudwatch:PutMetricData";
    aws.faults().fail(action, new AwsError(503, "ServiceUnavailable", "Try again later."));
    await(
        "a refusal of " + action,
        () -> aws.traffic().calls(action).stream().anyMatch(call -> !call.succeeded()));
  }

  private void awaitCalls(String action, int count) throws InterruptedException {
    await(count + " times " + action, () -> aws.traffic().calls(action).size() >= count);
  }

  private void await(String what, BooleanSupplier happened) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime())
          .as("%s, after %s", what, aws.traffic().counts())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** How many lines with this in it CloudWatch Logs has taken. */
  private long linesSent(String part) {
    long count = 0;
    for (AwsCall call : aws.traffic().calls("logs:PutLogEvents")) {
      for (JsonNode event : call.request().path("logEvents")) {
        if (call.succeeded() && event.path("message").asText().contains(part)) {
          count++;
        }
      }
    }
    return count;
  }

  private static String hostName() throws Exception {
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    return Files.exists(kernel)
        ? Files.readString(kernel).strip()
        : InetAddress.getLocalHost().getHostName();
  }

  /** What CloudWatch Logs has, in the order in which it came. */
  private List<String> logLines(String stream) {
    List<String> lines = new ArrayList<>();
    String token = "";
    while (true) {
      Map<String, Object> request = new HashMap<>();
      request.put("logGroupName", GROUP);
      request.put("logStreamName", stream);
      request.put("startFromHead", true);
      if (!token.isEmpty()) {
        request.put("nextToken", token);
      }
      JsonNode answer = aws.direct().json("logs:GetLogEvents", request);
      answer.path("events").forEach(event -> lines.add(event.path("message").asText()));
      String next = answer.path("nextForwardToken").asText();
      if (answer.path("events").isEmpty() || next.equals(token)) {
        return lines;
      }
      token = next;
    }
  }

  private static List<Integer> numbers(List<String> lines, String direction) {
    return lines.stream()
        .map(DELIVERED::matcher)
        .filter(line -> line.matches() && line.group(1).equals(direction))
        .map(line -> Integer.valueOf(line.group(2)))
        .toList();
  }

  private static List<Integer> upTo(int count) {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  private static boolean ofFleet(JsonNode datum) {
    return datum.path("Dimensions").isEmpty();
  }

  private static Predicate<JsonNode> of(String instance, String pid) {
    return datum ->
        datum.at("/Dimensions/0/Value").asText().equals(instance)
            && datum.at("/Dimensions/1/Value").asText().equals(pid);
  }

  private List<JsonNode> sent(String name, Predicate<JsonNode> which) {
    List<JsonNode> sent = new ArrayList<>();
    aws.traffic().calls("cloudwatch:PutMetricData").stream()
        .filter(call -> call.succeeded())
        .forEach(call -> call.request().path("MetricData").forEach(sent::add));
    return sent.stream()
        .filter(datum -> datum.path("MetricName").asText().equals(name))
        .filter(which)
        .toList();
  }

  private List<Double> values(String name, Predicate<JsonNode> which) {
    return sent(name, which).stream().map(datum -> datum.path("Value").asDouble()).toList();
  }

  private double sum(String name, Predicate<JsonNode> which) {
    return values(name, which).stream().mapToDouble(value -> value).sum();
  }

  private double last(String name, Predicate<JsonNode> which) {
    return values(name, which).getLast();
  }

  private double latencies(String name, Predicate<JsonNode> which) {
    double sum = 0;
    for (JsonNode datum : sent(name, which)) {
      for (JsonNode count : datum.path("Counts")) {
        sum += count.asDouble();
      }
    }
    return sum;
  }

  /** The sum that CloudWatch gives of a metric over the last hour. */
  private double readBack(String name, List<Map<String, String>> dimensions) {
    long now = System.currentTimeMillis() / 1_000;
    Map<String, String> request = new HashMap<>();
    request.put("Namespace", "mbb");
    request.put("MetricName", name);
    request.put("StartTime", java.time.Instant.ofEpochSecond(now - 1_800).toString());
    request.put("EndTime", java.time.Instant.ofEpochSecond(now + 1_800).toString());
    request.put("Period", "3600");
    request.put("Statistics.member.1", "Sum");
    for (int i = 0; i < dimensions.size(); i++) {
      request.put("Dimensions.member." + (i + 1) + ".Name", dimensions.get(i).get("Name"));
      request.put("Dimensions.member." + (i + 1) + ".Value", dimensions.get(i).get("Value"));
    }
    String answer = aws.direct().query("monitoring:GetMetricStatistics", "2010-08-01", request);
    Matcher sums = Pattern.compile("<Sum>([^<]+)</Sum>").matcher(answer);
    double sum = 0;
    while (sums.find()) {
      sum += Double.parseDouble(sums.group(1));
    }
    return sum;
  }
}
