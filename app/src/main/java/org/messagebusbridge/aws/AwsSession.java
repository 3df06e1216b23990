package org.messagebusbridge.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * Whose AWS it is, and where: what all clients of one bridge have in common. Safe for use by
 * several threads.
 *
 * <p>Credentials and, where none is named, the region come from where AWS's tools look for them:
 * the environment, the profile, the ECS task, the EC2 instance. {@code AWS_ENDPOINT_URL} and {@code
 * AWS_ENDPOINT_URL_<SERVICE>} are honoured.
 */
public final class AwsSession {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);

  private final AwsCredentialsProvider credentials;
  private final @Nullable URI endpoint;
  private final @Nullable String defaultRegion;

  private AwsSession(
      AwsCredentialsProvider credentials, @Nullable URI endpoint, @Nullable String defaultRegion) {
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.defaultRegion = defaultRegion;
  }

  /** As the environment says; nothing is looked up before the first call. */
  public static AwsSession ofEnvironment() {
    return new AwsSession(DefaultCredentialsProvider.builder().build(), null, null);
  }

  /** At a certain endpoint, with certain credentials, whatever the environment says. */
  static AwsSession at(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
    return new AwsSession(
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey)),
        endpoint,
        region);
  }

  /**
   * Makes a client, which its caller closes, that makes three attempts at a call. A call takes
   * {@code timeout} at most, with all its attempts, each of which may take 10 s.
   *
   * @param builder of the service
   * @param region where; empty: the one of the environment
   * @param timeout for a call with all its attempts
   * @throws software.amazon.awssdk.core.exception.SdkClientException when there is no region
   */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, Optional<String> region, Duration timeout) {
    return client(builder, region, timeout, AwsRetryStrategy.standardRetryStrategy());
  }

  /** The same, with a rule of its own for when to call again. */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, Optional<String> region, Duration timeout, RetryStrategy retries) {
    builder
        .credentialsProvider(credentials)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ATTEMPT_TIMEOUT))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                    .apiCallTimeout(timeout)
                    .retryStrategy(retries));
    region.or(() -> Optional.ofNullable(defaultRegion)).map(Region::of).ifPresent(builder::region);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }
}
