package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.config.BusModule.Side;
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
    ScheduledExecutorService timer = timer();
    Side other = run.stub() ? Side.STUB : Side.API;
    Bridge bridge = BridgeAssembly.bridge(run.logins(), other, Timing.system(), timer);
    LastResort.guard(bridge::fail);
    Signals.listen(bridge::stop);
    run.limit().ifPresent(time -> stopAfter(time, bridge));
    SilenceWatch silence = SilenceWatch.of(bridge);
    silence.start(timer);
    try (BridgeReadings readings =
        new BridgeReadings(bridge, silence, run.logins(), run.counters())) {
      run.observer().begins(bridge, readings);
      StopCause cause = bridge.run();
      run.observer().ended();
      return exitCode(cause);
    }
  }

  /** Its thread is there from the start: later there might be none to be had. */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("timer").factory());
    timer.prestartCoreThread();
    return timer;
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
      case StopCause.Failed(Throwable failure) ->
          throw CommandException.ended(LastResort.EXIT_CODE, LastResort.sentence(failure), failure);
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
        : CommandException.gaveUp("Gave up: " + failure.sentence(), failure);
  }
}
