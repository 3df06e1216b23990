package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.child.ProcessUse;

/**
 * Runs one row on one target: opens the stage, lets messages flow both ways, has the row inject its
 * faults, lets everything settle, stops the bridges with SIGTERM and takes account.
 */
public final class FaultRun {

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);
  private static final Duration TIME_TO_CONFIRM = Duration.ofSeconds(60);
  private static final Duration DEAD_LETTERS_EVERY = Duration.ofSeconds(1);
  private static final long POLL_MILLIS = 50;

  private final Broker broker;
  private final BridgeUnderTest.Starter bridges;
  private final long seed;
  private final Consumer<String> progress;

  /**
   * A run that has not begun.
   *
   * @param seed of all that is random in a row
   * @param progress hears what is being done
   */
  public FaultRun(
      Broker broker, BridgeUnderTest.Starter bridges, long seed, Consumer<String> progress) {
    this.broker = broker;
    this.bridges = bridges;
    this.seed = seed;
    this.progress = progress;
  }

  /** Runs it. What goes wrong is among the result's failures. */
  public Result run(Row row, Target target) throws InterruptedException {
    long began = System.nanoTime();
    String name = "faults-" + ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet();
    List<String> failures = new ArrayList<>();
    progress.accept("starting");
    try (Stage stage =
        new Stage(name, target, broker, row.setup(), bridges, new Random(seed), progress)) {
      int perSecond = 0;
      try {
        stage.open();
        perSecond = injected(row, stage);
        progress.accept("settling");
        settle(stage);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        failures.add("the row broke off: " + e);
      }
      OptionalLong memory = peakResident(stage);
      stopBridges(stage, failures);
      takeDeadLetters(stage);
      return account(row, stage, perSecond, memory, failures, began);
    }
  }

  private static int injected(Row row, Stage stage) throws Exception {
    long since = System.nanoTime();
    int toWs = stage.tally(Flow.TO_WS).sent();
    int fromWs = stage.tally(Flow.FROM_WS).sent();
    row.injection().into(stage);
    if (!row.setup().loaded()) {
      return 0;
    }
    double seconds = (System.nanoTime() - since) / 1e9;
    int least =
        Math.min(stage.tally(Flow.TO_WS).sent() - toWs, stage.tally(Flow.FROM_WS).sent() - fromWs);
    return (int) (least / seconds);
  }

  /** Waits until all that was sent has come or been given up, or nothing comes any more. */
  private static void settle(Stage stage) throws InterruptedException {
    stage.endLoad();
    boolean confirmed = stage.sender().awaitConfirmed(TIME_TO_CONFIRM.toNanos());
    stage.check(
        confirmed,
        "the load could not put its messages into the queue: " + stage.sender().trouble());
    long patience = stage.setup().patience().toNanos();
    long progressed = System.nanoTime();
    int came = -1;
    long looked = progressed;
    while (System.nanoTime() - progressed < patience && !isSettled(stage) && anyRuns(stage)) {
      int now = stage.tally(Flow.TO_WS).received() + stage.tally(Flow.FROM_WS).received();
      if (now > came) {
        came = now;
        progressed = System.nanoTime();
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      if (System.nanoTime() - looked > DEAD_LETTERS_EVERY.toNanos()) {
        takeDeadLetters(stage);
        looked = System.nanoTime();
      }
    }
  }

  private static boolean isSettled(Stage stage) {
    return stage.peer().receipted() >= stage.feeder().due()
        && stage.tally(Flow.TO_WS).missing() == 0
        && stage.tally(Flow.FROM_WS).missing() == 0;
  }

  private static boolean anyRuns(Stage stage) {
    return stage.bridges().stream().anyMatch(BridgeUnderTest::isRunning);
  }

  private static OptionalLong peakResident(Stage stage) {
    return stage.bridges().stream()
        .map(BridgeUnderTest::pid)
        .flatMapToLong(OptionalLong::stream)
        .mapToObj(pid -> new ProcessUse(pid).peakResidentKib())
        .flatMapToLong(OptionalLong::stream)
        .max();
  }

  private static void stopBridges(Stage stage, List<String> failures) throws InterruptedException {
    List<BridgeUnderTest> running =
        stage.bridges().stream().filter(BridgeUnderTest::isRunning).toList();
    if (running.isEmpty()) {
      failures.add("no bridge was running any more: " + stage.bridge().lastWords());
    }
    for (BridgeUnderTest bridge : running) {
      bridge.terminate();
      OptionalInt code = bridge.awaitExit(TIME_TO_STOP);
      if (!code.equals(OptionalInt.of(0))) {
        failures.add("the bridge ended with " + code + ", not 0: " + bridge.lastWords());
      }
    }
  }

  private static void takeDeadLetters(Stage stage) {
    stage.onChannel(
        channel -> {
          if (exists(stage, stage.deadLetterQueue())) {
            take(channel, stage);
          }
        });
  }

  private static boolean exists(Stage stage, String queue) {
    boolean[] exists = {true};
    stage.onChannel(
        channel -> {
          try {
            channel.queueDeclarePassive(queue);
          } catch (IOException e) {
            exists[0] = false;
          }
        });
    return exists[0];
  }

  private static void take(Channel channel, Stage stage) throws IOException {
    Tally tally = stage.tally(Flow.TO_WS);
    for (GetResponse next = channel.basicGet(stage.deadLetterQueue(), true);
        next != null;
        next = channel.basicGet(stage.deadLetterQueue(), true)) {
      Numbered.of(next.getBody())
          .ifPresentOrElse(message -> tally.givenUp(message.number()), tally::foreign);
    }
  }

  private static Result account(
      Row row, Stage stage, int perSecond, OptionalLong memory, List<String> failures, long began) {
    Tally.Sum toWs = stage.tally(Flow.TO_WS).sum();
    Tally.Sum fromWs = stage.tally(Flow.FROM_WS).sum();
    failures.addAll(stage.failures());
    long requeued = stage.bridges().stream().mapToLong(BridgeUnderTest::requeued).sum();
    Limits.Strain strain = new Limits.Strain(stage.faults(), requeued, stage.unsaved());
    failures.addAll(row.limits().passedBy(strain, Flow.TO_WS, toWs));
    failures.addAll(row.limits().passedBy(strain, Flow.FROM_WS, fromWs));
    for (Flow flow : Flow.values()) {
      int wrong = stage.tally(flow).wronglyGivenUp(stage.culprits(flow));
      if (wrong > stage.mayGiveUp(flow)) {
        failures.add(
            "%d messages %s were given up that may not be, or were not and should be"
                .formatted(wrong, flow.label()));
      }
    }
    int missing = stage.recoveries().missing();
    if (missing > 0) {
      failures.add("messages did not flow at the full rate again after " + missing + " faults");
    }
    return new Result(
        row.name(),
        stage.target().label(),
        stage.faults(),
        toWs,
        fromWs,
        requeued,
        perSecond,
        stage.recoveries().times(),
        memory,
        Duration.ofNanos(System.nanoTime() - began),
        stage.notes(),
        failures);
  }
}
