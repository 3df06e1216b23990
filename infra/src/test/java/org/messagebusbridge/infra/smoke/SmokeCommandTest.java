package org.messagebusbridge.infra.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own, by the real SDK. */
class SmokeCommandTest {
  private static final String TASK = "arn:aws:ecs:eu-west-1:123456789012:task/cluster/0a1b";

  @TempDir Path folder;
  private FakeAws aws;

  @BeforeEach
  void aStackIsDeployed() throws IOException {
    aws =
        new FakeAws()
            .answers(
                "DescribeStacks",
                200,
                stack(
                    "Cluster=cluster",
                    "SmokeTask=task:7",
                    "Subnets=subnet-1,subnet-2",
                    "SecurityGroup=sg-1",
                    "PublicIp=DISABLED",
                    "SmokeLogGroup=/messagebusbridge/X/smoke"))
            .answers(
                "RunTask", 200, "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}],\"failures\":[]}");
  }

  @AfterEach
  void goes() {
    aws.close();
  }

  @Test
  void showsTheTestersLogAsItComesAndEndsWithItsExitCode() throws Exception {
    aws.answers("DescribeTasks", 200, task("PENDING", ""))
        .answers("DescribeTasks", 200, task("RUNNING", ""))
        .answers("DescribeTasks", 200, task("STOPPED", ",\"exitCode\":1"))
        .answers(
            "GetLogEvents", 400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"none\"}")
        .answers("GetLogEvents", 200, log("f/1", "sent 1", "sent 2"))
        .answers("GetLogEvents", 200, log("f/1"))
        .answers("GetLogEvents", 200, log("f/2", "lost 1"))
        .answers("GetLogEvents", 200, log("f/2"));

    FakeAws.Run run = smoke("--stack", "X", "--region", "eu-west-1");

    assertThat(run.err())
        .isEqualTo(
            """
            smoke: started the tester: %s
            smoke: pending
            smoke: running
            smoke: stopped
            smoke: the tester ended with exit code 1
            """
                .formatted(TASK));
    assertThat(run.out()).isEqualTo("sent 1\nsent 2\nlost 1\n");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(aws.calls())
        .filteredOn(call -> call.startsWith("DescribeStacks"))
        .extracting(call -> call.replaceFirst(".*StackName=([\\w-]+).*", "$1"))
        .containsExactly("X-Base", "X");
    assertThat(aws.calls())
        .filteredOn(call -> call.startsWith("RunTask"))
        .singleElement()
        .asString()
        .contains(
            "\"cluster\":\"cluster\"",
            "\"taskDefinition\":\"task:7\"",
            "\"launchType\":\"FARGATE\"",
            "\"subnets\":[\"subnet-1\",\"subnet-2\"]",
            "\"securityGroups\":[\"sg-1\"]",
            "\"assignPublicIp\":\"DISABLED\"")
        .doesNotContain("overrides");
    assertThat(aws.calls())
        .filteredOn(call -> call.startsWith("GetLogEvents"))
        .allMatch(call -> call.contains("\"logStreamName\":\"smoke/tester/0a1b\""))
        .anyMatch(call -> call.contains("\"nextToken\":\"f/1\""));
  }

  @Test
  void allCameBackAndArgumentsGoToTheTester() throws Exception {
    aws.answers("DescribeTasks", 200, task("STOPPED", ",\"exitCode\":0"))
        .answers("GetLogEvents", 200, log("f/1"));

    FakeAws.Run run = smoke("--", "--ssm", "-n", "5");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(aws.calls())
        .anyMatch(call -> call.contains("StackName=MessageBusBridge"))
        .anyMatch(
            call ->
                call.contains("\"name\":\"tester\"")
                    && call.contains("\"command\":[\"--ssm\",\"-n\",\"5\"]"));
  }

  @Test
  void aTaskThatNeverRanIsASentence() throws Exception {
    aws.answers("DescribeTasks", 200, task("STOPPED", "")).answers("GetLogEvents", 200, log("f/1"));

    FakeAws.Run run = smoke();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).endsWith("error: the tester did not run: CannotPullContainerError.\n");
  }

  @Test
  void aTaskThatTakesTooLongIsStopped() throws Exception {
    aws.answers("DescribeTasks", 200, task("PENDING", ""))
        .answers("GetLogEvents", 200, log("f/1"))
        .answers("StopTask", 200, "{}");

    FakeAws.Run run = smoke("--timeout", "1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .endsWith(
            "error: the tester is still pending after 1 s, and was stopped; --timeout gives it"
                + " more.\n");
    assertThat(aws.calls()).filteredOn(call -> call.startsWith("StopTask")).hasSize(1);
  }

  @Test
  void mistakesAreSentences() throws Exception {
    FakeAws.Run usage = smoke("--timeout", "0");
    assertThat(usage.exitCode()).isEqualTo(2);
    assertThat(usage.err()).startsWith("error: --timeout is 0; give seconds, 1 or more.\n");

    try (FakeAws other = new FakeAws()) {
      other.answers("DescribeStacks", 200, stack("Cluster=c"));
      aws.close();
      aws = other;
      FakeAws.Run foreign = smoke("--stack", "Y");
      assertThat(foreign.exitCode()).isEqualTo(2);
      assertThat(foreign.err())
          .isEqualTo(
              "error: the stack Y has no output SmokeTask, Subnets, SecurityGroup, PublicIp,"
                  + " SmokeLogGroup; is it one that 'npx cdk deploy' made?\n");
    }
    try (FakeAws other = new FakeAws()) {
      other.answers(
          "DescribeStacks",
          400,
          "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
              + "<Message>Stack with id Z does not exist</Message></Error></ErrorResponse>");
      aws = other;
      FakeAws.Run missing = smoke("--stack", "Z");
      assertThat(missing.exitCode()).isEqualTo(2);
      assertThat(missing.err())
          .isEqualTo(
              "error: AWS refuses cloudformation:DescribeStacks: Stack with id Z does not"
                  + " exist.\n");
    }
  }

  private static String stack(String... outputs) {
    StringBuilder members = new StringBuilder();
    for (String output : outputs) {
      int at = output.indexOf('=');
      members.append(
          "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>"
              .formatted(output.substring(0, at), output.substring(at + 1)));
    }
    return "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>X</StackName>"
        + "<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>"
        + members
        + "</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>";
  }

  private static String task(String status, String exitCode) {
    return """
    {"tasks": [{"taskArn": "%s", "lastStatus": "%s", "stoppedReason": "CannotPullContainerError",
      "containers": [{"name": "tester"%s}]}], "failures": []}\
    """
        .formatted(TASK, status, exitCode);
  }

  private static String log(String next, String... lines) {
    List<String> events = new ArrayList<>();
    for (String line : lines) {
      events.add("{\"timestamp\":1,\"message\":\"" + line + "\"}");
    }
    return "{\"events\":" + events + ",\"nextForwardToken\":\"" + next + "\"}";
  }

  private FakeAws.Run smoke(String... arguments) throws IOException, InterruptedException {
    return aws.run(SmokeCommand.class, folder, arguments);
  }
}
