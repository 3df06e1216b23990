package org.messagebusbridge.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.config.CloudWatchKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.ExportException;
import org.messagebusbridge.observability.LogEntry;
import org.messagebusbridge.observability.LogEvent;
import org.messagebusbridge.observability.LogTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * A stream of CloudWatch Logs. Group and stream are used as they are; what is missing is made, and
 * a group that was made keeps its events as long as the configuration says. Made again when someone
 * deletes it. One call at a time.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html">PutLogEvents</a>
 */
public final class CloudWatchLogs implements LogTarget, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CloudWatchLogs.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

  private final AwsSession session;
  private final String region;
  private final String group;
  private final String streamPattern;
  private final int retentionDays;
  private final CompletableFuture<String> instanceId;
  private final ReentrantLock oneCall = new ReentrantLock();
  private @Nullable CloudWatchLogsClient client;
  private @Nullable String stream;
  private @Nullable AwsException denied;

  /**
   * Calls nothing yet.
   *
   * @param configuration with a region, a log group and a log stream
   * @param instanceId takes the place of {@code {instance_id}} in the stream's name
   */
  public CloudWatchLogs(
      AwsSession session, Configuration configuration, CompletableFuture<String> instanceId) {
    this.session = session;
    this.region = configuration.get(CloudWatchKeys.REGION);
    this.group = configuration.get(CloudWatchKeys.LOG_GROUP);
    this.streamPattern = configuration.get(CloudWatchKeys.LOG_STREAM);
    this.retentionDays = configuration.get(CloudWatchKeys.RETENTION_DAYS);
    this.instanceId = instanceId;
  }

  /** Sends a line that says who logs from here on. */
  @Override
  public void open() throws ExportException {
    LogEvent opening =
        new LogEvent(
            Instant.now(),
            Level.INFO,
            CloudWatchLogs.class.getName(),
            "The bridge logs from here on",
            List.of(
                new KeyValuePair("instance_id", instanceId.join()),
                new KeyValuePair("pid", ProcessHandle.current().pid())),
            Optional.empty());
    put(List.of(LogEntry.of(opening)));
  }

  /**
   * Sends a batch; finds or makes the group and the stream first, when that was not done yet or
   * they are gone.
   */
  @Override
  public int put(List<LogEntry> batch) throws ExportException {
    oneCall.lock();
    try {
      if (stream == null) {
        stream = findOrMake();
      }
      return putInto(stream, batch);
    } catch (ResourceNotFoundException e) {
      stream = null;
      if (denied != null) {
        throw Exports.failed(denied);
      }
      throw new ExportException(
          ExportException.Kind.UNAVAILABLE,
          "The log group "
              + group
              + " or its stream is gone; it is made again, for which the bridge needs the IAM"
              + " permissions logs:CreateLogGroup and logs:CreateLogStream.",
          e);
    } catch (AwsException e) {
      throw Exports.failed(e);
    } finally {
      oneCall.unlock();
    }
  }

  private int putInto(String into, List<LogEntry> batch) throws AwsException, ExportException {
    List<InputLogEvent> events =
        batch.stream()
            .map(
                entry ->
                    InputLogEvent.builder().timestamp(entry.millis()).message(entry.text()).build())
            .toList();
    try {
      return rejected(
          client()
              .putLogEvents(put -> put.logGroupName(group).logStreamName(into).logEvents(events))
              .rejectedLogEventsInfo(),
          batch.size());
    } catch (InvalidParameterException e) {
      throw new ExportException(
          ExportException.Kind.BAD_CONTENT,
          "CloudWatch Logs did not take a batch of log events, and they are lost: "
              + failures("logs:PutLogEvents").explain(e).sentence(),
          e);
    } catch (ResourceNotFoundException e) {
      throw e;
    } catch (SdkException e) {
      throw failures("logs:PutLogEvents").explain(e);
    }
  }

  /** Those before and behind the range that was taken. */
  private static int rejected(@Nullable RejectedLogEventsInfo info, int size) {
    if (info == null) {
      return 0;
    }
    int tooOld = orElse(info.tooOldLogEventEndIndex(), 0);
    int expired = orElse(info.expiredLogEventEndIndex(), 0);
    int tooNew = orElse(info.tooNewLogEventStartIndex(), size);
    return Math.min(size, Math.max(tooOld, expired) + Math.max(0, size - tooNew));
  }

  private static int orElse(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  /** Finds or makes group and stream; gives the stream's name. */
  private String findOrMake() throws AwsException {
    denied = null;
    String name = streamPattern.replace("{instance_id}", instanceId.join());
    boolean groupIsThere = makeStream(name);
    if (!groupIsThere) {
      makeGroup();
      makeStream(name);
    }
    return name;
  }

  /** Says whether there is a group for it. */
  private boolean makeStream(String name) throws AwsException {
    try {
      client().createLogStream(create -> create.logGroupName(group).logStreamName(name));
      return true;
    } catch (ResourceAlreadyExistsException e) {
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    } catch (SdkException e) {
      AwsException reason = failures("logs:CreateLogStream").explain(e);
      if (!isDenial(e)) {
        throw reason;
      }
      denied = reason; // who may not make it may still use one that is there
      return true;
    }
  }

  private static boolean isDenial(SdkException failure) {
    return failure instanceof AwsServiceException service
        && service.awsErrorDetails() != null
        && "AccessDeniedException".equals(service.awsErrorDetails().errorCode());
  }

  private void makeGroup() throws AwsException {
    try {
      client().createLogGroup(create -> create.logGroupName(group));
    } catch (ResourceAlreadyExistsException e) {
      return; // another instance was faster, and sees to its retention
    } catch (SdkException e) {
      throw failures("logs:CreateLogGroup").explain(e);
    }
    log.atInfo().addKeyValue("group", group).log("Created a log group");
    try {
      client().putRetentionPolicy(put -> put.logGroupName(group).retentionInDays(retentionDays));
    } catch (SdkException e) {
      log.atWarn()
          .addKeyValue("days", retentionDays)
          .log(
              "The log group keeps its events for ever, for its retention could not be set: {}",
              failures("logs:PutRetentionPolicy").explain(e).sentence());
    }
  }

  private CloudWatchLogsClient client() {
    CloudWatchLogsClient open = client;
    if (open == null) {
      open = session.client(CloudWatchLogsClient.builder(), Optional.of(region), CALL_TIMEOUT);
      client = open;
    }
    return open;
  }

  private AwsFailures failures(String action) {
    return new AwsFailures(action, "the log group " + group, region);
  }

  /** Calls no more; waits for no call. */
  @Override
  public void close() {
    CloudWatchLogsClient open = client;
    if (open != null) {
      open.close();
    }
  }
}
