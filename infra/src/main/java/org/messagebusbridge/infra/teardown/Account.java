package org.messagebusbridge.infra.teardown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.infra.teardown.Found.Deployed;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/** An account of AWS in one region, by its SDK. For use by one thread. */
final class Account implements AutoCloseable {
  private final CloudFormationClient stacks;
  private final CloudWatchLogsClient logs;
  private final EcrClient images;

  /**
   * Opens it; credentials and endpoint come from where AWS's tools look for them.
   *
   * @param region empty: the one of the environment
   */
  Account(Optional<String> region) throws TeardownException {
    try {
      stacks = client(CloudFormationClient.builder(), region);
      logs = client(CloudWatchLogsClient.builder(), region);
      images = client(EcrClient.builder(), region);
    } catch (SdkException e) {
      throw new TeardownException(2, "AWS cannot be asked: " + sentence(e.getMessage()));
    }
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, Optional<String> region) {
    region.map(Region::of).ifPresent(builder::region);
    return builder
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(30)))
        .build();
  }

  /** Looks for all that has to do with a stack of that name. */
  Found find(String name) throws TeardownException {
    List<Deployed> deployed = new ArrayList<>();
    Optional<String> broker = Optional.empty();
    for (String ending : List.of("-Pipeline", "", "-Base", "-Images")) {
      Optional<Stack> stack = stack(name + ending);
      stack.map(Account::deployed).ifPresent(deployed::add);
      if (ending.equals("-Base")) {
        broker = stack.flatMap(Account::broker);
      }
    }
    List<String> prefixes = new ArrayList<>();
    prefixes.add("/messagebusbridge/" + name);
    prefixes.add("/aws/ecs/containerinsights/" + name + "/");
    // Of the CDK's own function, which closes the VPC's default security group.
    prefixes.add("/aws/lambda/" + name + "-Base-CustomVpcRestrict");
    broker.ifPresent(id -> prefixes.add("/aws/amazonmq/broker/" + id + "/"));
    List<String> groups = new ArrayList<>();
    for (String prefix : prefixes) {
      groups.addAll(logGroups(prefix));
    }
    // Those of a stack whose name only begins so are another's.
    groups.removeIf(
        group ->
            group.startsWith("/messagebusbridge/")
                && !group.equals("/messagebusbridge/" + name)
                && !group.startsWith("/messagebusbridge/" + name + "/"));
    String repository = name.toLowerCase(Locale.ROOT);
    return new Found(
        deployed,
        broker,
        groups,
        Stream.of(repository + "/bridge", repository + "/tester").filter(this::isThere).toList());
  }

  private static Deployed deployed(Stack stack) {
    return new Deployed(
        stack.stackName(),
        stack.stackStatusAsString(),
        Boolean.TRUE.equals(stack.enableTerminationProtection()));
  }

  private static Optional<String> broker(Stack stack) {
    return stack.outputs().stream()
        .filter(output -> output.outputKey().equals("Broker"))
        .map(Output::outputValue)
        .filter(id -> id.matches("b-[0-9a-f-]+"))
        .findFirst();
  }

  private Optional<Stack> stack(String name) throws TeardownException {
    return asked(
        "cloudformation:DescribeStacks",
        () -> {
          try {
            return stacks.describeStacks(describe -> describe.stackName(name)).stacks().stream()
                .filter(stack -> !stack.stackStatusAsString().equals("DELETE_COMPLETE"))
                .findFirst();
          } catch (CloudFormationException e) {
            if (String.valueOf(e.awsErrorDetails().errorMessage()).contains("does not exist")) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private List<String> logGroups(String prefix) throws TeardownException {
    return asked(
        "logs:DescribeLogGroups",
        () ->
            logs
                .describeLogGroupsPaginator(describe -> describe.logGroupNamePrefix(prefix))
                .logGroups()
                .stream()
                .map(LogGroup::logGroupName)
                .toList());
  }

  private boolean isThere(String repository) {
    try {
      return !images
          .describeRepositories(describe -> describe.repositoryNames(repository))
          .repositories()
          .isEmpty();
    } catch (RepositoryNotFoundException e) {
      return false;
    }
  }

  /** The status of a stack; empty when it is gone. */
  Optional<String> status(String stack) throws TeardownException {
    return stack(stack).map(Stack::stackStatusAsString);
  }

  /** Lets CloudFormation begin to delete one, whether or not it is protected. */
  void deleteStack(Deployed stack) throws TeardownException {
    if (stack.isProtected()) {
      asked(
          "cloudformation:UpdateTerminationProtection",
          () ->
              stacks.updateTerminationProtection(
                  update -> update.stackName(stack.name()).enableTerminationProtection(false)));
    }
    asked(
        "cloudformation:DeleteStack",
        () -> stacks.deleteStack(delete -> delete.stackName(stack.name())));
  }

  /** Deletes one, if its stack did not. */
  void deleteLogGroup(String group) throws TeardownException {
    asked(
        "logs:DeleteLogGroup",
        () -> {
          try {
            return Optional.of(logs.deleteLogGroup(delete -> delete.logGroupName(group)));
          } catch (ResourceNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** With all images in it. */
  void deleteRepository(String repository) throws TeardownException {
    asked(
        "ecr:DeleteRepository",
        () -> images.deleteRepository(delete -> delete.repositoryName(repository).force(true)));
  }

  private static <T> T asked(String action, Supplier<T> call) throws TeardownException {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw new TeardownException(
          e.statusCode() < 500 ? 2 : 1,
          "AWS refuses %s: %s".formatted(action, sentence(e.awsErrorDetails().errorMessage())));
    } catch (SdkException e) {
      throw new TeardownException(
          1, "AWS cannot be asked for %s: %s".formatted(action, sentence(e.getMessage())));
    }
  }

  private static String sentence(@Nullable String text) {
    String line = String.valueOf(text).lines().findFirst().orElse("no reason given").strip();
    return line.endsWith(".") ? line : line + ".";
  }

  @Override
  public void close() {
    stacks.close();
    logs.close();
    images.close();
  }
}
