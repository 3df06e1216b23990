package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.messagebusbridge.sandbox.Answer;

/** The rows about messages that never get a receipt, and about those that nobody takes. */
public final class PoisonRows {

  private static final Duration TIME_TO_COME = Duration.ofSeconds(60);
  private static final int UNRECEIPTED = 300;
  private static final int EVERY = 1_000;

  /** Some ten in groups that are halved, and five or more alone. */
  private static final int MOST_ENDS_FOR_EACH = 25;

  private static final int FAILURES = 23;

  /** More than the 16 MiB of {@code max_message_size} on RabbitMQ 4.0. */
  private static final int OVERSIZED = 17 * 1024 * 1024;

  private PoisonRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(
        killedWithoutReceipt(30),
        cutBeforeTheFirstReceipt(30),
        oneInAThousandRefused(5_000),
        oneInAThousandCrashes(2_000),
        largerThanTheBrokerTakes());
  }

  /** The bridge is killed again and again, and the same messages never have a receipt. */
  public static Row killedWithoutReceipt(int times) {
    return Row.of(
            "bridge killed (-9) and restarted, %s, the same messages never receipted"
                .formatted(Row.times(times)),
            stage -> {
              stage.peer().withholdPongs(true);
              stage.feeder().begin(stage.setup().perSecond());
              stage.sender().begin(stage.setup().perSecond(), UNRECEIPTED);
              for (int i = 0; i < times; i++) {
                awaitMore(stage, stage.peer().received());
                stage.strike(stage.bridge()::kill);
                stage.startBridge().awaitRelaying(TIME_TO_COME);
              }
              stage.peer().withholdPongs(false);
              stage.note("without a receipt: %d messages to_ws".formatted(UNRECEIPTED));
            })
        .with(Setup.STANDARD.quiet().key("WS_API_WS_PONG_TIMEOUT_SECS", "600"))
        .on(Target.RABBIT_4_0_QUORUM);
  }

  /**
   * The queue drops a message at its 21st delivery, so nothing may go back to it over a cut. What
   * was alone on the wire at twenty abnormal ends in a row is taken for poison, as the contract has
   * it: that is the first message, three cuts later.
   */
  public static Row cutBeforeTheFirstReceipt(int times) {
    return Row.of(
            "TCP cut before the first receipt, %s, default delivery limit (20)"
                .formatted(Row.times(times)),
            stage -> {
              stage.peer().withholdPongs(true);
              stage.feeder().begin(stage.setup().perSecond());
              stage.sender().begin(stage.setup().perSecond(), UNRECEIPTED);
              stage.expectGivenUp(Flow.TO_WS, number -> number == 0 && times >= FAILURES);
              for (int i = 1; i <= times; i++) {
                awaitMore(stage, stage.peer().received());
                stage.strike(stage.proxy()::cut);
                stage.peer().awaitConnections(i + 1, TIME_TO_COME);
              }
              stage.peer().withholdPongs(false);
              stage.note("given up: the first one, alone on the wire at 20 abnormal ends in a row");
            })
        .with(
            Setup.STANDARD
                .quiet()
                .queuesMadeBefore(Map.of())
                .key("WS_API_WS_PONG_TIMEOUT_SECS", "600"))
        .on(Target.RABBIT_4_0_QUORUM);
  }

  private static void awaitMore(Stage stage, long received) throws InterruptedException {
    stage.await(
        () -> stage.peer().received() > received, TIME_TO_COME, "the peer got nothing more");
  }

  /** One message in a thousand makes the peer close with 1009. */
  public static Row oneInAThousandRefused(int messages) {
    return culprits(
        "one message in 1,000 makes the peer close with 1009",
        messages,
        Answer.close(1009, "too big"));
  }

  /** One message in a thousand makes the peer crash. */
  public static Row oneInAThousandCrashes(int messages) {
    return culprits("one message in 1,000 makes the peer crash", messages, Answer.crash());
  }

  private static boolean isCulprit(int number) {
    return number % EVERY == EVERY / 2;
  }

  /** Each time that the peer hangs up is a fault. */
  private static Row culprits(String name, int messages, Answer answer) {
    return Row.of(
            name,
            stage -> {
              int culprits = messages / EVERY;
              AtomicInteger ends = new AtomicInteger();
              stage
                  .script()
                  .opinion(
                      message -> {
                        if (!isCulprit(message.number())) {
                          return Answer.take();
                        }
                        ends.incrementAndGet();
                        return answer;
                      });
              stage.expectGivenUp(Flow.TO_WS, PoisonRows::isCulprit);
              stage.feeder().begin(stage.setup().perSecond());
              stage.sender().begin(stage.setup().perSecond(), messages);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).received() >= messages - culprits,
                  Duration.ofMinutes(3),
                  "the other messages did not come");
              for (int i = ends.get(); i > 0; i--) {
                stage.strike(() -> {});
              }
              stage.check(
                  ends.get() <= culprits * MOST_ENDS_FOR_EACH,
                  "the peer hung up %d times over %d messages".formatted(ends.get(), culprits));
            })
        .with(Setup.STANDARD.quiet());
  }

  /**
   * The broker closes the channel over it, once; then the bridge knows the limit and closes the
   * WebSocket with 1009, and the peer gives it up.
   */
  public static Row largerThanTheBrokerTakes() {
    return Row.of(
            "a message from the peer larger than the broker takes",
            stage -> {
              int culprit = stage.tally(Flow.FROM_WS).sent() + stage.setup().perSecond();
              stage
                  .script()
                  .sizes(number -> number == culprit ? Optional.of(OVERSIZED) : Optional.empty());
              stage.expectGivenUp(Flow.FROM_WS, number -> number == culprit);
              stage.fault(
                  () ->
                      stage.await(
                          () -> stage.tally(Flow.FROM_WS).sum().givenUp() == 1,
                          TIME_TO_COME,
                          "the peer was not told with 1009"));
              stage.note("the peer was told with 1009, and sends it no more");
            })
        .with(Setup.STANDARD.key("WS_API_WS_MAX_MESSAGE_BYTES", Integer.toString(32 << 20)))
        .within(Limits.WINDOWS.times(2))
        .on(Target.RABBIT_4_0, Target.RABBIT_4_0_QUORUM);
  }
}
