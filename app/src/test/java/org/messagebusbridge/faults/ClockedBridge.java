package org.messagebusbridge.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.messagebusbridge.cli.BridgeAssembly;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Settings;
import org.messagebusbridge.sandbox.faults.BridgeUnderTest;

/** A bridge within this JVM, whose time of day can be set. */
final class ClockedBridge implements BridgeUnderTest {
  private final SteppedTiming timing = new SteppedTiming();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final CompletableFuture<StopCause> ended = new CompletableFuture<>();
  private final Bridge bridge;

  private ClockedBridge(Configuration configuration) {
    bridge = BridgeAssembly.bridge(configuration, timing, timer);
    Thread.ofPlatform().daemon().name("clocked-bridge").start(this::run);
  }

  static BridgeUnderTest start(Settings settings, Map<String, String> keys) {
    Path ini = settings.write();
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.putAll(keys);
    try {
      return new ClockedBridge(
          ConfigurationLoader.load(ini, environment, Requirements.bridge(false, false, false))
              .configuration());
    } catch (ConfigurationException e) {
      throw new SandboxException("The configuration is refused: " + e.getMessage(), e);
    }
  }

  private void run() {
    try {
      ended.complete(bridge.run());
    } catch (InterruptedException e) {
      ended.completeExceptionally(e);
    }
  }

  @Override
  public void stepClock(Duration step) {
    timing.step(step);
  }

  @Override
  public void awaitRelaying(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!(bridge.state() instanceof BridgeState.Relaying)) {
      if (System.nanoTime() - deadline > 0 || !isRunning()) {
        throw new SandboxException("The bridge does not relay but is " + bridge.state());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public boolean isRunning() {
    return !ended.isDone();
  }

  @Override
  public void terminate() {
    bridge.stop("the test");
  }

  /** Threads cannot be killed: it is told to stop. */
  @Override
  public void kill() {
    terminate();
  }

  @Override
  public OptionalInt awaitExit(Duration timeout) throws InterruptedException {
    try {
      StopCause cause = ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return OptionalInt.of(cause instanceof StopCause.Requested ? 0 : 1);
    } catch (TimeoutException e) {
      return OptionalInt.empty();
    } catch (ExecutionException e) {
      throw new SandboxException("The bridge failed.", e);
    }
  }

  @Override
  public long requeued() {
    return 0;
  }

  @Override
  public String lastWords() {
    return bridge.state().toString();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    terminate();
    timer.shutdown();
  }

  /** The machine's time, but for the time of day. */
  private static final class SteppedTiming implements Timing {
    private final Timing system = Timing.system();
    private volatile Duration offset = Duration.ZERO;

    void step(Duration step) {
      offset = offset.plus(step);
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public Instant now() {
      return system.now().plus(offset);
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
      system.pause(duration);
    }

    @Override
    public RandomGenerator random() {
      return system.random();
    }
  }
}
