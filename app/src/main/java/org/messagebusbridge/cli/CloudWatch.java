package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.aws.AwsSession;
import org.messagebusbridge.aws.CloudWatchLogs;
import org.messagebusbridge.aws.CloudWatchMetrics;
import org.messagebusbridge.aws.InstanceIdentity;
import org.messagebusbridge.config.CloudWatchKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.ExportCounters;
import org.messagebusbridge.observability.ExportException;
import org.messagebusbridge.observability.LogShipper;
import org.messagebusbridge.observability.MetricsReporter;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.relay.Bridge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log and the metrics of one run in CloudWatch ({@code -l}, {@code -m}). No class of AWS is
 * loaded but through this one.
 *
 * <p>At the start something is sent to each, so that a mistake shows. That is waited for a moment
 * only, for an outage is none: what turns out to be a mistake later, but still at the start, ends
 * the bridge.
 */
final class CloudWatch implements BridgeObserver {
  private static final Logger log = LoggerFactory.getLogger(CloudWatch.class);
  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(3);

  /** For the last lines of the log and the last metrics, which are sent at the same time. */
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);

  private final Configuration configuration;
  private final ExportCounters counters;
  private final Optional<LogShipper.Redirected> redirected;
  private final Optional<CloudWatchLogs> logs;
  private final Optional<CloudWatchMetrics> metrics;
  private final List<CompletableFuture<Optional<ExportException>>> trials = new ArrayList<>();
  private @Nullable LogShipper shipper;
  private @Nullable MetricsReporter reporter;

  private interface Trial {
    void run() throws ExportException;
  }

  private CloudWatch(
      Configuration configuration,
      boolean withLogs,
      boolean withMetrics,
      Map<String, String> environment,
      ExportCounters counters) {
    this.configuration = configuration;
    this.counters = counters;
    this.redirected = withLogs ? Optional.of(LogShipper.redirect()) : Optional.empty();
    CompletableFuture<String> instanceId = InstanceIdentity.find(environment);
    AwsSession session = AwsSession.ofEnvironment();
    this.logs =
        withLogs
            ? Optional.of(new CloudWatchLogs(session, configuration, instanceId))
            : Optional.empty();
    this.metrics =
        withMetrics
            ? Optional.of(new CloudWatchMetrics(session, configuration, instanceId))
            : Optional.empty();
  }

  /**
   * Tries both. From now on, and until {@link #watch} returns, the log is CloudWatch's if it is to
   * be.
   *
   * @param configuration complete for what is asked
   * @param environment of the process
   */
  static CloudWatch open(
      Configuration configuration,
      boolean withLogs,
      boolean withMetrics,
      Map<String, String> environment,
      ExportCounters counters) {
    CloudWatch opened = new CloudWatch(configuration, withLogs, withMetrics, environment, counters);
    opened.logs.ifPresent(target -> opened.begin("cloudwatch-logs-trial", target::open));
    opened.metrics.ifPresent(
        target -> opened.begin("cloudwatch-metrics-trial", () -> MetricsReporter.open(target)));
    return opened;
  }

  private void begin(String thread, Trial trial) {
    CompletableFuture<Optional<ExportException>> outcome = new CompletableFuture<>();
    trials.add(outcome);
    Thread.ofPlatform()
        .daemon()
        .name(thread)
        .start(
            () -> {
              try {
                trial.run();
                outcome.complete(Optional.empty());
              } catch (ExportException e) {
                outcome.complete(Optional.of(e));
              } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              }
            });
  }

  /**
   * Runs the bridge, unless a mistake is found before, and sends what is left to be sent.
   *
   * @throws CommandException with the mistakes that were found, or why the bridge ended
   */
  int watch(BridgeRunner runner, BridgeRun run) throws CommandException, InterruptedException {
    try {
      awaitTrials();
      redirected.ifPresent(begun -> shipper = begun.shipTo(logs.orElseThrow(), counters));
      int exitCode = runner.run(run);
      throwMistakes();
      return exitCode;
    } catch (CommandException e) {
      if (shipper == null) {
        throw e;
      }
      if (e.isLogged()) { // there; the reason for an exit code belongs on the console, too
        throw CommandException.ended(e.exitCode(), String.join(" ", e.sentences()), e);
      }
      e.sentences().forEach(log::error);
      throw e;
    } finally {
      close();
    }
  }

  private void awaitTrials() throws CommandException, InterruptedException {
    try {
      var _ =
          CompletableFuture.allOf(trials.toArray(CompletableFuture<?>[]::new))
              .get(PATIENCE_AT_START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.debug("CloudWatch has not answered yet; the bridge starts all the same");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    throwMistakes();
  }

  private void throwMistakes() throws CommandException {
    List<String> mistakes =
        trials.stream()
            .filter(trial -> trial.isDone() && !trial.isCompletedExceptionally())
            .flatMap(trial -> trial.join().stream())
            .filter(failure -> failure.kind() == ExportException.Kind.REFUSED)
            .map(ExportException::sentence)
            .toList();
    if (!mistakes.isEmpty()) {
      throw CommandException.mistake(mistakes, null);
    }
  }

  @Override
  public void begins(Bridge bridge, Supplier<Reading> readings) {
    for (CompletableFuture<Optional<ExportException>> trial : trials) {
      var _ =
          trial.thenAccept(
              failure ->
                  failure
                      .filter(e -> e.kind() == ExportException.Kind.REFUSED)
                      .ifPresent(e -> bridge.stop("CloudWatch, which refused")));
    }
    metrics.ifPresent(
        target -> {
          MetricsReporter begun =
              new MetricsReporter(
                  readings, target, configuration.get(CloudWatchKeys.METRICS_RESOLUTION), counters);
          reporter = begun;
          begun.start();
        });
  }

  /** The last metrics are sent while the last lines of the log are. */
  @Override
  public void ended() {
    MetricsReporter running = reporter;
    if (running != null) {
      running.beginToClose();
    }
  }

  /** Sends what is left of both; the log then goes where it went before. */
  private void close() throws InterruptedException {
    long endBy = System.nanoTime() + PATIENCE_AT_END.toNanos();
    LogShipper shipping = shipper;
    if (shipping != null) {
      shipping.close(PATIENCE_AT_END);
    } else {
      redirected.ifPresent(LogShipper.Redirected::back);
    }
    MetricsReporter running = reporter;
    if (running != null) {
      running.close(Duration.ofNanos(Math.max(0, endBy - System.nanoTime())));
    }
    logs.ifPresent(CloudWatchLogs::close);
    metrics.ifPresent(CloudWatchMetrics::close);
  }
}
