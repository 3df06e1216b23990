package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.RabbitOperator;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Signal;

/**
 * The rows of two bridges with {@code ha_mode=standby}: what befalls the active one, and that the
 * other takes over without both ever working at once.
 */
public final class StandbyRows {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration TIME_TO_START = Duration.ofSeconds(60);
  private static final Duration TIME_TO_NOTICE = Duration.ofSeconds(10);

  /** What it takes to close a socket, on a busy machine. */
  private static final Duration MOST_OVERLAP = Duration.ofMillis(500);

  /**
   * The peer sends its window again to the one that took over, and the other publishes what it had
   * read when it comes back.
   */
  private static final Limits TWO_WINDOWS = Limits.WINDOWS.times(2);

  private static final Setup STANDBY =
      Setup.STANDARD.quiet().bridges(0).key("BRIDGE_HA_MODE", "standby");

  private StandbyRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(activeKilled(2), activeStopped(), activeCutOff());
  }

  /** The active one dies of SIGKILL; another stands by in its stead for the next time. */
  public static Row activeKilled(int times) {
    return Row.of(
            "standby takes over: active one killed (-9), %s".formatted(Row.times(times)),
            stage -> {
              try (OverlapWatch overlap = watch(stage)) {
                BridgeUnderTest active = stage.startBridge();
                active.awaitRelaying(TIME_TO_START);
                BridgeUnderTest standby = standBy(stage);
                stage.beginLoad();
                stage.awaitFlow();
                for (int i = 0; i < times; i++) {
                  stage.flow(SHORT, LONG);
                  stage.fault(active::kill);
                  active = standby;
                  standby = standBy(stage);
                }
                checkOverlap(stage, overlap, MOST_OVERLAP);
              }
            })
        .with(STANDBY);
  }

  /**
   * The active one stands still (SIGSTOP), which nobody hears of but by its silence, and goes on
   * when the other has taken over. What stands still cannot close its WebSocket: both are open
   * until then, and no longer.
   */
  public static Row activeStopped() {
    return Row.of(
            "standby takes over: active one stopped (SIGSTOP), and continued",
            stage -> {
              BridgeUnderTest active = stage.startBridge();
              active.awaitRelaying(TIME_TO_START);
              standBy(stage);
              stage.beginLoad();
              stage.awaitFlow();
              stage.flow(SHORT, LONG);
              stage.fault(() -> Signal.STOP.to(active.pid().orElseThrow()));
              stage.check(
                  stage.service().connections() == 2, "the stopped one has closed its WebSocket");
              Signal.CONT.to(active.pid().orElseThrow());
              try (OverlapWatch overlap = watch(stage)) {
                await(
                    () -> stage.service().connections() == 1,
                    "the one that went on did not close its WebSocket");
                stage.flow(LONG, LONG);
                checkOverlap(stage, overlap, Duration.ofSeconds(2));
              }
              stage.check(active.isRunning(), "the one that was stopped has ended");
            })
        .with(STANDBY)
        .within(TWO_WINDOWS);
  }

  /** Nothing passes between the active one and the broker any more, and later all does again. */
  public static Row activeCutOff() {
    return Row.of(
            "standby takes over: active one cut from the broker, and back",
            stage -> {
              FaultProxy way =
                  stage.open(() -> FaultProxy.to(stage.node().host(), stage.node().port()));
              BrokerUri near = BrokerUri.of(stage.node());
              try (OverlapWatch overlap = watch(stage)) {
                BridgeUnderTest active =
                    stage.startBridge(
                        new BrokerUri(
                            false,
                            near.user(),
                            near.password(),
                            "127.0.0.1",
                            way.port(),
                            near.vhost()));
                active.awaitRelaying(TIME_TO_START);
                standBy(stage);
                stage.beginLoad();
                stage.awaitFlow();
                stage.flow(SHORT, LONG);
                stage.fault(
                    () -> {
                      way.stall(); // the connections that it will try to make
                      way.halfOpen();
                    });
                way.resume();
                stage.flow(LONG, LONG);
                checkOverlap(stage, overlap, MOST_OVERLAP);
                stage.check(active.isRunning(), "the one that was cut off has ended");
              }
            })
        .with(STANDBY)
        .within(TWO_WINDOWS);
  }

  private static OverlapWatch watch(Stage stage) {
    return new OverlapWatch(stage.service()::connections);
  }

  private static void checkOverlap(Stage stage, OverlapWatch overlap, Duration most) {
    stage.check(
        overlap.time().compareTo(most) <= 0,
        "two WebSockets were open at once for %d ms".formatted(overlap.time().toMillis()));
  }

  /** Starts one that waits for its turn, and waits until it is connected to the broker. */
  private static BridgeUnderTest standBy(Stage stage) throws InterruptedException {
    RabbitOperator operator = new RabbitOperator(stage.node());
    BridgeUnderTest standby = stage.startBridge();
    long others = stage.bridges().stream().filter(BridgeUnderTest::isRunning).count();
    await(
        () ->
            operator.connections().stream().filter(name -> name.startsWith("mbb mq")).count()
                >= 2 * others,
        "the one to stand by did not connect to the broker");
    return standby;
  }

  private static void await(BooleanSupplier condition, String otherwise)
      throws InterruptedException {
    long deadline = System.nanoTime() + TIME_TO_NOTICE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new SandboxException(otherwise);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
