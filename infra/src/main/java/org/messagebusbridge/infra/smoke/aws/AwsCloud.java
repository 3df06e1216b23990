package org.messagebusbridge.infra.smoke.aws;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.infra.smoke.Cloud;
import org.messagebusbridge.infra.smoke.Deployed;
import org.messagebusbridge.infra.smoke.SmokeException;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;

/** AWS itself, by its SDK; credentials and endpoint come from where AWS's tools look for them. */
public final class AwsCloud implements Cloud {
  private static final String STARTED_BY = "mbb smoke";

  private final CloudFormationClient stacks;
  private final EcsClient tasks;
  private final CloudWatchLogsClient logs;

  private AwsCloud(Optional<String> region) {
    stacks = client(CloudFormationClient.builder(), region);
    tasks = client(EcsClient.builder(), region);
    logs = client(CloudWatchLogsClient.builder(), region);
  }

  /**
   * Opens it.
   *
   * @param region empty: the one of the environment
   * @throws SmokeException when there is none
   */
  public static AwsCloud open(Optional<String> region) throws SmokeException {
    return asked("open a connection", () -> new AwsCloud(region));
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, Optional<String> region) {
    region.map(Region::of).ifPresent(builder::region);
    return builder
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(30)))
        .build();
  }

  @Override
  public Map<String, String> outputs(String stack) throws SmokeException {
    return asked(
        "cloudformation:DescribeStacks",
        () -> {
          Map<String, String> outputs = new HashMap<>();
          stacks
              .describeStacks(describe -> describe.stackName(stack))
              .stacks()
              .forEach(
                  found ->
                      found
                          .outputs()
                          .forEach(out -> outputs.put(out.outputKey(), out.outputValue())));
          return outputs;
        });
  }

  @Override
  public String start(Deployed deployed, List<String> arguments) throws SmokeException {
    RunTaskRequest.Builder request =
        RunTaskRequest.builder()
            .cluster(deployed.cluster())
            .taskDefinition(deployed.task())
            .launchType(LaunchType.FARGATE)
            .startedBy(STARTED_BY)
            .networkConfiguration(
                network ->
                    network.awsvpcConfiguration(
                        vpc ->
                            vpc.subnets(deployed.subnets())
                                .securityGroups(deployed.securityGroup())
                                .assignPublicIp(AssignPublicIp.fromValue(deployed.publicIp()))));
    if (!arguments.isEmpty()) {
      request.overrides(
          all ->
              all.containerOverrides(
                  ContainerOverride.builder().name(Deployed.CONTAINER).command(arguments).build()));
    }
    RunTaskResponse response = asked("ecs:RunTask", () -> tasks.runTask(request.build()));
    if (response.tasks().isEmpty()) {
      throw new SmokeException(
          1, "ECS starts no task: " + response.failures().stream().map(Failure::reason).toList());
    }
    return response.tasks().get(0).taskArn();
  }

  @Override
  public Task task(Deployed deployed, String arn) throws SmokeException {
    return asked(
            "ecs:DescribeTasks",
            () -> tasks.describeTasks(describe -> describe.cluster(deployed.cluster()).tasks(arn)))
        .tasks()
        .stream()
        .findFirst()
        .map(
            task ->
                new Task(
                    task.lastStatus(),
                    task.containers().stream()
                        .filter(container -> container.name().equals(Deployed.CONTAINER))
                        .flatMap(container -> Optional.ofNullable(container.exitCode()).stream())
                        .findFirst(),
                    Optional.ofNullable(task.stoppedReason())))
        .orElseThrow(() -> new SmokeException(1, "ECS does not know the task " + arn + "."));
  }

  @Override
  public Page log(String group, String stream, Optional<String> from) throws SmokeException {
    return asked(
        "logs:GetLogEvents",
        () -> {
          try {
            GetLogEventsResponse page =
                logs.getLogEvents(
                    get -> {
                      get.logGroupName(group).logStreamName(stream).startFromHead(true);
                      from.ifPresent(get::nextToken);
                    });
            return new Page(
                page.events().stream().map(OutputLogEvent::message).toList(),
                Optional.ofNullable(page.nextForwardToken()));
          } catch (ResourceNotFoundException e) {
            return new Page(List.of(), from);
          }
        });
  }

  @Override
  public void stop(Deployed deployed, String arn, String reason) {
    try {
      tasks.stopTask(stop -> stop.cluster(deployed.cluster()).task(arn).reason(reason));
    } catch (SdkException e) {
      // it ends by itself
    }
  }

  @Override
  public void close() {
    stacks.close();
    tasks.close();
    logs.close();
  }

  private static <T> T asked(String action, Supplier<T> call) throws SmokeException {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw new SmokeException(
          e.statusCode() < 500 ? 2 : 1,
          "AWS refuses %s: %s".formatted(action, sentence(e.awsErrorDetails().errorMessage())));
    } catch (SdkException e) {
      throw new SmokeException(
          1, "AWS cannot be asked to %s: %s".formatted(action, sentence(e.getMessage())));
    }
  }

  private static String sentence(@Nullable String text) {
    String line = String.valueOf(text).lines().findFirst().orElse("no reason given").strip();
    return line.endsWith(".") ? line : line + ".";
  }
}
