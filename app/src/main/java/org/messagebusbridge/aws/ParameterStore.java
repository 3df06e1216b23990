package org.messagebusbridge.aws;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.messagebusbridge.config.AwsTypes;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.DescribeParametersRequest;
import software.amazon.awssdk.services.ssm.model.DescribeParametersResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * The parameters of AWS Systems Manager below one path. Needs {@code ssm:GetParametersByPath} to
 * read, {@code ssm:PutParameter} to write and, where parameters are encrypted under a key other
 * than the account's default, {@code kms:Decrypt} on that. For use by one thread.
 */
public final class ParameterStore implements AutoCloseable {
  /** The most characters in a value of a standard parameter (SSM API reference, PutParameter). */
  public static final int MAX_VALUE = 4_096;

  /** The key that AWS makes for an account's SecureStrings. */
  private static final String DEFAULT_KEY = "alias/aws/ssm";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 10;

  private final SsmClient client;
  private final String region;

  /**
   * A parameter as it is stored.
   *
   * @param value decrypted
   * @param secure whether it is a SecureString
   */
  public record Stored(String value, boolean secure) {
    @Override
    public String toString() {
      return secure ? "SecureString" : "String";
    }
  }

  private ParameterStore(SsmClient client, String region) {
    this.client = client;
    this.region = region;
  }

  /**
   * The store of a region, which is not asked for anything yet.
   *
   * @param region empty: that of the environment
   * @throws AwsException when there is no region, or one that cannot be
   */
  public static ParameterStore open(AwsSession session, Optional<String> region)
      throws AwsException {
    try {
      // Adaptive: once refused for its rate, it asks at the rate that is granted.
      SsmClient client =
          session.client(
              SsmClient.builder(),
              region,
              TIMEOUT,
              AwsRetryStrategy.adaptiveRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build());
      String named = region.orElseGet(() -> client.serviceClientConfiguration().region().id());
      if (!AwsTypes.isRegion(named)) {
        client.close();
        throw AwsFailures.badRegion(named);
      }
      return new ParameterStore(client, named);
    } catch (SdkClientException e) {
      throw new AwsFailures("SSM", "parameters", "any region").explain(e);
    }
  }

  /** The region that it is in. */
  public String region() {
    return region;
  }

  /**
   * All parameters below a path, decrypted, by their full names.
   *
   * @throws AwsException when they cannot be read; when it is for one, its name is in the sentence
   */
  public Map<String, Stored> read(String path) throws AwsException {
    AwsFailures failures = new AwsFailures("ssm:GetParametersByPath", path, region);
    try {
      return read(path, true);
    } catch (SdkException e) {
      AwsException failure = failures.explain(e);
      throw failure.isMistake() ? culprit(path).orElse(failure) : failure;
    }
  }

  private Map<String, Stored> read(String path, boolean decrypted) {
    Map<String, Stored> parameters = new TreeMap<>();
    GetParametersByPathRequest request =
        GetParametersByPathRequest.builder()
            .path(path)
            .recursive(true)
            .withDecryption(decrypted)
            .build();
    for (GetParametersByPathResponse page : client.getParametersByPathPaginator(request)) {
      for (Parameter parameter : page.parameters()) {
        parameters.put(
            parameter.name(),
            new Stored(parameter.value(), parameter.type() == ParameterType.SECURE_STRING));
      }
    }
    return parameters;
  }

  /**
   * The parameter for which all cannot be read: one that cannot be decrypted fails the call without
   * being named. Empty when it cannot be found out.
   */
  private Optional<AwsException> culprit(String path) {
    try {
      for (Map.Entry<String, Stored> entry : read(path, false).entrySet()) {
        if (entry.getValue().secure()) {
          Optional<AwsException> failure = flaw(entry.getKey());
          if (failure.isPresent()) {
            return failure;
          }
        }
      }
    } catch (SdkException e) {
      // as the first one: not even the names can be had
    }
    return Optional.empty();
  }

  private Optional<AwsException> flaw(String name) {
    try {
      client.getParameter(get -> get.name(name).withDecryption(true));
      return Optional.empty();
    } catch (SdkException e) {
      return Optional.of(new AwsFailures("ssm:GetParameter", name, region).explain(e));
    }
  }

  /**
   * The keys of KMS that SecureStrings below a path are encrypted under, by the parameters' full
   * names. Needs {@code ssm:DescribeParameters}.
   *
   * @throws AwsException when they cannot be told
   */
  public Map<String, String> keys(String path) throws AwsException {
    Map<String, String> keys = new TreeMap<>();
    DescribeParametersRequest request =
        DescribeParametersRequest.builder()
            .parameterFilters(
                ParameterStringFilter.builder()
                    .key("Path")
                    .option("Recursive")
                    .values(path)
                    .build())
            .build();
    try {
      for (DescribeParametersResponse page : client.describeParametersPaginator(request)) {
        for (ParameterMetadata parameter : page.parameters()) {
          if (parameter.type() == ParameterType.SECURE_STRING && parameter.keyId() != null) {
            keys.put(parameter.name(), parameter.keyId());
          }
        }
      }
      return keys;
    } catch (SdkException e) {
      throw new AwsFailures("ssm:DescribeParameters", path, region).explain(e);
    }
  }

  /**
   * Writes a parameter as a SecureString, over one that is there.
   *
   * @param key of KMS to encrypt it under; empty: the account's default
   * @throws AwsException when it was not written
   */
  public void write(String name, String value, Optional<String> key) throws AwsException {
    try {
      client.putParameter(
          put ->
              put.name(name)
                  .value(value)
                  .type(ParameterType.SECURE_STRING)
                  .keyId(key.orElse(DEFAULT_KEY))
                  .description("Written by mbb bridge --migrate-config")
                  .overwrite(true));
    } catch (SdkException e) {
      throw new AwsFailures("ssm:PutParameter", name, region).explain(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
