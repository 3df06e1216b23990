package org.messagebusbridge.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.config.CloudWatchKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.Datum;
import org.messagebusbridge.observability.Datum.Counted;
import org.messagebusbridge.observability.ExportException;
import org.messagebusbridge.observability.MetricsTarget;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * A namespace of CloudWatch metrics. Each metric goes there twice in the one call of an interval:
 * with the dimensions {@code instance_id} and {@code pid}, as the Python service has them, and
 * without any, for the whole fleet. One call at a time: whoever calls meanwhile waits, so that what
 * was read first arrives first.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 */
public final class CloudWatchMetrics implements MetricsTarget, AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

  /** Distinct values of one datum: CloudWatch API reference, MetricDatum. */
  private static final int MOST_VALUES = 150;

  private static final int STANDARD_RESOLUTION = 60;

  private final AwsSession session;
  private final String region;
  private final String namespace;
  private final int storageResolution;
  private final CompletableFuture<String> instanceId;
  private final ReentrantLock oneCall = new ReentrantLock(true);
  private @Nullable CloudWatchClient client;

  /**
   * Calls nothing yet.
   *
   * @param configuration with a region and a namespace; its resolution decides whether CloudWatch
   *     stores each second or each minute
   * @param instanceId the value of that dimension
   */
  public CloudWatchMetrics(
      AwsSession session, Configuration configuration, CompletableFuture<String> instanceId) {
    this.session = session;
    this.region = configuration.get(CloudWatchKeys.REGION);
    this.namespace = configuration.get(CloudWatchKeys.METRICS_NAMESPACE);
    this.storageResolution =
        configuration.get(CloudWatchKeys.METRICS_RESOLUTION).toSeconds() < STANDARD_RESOLUTION
            ? 1
            : STANDARD_RESOLUTION;
    this.instanceId = instanceId;
  }

  @Override
  public void put(Instant time, List<Datum> metrics) throws ExportException {
    List<Dimension> instance =
        List.of(
            dimension("instance_id", instanceId.join()),
            dimension("pid", Long.toString(ProcessHandle.current().pid())));
    List<MetricDatum> data = new ArrayList<>();
    for (Datum metric : metrics) {
      add(data, time, metric, instance);
      add(data, time, metric, List.of());
    }
    oneCall.lock();
    try {
      client().putMetricData(put -> put.namespace(namespace).metricData(data));
    } catch (SdkException e) {
      throw Exports.failed(
          new AwsFailures("cloudwatch:PutMetricData", "the namespace " + namespace, region)
              .explain(e));
    } finally {
      oneCall.unlock();
    }
  }

  private void add(List<MetricDatum> data, Instant time, Datum metric, List<Dimension> dimensions) {
    switch (metric) {
      case Datum.Value(_, _, double value) ->
          data.add(datum(time, metric, dimensions).value(value).build());
      case Datum.Values(_, _, List<Counted> values) -> {
        for (int from = 0; from < values.size(); from += MOST_VALUES) {
          List<Counted> some = values.subList(from, Math.min(values.size(), from + MOST_VALUES));
          data.add(
              datum(time, metric, dimensions)
                  .values(some.stream().map(Counted::value).toList())
                  .counts(some.stream().map(counted -> (double) counted.count()).toList())
                  .build());
        }
      }
    }
  }

  private MetricDatum.Builder datum(Instant time, Datum metric, List<Dimension> dimensions) {
    return MetricDatum.builder()
        .metricName(metric.name())
        .timestamp(time)
        .dimensions(dimensions)
        .storageResolution(storageResolution)
        .unit(
            switch (metric.unit()) {
              case COUNT, BOOLEAN -> StandardUnit.COUNT;
              case BYTES -> StandardUnit.BYTES;
              case MILLISECONDS -> StandardUnit.MILLISECONDS;
            });
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  private CloudWatchClient client() {
    CloudWatchClient open = client;
    if (open == null) {
      open = session.client(CloudWatchClient.builder(), Optional.of(region), CALL_TIMEOUT);
      client = open;
    }
    return open;
  }

  /** Calls no more; waits for no call. */
  @Override
  public void close() {
    CloudWatchClient open = client;
    if (open != null) {
      open.close();
    }
  }
}
