package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Timing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/** Runs a bridge in this process until it ends, is told to or is signalled. */
final class BridgeRuntime {
  private static final Logger log = LoggerFactory.getLogger(BridgeRuntime.class);

  private BridgeRuntime() {}

  /** Is a {@link BridgeRunner}; ends with a signal too. */
  static int run(BridgeRun run) throws CommandException, InterruptedException {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            log.atError()
                .addKeyValue("thread", thread.getName())
                .setCause(failure)
                .log("A thread ended that should not have"));
    Bridge bridge =
        run.stub()
            ? BridgeAssembly.stub(run.logins(), Timing.system())
            : BridgeAssembly.bridge(run.logins(), Timing.system(), timer());
    Signals.listen(bridge::stop);
    run.limit().ifPresent(time -> stopAfter(time, bridge));
    try (BridgeReadings readings = new BridgeReadings(bridge, run.logins(), run.counters())) {
      run.observer().begins(bridge, readings);
      StopCause cause = bridge.run();
      run.observer().ended();
      return exitCode(cause);
    }
  }

  private static ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("timer").factory());
  }

  private static void stopAfter(Duration time, Bridge bridge) {
    Thread.ofVirtual()
        .name("runsecs")
        .start(
            () -> {
              try {
                Thread.sleep(time);
                bridge.stop("--runsecs " + time.toSeconds());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static int exitCode(StopCause cause) throws CommandException {
    return switch (cause) {
      case StopCause.Requested(String by) -> {
        log.atInfo().addKeyValue("by", by).log("The bridge has ended, as it was told to");
        yield ExitCode.OK;
      }
      case StopCause.GaveUp(_, BusException failure, boolean atStart) ->
          throw gaveUp(failure, atStart);
      case StopCause.Failed(Throwable failure) -> throw new IllegalStateException(failure);
    };
  }

  /** What only a change of the configuration can cure, and was so from the start, is a mistake. */
  private static CommandException gaveUp(BusException failure, boolean atStart) {
    boolean mistake =
        atStart
            && switch (failure.kind()) {
              case UNAUTHORIZED, MISCONFIGURED -> true;
              case UNAVAILABLE, MESSAGE_REFUSED, CLOSED_BY_PEER -> false;
            };
    return mistake
        ? CommandException.mistake(List.of(failure.sentence()), failure)
        : CommandException.failure(failure.sentence(), failure);
  }
}
