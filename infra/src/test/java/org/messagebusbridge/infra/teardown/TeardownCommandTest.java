package org.messagebusbridge.infra.teardown;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.infra.smoke.FakeAws;

/**
 * What stacks leave, which no emulator makes: the groups that Amazon MQ, Container Insights and
 * functions make by themselves. The rest of the command is in DeployedBridgeTest.
 */
class TeardownCommandTest {
  private static final String MISSING =
      "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
          + "<Message>Stack with id X does not exist</Message></Error></ErrorResponse>";

  @TempDir Path folder;

  @Test
  void logGroupsThatNoStackDeletesAreToldAndThoseOfAnotherStackAreNot() throws Exception {
    try (FakeAws aws = new FakeAws()) {
      // In the order in which they are looked for: X-Pipeline, X, X-Base, X-Images.
      aws.answers("DescribeStacks", 400, MISSING)
          .answers("DescribeStacks", 400, MISSING)
          .answers("DescribeStacks", 200, base())
          .answers("DescribeStacks", 400, MISSING)
          .answers("DescribeLogGroups", 200, groups("/messagebusbridge/X", "/messagebusbridge/X2"))
          .answers("DescribeLogGroups", 200, groups("/aws/ecs/containerinsights/X/performance"))
          .answers("DescribeLogGroups", 200, groups("/aws/lambda/X-Base-CustomVpcRestrictD-1"))
          .answers("DescribeLogGroups", 200, groups("/aws/amazonmq/broker/b-1234/general"))
          .answers(
              "DescribeRepositories",
              400,
              "{\"__type\":\"RepositoryNotFoundException\",\"message\":\"none\"}");

      FakeAws.Run run = aws.run(TeardownCommand.class, folder, "--stack", "X");

      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .isEqualTo(
              """
              stack       X-Base (CREATE_COMPLETE)
              broker      b-1234, with the messages in its queues
              log group   /messagebusbridge/X
              log group   /aws/ecs/containerinsights/X/performance
              log group   /aws/lambda/X-Base-CustomVpcRestrictD-1
              log group   /aws/amazonmq/broker/b-1234/general
              Nothing was deleted; --yes deletes all of that.
              """);
      assertThat(aws.calls())
          .filteredOn(call -> call.startsWith("DescribeLogGroups"))
          .extracting(call -> call.replaceFirst(".*\"logGroupNamePrefix\":\"([^\"]*)\".*", "$1"))
          .containsExactly(
              "/messagebusbridge/X",
              "/aws/ecs/containerinsights/X/",
              "/aws/lambda/X-Base-CustomVpcRestrict",
              "/aws/amazonmq/broker/b-1234/");
    }
  }

  private static String base() {
    return "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
        + "<StackName>X-Base</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member>"
        + "<OutputKey>Broker</OutputKey><OutputValue>b-1234</OutputValue>"
        + "</member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>";
  }

  private static String groups(String... names) {
    return "{\"logGroups\":["
        + String.join(
            ",", Stream.of(names).map(name -> "{\"logGroupName\":\"" + name + "\"}").toList())
        + "]}";
  }
}
